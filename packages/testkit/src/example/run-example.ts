import { checkOutcome } from './check-outcome.ts'
import {
  CHECKPOINTED,
  CRASHING,
  driveExample,
  MOMENT_BY_MOMENT,
  STRAIGHT,
  TICK_BY_TICK,
} from './drive-example.ts'
import type { Example } from './example.ts'
import type { Feed } from './feeds.ts'
import type { Outcome } from './outcome.ts'
import { describeSchema, type NodeTypes, type PreparedExample, prepareExample } from './prepare-example.ts'
import { previewExample } from './preview-example.ts'
import { schemaOf } from './read-values.ts'

/** One way to run an example. */
interface Run {
  readonly title: string
  /** False where this run cannot be made of the example. */
  applies(prepared: PreparedExample): boolean
  run(prepared: PreparedExample): Promise<Outcome>
}

const PARTITIONS = 3

const always = () => true

/** Every run of an example must lead to the same. */
const RUNS: readonly Run[] = [
  { title: 'straight', applies: always, run: (prepared) => driveOne(prepared, STRAIGHT, false) },
  {
    title: 'with a commit after every record',
    applies: always,
    run: (prepared) => driveOne(prepared, CHECKPOINTED, false),
  },
  {
    title: 'crashed and restored at every record',
    applies: isRepeatable,
    run: (prepared) => driveOne(prepared, CRASHING, false),
  },
  {
    title: 'crashed at every record, with rows fetched as needed',
    applies: isRepeatable,
    run: (prepared) => driveOne(prepared, CRASHING, true),
  },
  { title: 'in the preview', applies: isPreviewable, run: previewExample },
  {
    title: 'over 3 partitions',
    applies: isSpreadable,
    run: (prepared) => driveMany(prepared, prepared.graph, MOMENT_BY_MOMENT),
  },
  {
    title: 'over 3 partitions, added up before the cut',
    applies: (prepared) => isSpreadable(prepared) && preAggregates(prepared),
    run: (prepared) => driveMany(prepared, prepared.graphWithoutLate ?? prepared.graph, TICK_BY_TICK),
  },
]

/**
 * Checks an example: its config is valid, and every way to run it leads to what it says: straight, with commits and
 * crashes, in the preview, and for keyed nodes over several partitions.
 *
 * @throws Error that names the run and lists the differences
 */
export async function runExample(example: Example, types: NodeTypes): Promise<void> {
  const prepared = prepareExample(example, types)
  checkSchema(prepared)
  for (const { title, applies, run } of RUNS) {
    if (!applies(prepared)) continue
    const differences = checkOutcome(prepared, await run(prepared))
    if (differences.length > 0) throw new Error(`${example.title}, ${title}:\n${differences.join('\n')}`)
  }
}

function driveOne(prepared: PreparedExample, work: typeof STRAIGHT, lazy: boolean): Promise<Outcome> {
  return driveExample(prepared, { graph: prepared.graph, partitions: 1, lazy, work, mustCut: false })
}

function driveMany(
  prepared: PreparedExample,
  graph: PreparedExample['graph'],
  work: typeof STRAIGHT,
): Promise<Outcome> {
  return driveExample(prepared, { graph, partitions: PARTITIONS, lazy: false, work, mustCut: true })
}

/** What ticks of processing time bring does not have to come again after a crash. */
function isRepeatable({ example: { steps = [] } }: PreparedExample): boolean {
  return steps.every((step) => !('clock' in step))
}

/**
 * The preview has read the reference topic before the first row, and knows one partition. Its clock moves with the
 * records: nothing may hang on a move behind the last one.
 */
function isPreviewable({ example: { steps = [], events }, runtime }: PreparedExample): boolean {
  const firstRow = steps.findIndex((step) => 'row' in step)
  const last = steps.at(-1)
  if (Number(events?.partition ?? 0) !== 0 || (last && 'clock' in last)) return false
  // Where rows wait for versions, the preview takes what it has read for all there are.
  const waits = runtime.role === 'transform' && runtime.keyedReference !== undefined && runtime.eventTime
  const lastReference = steps.findLastIndex((step) => 'reference' in step)
  const isIdle = steps.some((step, i) => 'idle' in step && i > lastReference && i < firstRow)
  return steps.every((step, i) => !('reference' in step) || i < firstRow) && (!waits || isIdle)
}

/** Rows take turns over the partitions, which would break a claim that they are spread by a key. */
function isSpreadable({ runtime, example, feeds }: PreparedExample): boolean {
  const isKeyed = runtime.role === 'transform' && runtime.keyFields !== undefined
  return isKeyed && example.onePartition === undefined && feeds.every(isSpreadAnyhow)
}

function isSpreadAnyhow({ schema }: Feed): boolean {
  return schema.partitionedBy === null
}

function preAggregates({ runtime }: PreparedExample): boolean {
  return runtime.role === 'transform' && runtime.preAggregation !== undefined
}

function checkSchema({ example, outputs, ports }: PreparedExample): void {
  if (example.schema === undefined) return
  const actual = outputs[ports[0]?.name ?? '']
  const expected = describeSchema(schemaOf(example.schema))
  if (actual === undefined || describeSchema(actual) !== expected) {
    throw new Error(
      `${example.title}: the output schema is\n  ${actual && describeSchema(actual)}\nnot\n  ${expected}`,
    )
  }
}
