import { addCounters, type DeadLetter, PlanDriver, type Results } from '@millrace/engine'
import type { PipelineGraph } from '@millrace/graph'
import { type Moment, momentsOf } from './feed-records.ts'
import { failuresOf, type Outcome, type TimedRow } from './outcome.ts'
import { resultPorts } from './output-ports.ts'
import { collectorId, NODE_ID, type PreparedExample } from './prepare-example.ts'
import { jsonToRow, timeOf } from './read-values.ts'

/** How an example is driven. */
export interface DriveOptions {
  readonly graph: PipelineGraph
  readonly partitions: number
  /** Fetch state rows as they are needed, instead of keeping all in memory. */
  readonly lazy: boolean
  /** Works off what was fed. */
  readonly work: Work
  /** The run is about rows that cross from one stage to another. */
  readonly mustCut: boolean
}

/** Called after each moment was fed; `next` is missing at the end. */
export type Work = (driver: PlanDriver, moment: Moment, next: Moment | undefined) => Promise<void>

/**
 * What came is worked off before the reference table changes, and before another input has its turn: neither has a place
 * of its own among the records.
 */
function isRest(moment: Moment, next: Moment | undefined): boolean {
  if (next === undefined || next.records.length === 0) return true
  const isReference = next.records.some(({ nodeId, position }) => nodeId === NODE_ID && position === null)
  return isReference || new Set([...moment.records, ...next.records].map(({ nodeId }) => nodeId)).size > 1
}

/** Feeds everything, works it off and commits. */
export const STRAIGHT: Work = async (driver, moment, next) => {
  if (isRest(moment, next)) await driver.settle()
}

/** Feeds everything, and commits after every record. */
export const CHECKPOINTED: Work = async (driver, moment, next) => {
  if (isRest(moment, next)) await driver.settle(1)
}

/** Commits after every moment, so that tasks of several partitions agree on what came first. */
export const MOMENT_BY_MOMENT: Work = (driver) => driver.settle()

/** Works off what lies between two watermarks at once. */
export const TICK_BY_TICK: Work = async (driver, moment, next) => {
  if (moment.records.length > 1 || next === undefined) await driver.settle()
}

/** Loses each record's work once before its commit, and starts every task anew after each commit. */
export const CRASHING: Work = async (driver) => {
  const tasks = driver.tasks.map((name) => driver.task(name))
  for (const task of tasks) await task.step(1)
  for (const task of tasks) task.crash()
  await driver.settle(1)
  for (const task of tasks) task.crash()
}

/** Runs an example in memory. */
export async function driveExample(prepared: PreparedExample, options: DriveOptions): Promise<Outcome> {
  const { example, catalogue, runtimes } = prepared
  const { graph, partitions, lazy, work } = options
  const moments = momentsOf(prepared, partitions)
  const driver = new PlanDriver({
    ...{ graph, catalogue, runtimes, lazy, repartition: partitions },
    partitions: Object.fromEntries(graph.nodes.map(({ id }) => [id, partitionsOf(prepared, id, partitions)])),
    ...(example.events && { generatorStart: timeOf(example.events.start) }),
  })
  if (options.mustCut && driver.plan.stages.length < 2) throw new Error('the plan has no cut')
  for (const [i, moment] of moments.entries()) {
    for (const { nodeId, partition, record } of moment.records) driver.feed(nodeId, partition, [record])
    if (moment.clock !== undefined) await moveClock(driver, moment.clock)
    else if (moment.idle !== undefined) await driver.markIdle(moment.idle)
    else await work(driver, moment, moments[i + 1])
  }
  return outcomeOf(driver, prepared, graph, moments)
}

/** What came before the clock moves is done before. */
async function moveClock(driver: PlanDriver, now: number): Promise<void> {
  await driver.settle()
  await driver.tick(now)
}

/** A generator has as many partitions as its config says; any other source as many as the run. */
function partitionsOf({ runtime, graph }: PreparedExample, id: string, partitions: number): number {
  if (id !== NODE_ID || runtime.role !== 'generator-source') return partitions
  return runtime.partitions(graph.nodes.find((node) => node.id === NODE_ID)?.config ?? {})
}

function outcomeOf(
  driver: PlanDriver,
  prepared: PreparedExample,
  graph: PipelineGraph,
  moments: readonly Moment[],
): Outcome {
  const { messages, documents } = driver.results
  const hasLate = graph.nodes.some(({ id }) => id === collectorId('late'))
  return {
    outputs: Object.fromEntries(
      resultPorts(prepared.ports).map((port) => [port, collected(driver, prepared, port)]),
    ),
    late: hasLate ? collected(driver, prepared, 'late') : null,
    dropped: null,
    errors: failuresOf(lettersOfNode(driver), (letter) => positionOf(letter, moments)),
    counters: addCounters(
      driver.tasks.flatMap((name) => driver.task(name).runtime.counters().get(NODE_ID) ?? []),
    ),
    messages: messages.filter(({ nodeId }) => nodeId === NODE_ID).map(({ message }) => message),
    documents: documents.filter(({ nodeId }) => nodeId === NODE_ID).map(({ document }) => document),
  }
}

function collected({ results }: PlanDriver, { outputs }: PreparedExample, port: string): TimedRow[] {
  const { fields = [], updates } = outputs[port] ?? {}
  const messages = results.messages.filter(({ nodeId }) => nodeId === collectorId(port))
  return (updates ? lastOfEach(messages) : messages).map(({ message, time }) => ({
    row: jsonToRow(message.value ?? '', fields),
    time,
  }))
}

/** The last message of each key that is not deleted in the end. */
function lastOfEach(messages: Results['messages']): Results['messages'] {
  const last = new Map(messages.map((entry) => [entry.message.key, entry]))
  return [...last.values()].filter(({ message }) => message.value !== null)
}

/** A dead letter of another node is a mistake of the example, such as a null where its input allows none. */
function lettersOfNode({ results }: PlanDriver): readonly DeadLetter[] {
  const foreign = results.deadLetters.find(({ nodeId }) => nodeId !== NODE_ID)
  if (foreign) throw new Error(`a row of the example does not fit its input: ${foreign.message}`)
  return results.deadLetters
}

/** Position of a dead letter's record in the example; −1 for a reference record, null for a subtotal. */
export function positionOf({ origin }: DeadLetter, moments: readonly Moment[]): number | null {
  if (origin === null) return null
  const fed = moments
    .flatMap(({ records }) => records)
    .find(
      ({ record: { topic, partition, offset } }) =>
        topic === origin.topic && partition === origin.partition && offset === origin.offset,
    )
  return fed?.position ?? -1
}
