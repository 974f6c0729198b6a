import {
  type Catalogue,
  downstreamOf,
  indexGraph,
  type PipelineGraph,
  topologicalOrder,
  validate,
} from '@millrace/graph'
import type { RuntimeCatalogue } from '../operator.ts'
import { planStages } from '../plan/plan-stages.ts'
import { type Program, prepareProgram } from '../plan/program.ts'
import { isReferenceSource, ownerOf } from '../plan/reference-source.ts'
import type { StagePlan } from '../plan/stage-plan.ts'
import { END_OF_INPUT, type RawRecord } from '../record.ts'
import type { StageOutput } from '../stage/stage-output.ts'
import { StageRuntime } from '../stage/stage-runtime.ts'
import { LineageTrace } from './lineage-trace.ts'
import { type NodePreview, PreviewRecorder } from './preview-recorder.ts'

/** What a preview runs over. */
export interface PreviewInput {
  readonly graph: PipelineGraph
  /** By source node id: sample records in order of arrival; for a generator, records that only carry an offset. */
  readonly samples: ReadonlyMap<string, readonly RawRecord[]>
  /** By node id: the records of its reference topic. */
  readonly references: ReadonlyMap<string, readonly RawRecord[]>
  /** Close all windows at the end of the sample, as if nothing followed; their rows are marked as open. */
  readonly closeWindows: boolean
  /** For generators: event time of the first event, epoch ms. */
  readonly generatorStart: number
}

/** By node id: what went in and out. Nodes with errors, and all that lie behind them, are missing. */
export type Preview = ReadonlyMap<string, NodePreview>

/**
 * Runs a graph over sample records with the operators that also run in production, in one task, without side effects.
 * Nodes that have errors and what lies behind them are left out.
 */
export async function runPreview(
  input: PreviewInput,
  catalogue: Catalogue,
  runtimes: RuntimeCatalogue,
): Promise<Preview> {
  const { preview } = await runInMemory({
    ...{ graph: input.graph, catalogue, runtimes },
    ...{ closeWindows: input.closeWindows, generatorStart: input.generatorStart },
    events: numberEvents(input.samples),
    feed: async ({ runtime, stage }) => {
      await takeReferences(runtime, stage, input.references)
      await takeSamples(runtime, mergeSamples(stage, input.samples))
    },
  })
  return preview
}

/** Two sources that read the same records have events in common. */
function numberEvents(samples: PreviewInput['samples']): ReadonlyMap<RawRecord, number> {
  const numbers = new Map<RawRecord, number>()
  for (const records of samples.values())
    for (const record of records) if (!numbers.has(record)) numbers.set(record, numbers.size)
  return numbers
}

/** How a graph is run in memory, in one task, without side effects. */
export interface MemoryRun {
  readonly graph: PipelineGraph
  readonly catalogue: Catalogue
  readonly runtimes: RuntimeCatalogue
  readonly closeWindows: boolean
  readonly generatorStart: number
  /** Rows kept per list; as many as the editor shows unless set. */
  readonly rowLimit?: number
  /** The events that are followed, with their numbers; absent: none are. */
  readonly events?: ReadonlyMap<RawRecord, number>
  /** Gives a stage what it is to work on. */
  feed(stage: FedStage): Promise<void>
}

/** A stage that waits for its records. */
export interface FedStage {
  readonly runtime: StageRuntime
  readonly stage: StagePlan
  readonly program: Program
}

/** Runs the part of a graph that has no errors over what `feed` gives its stages, one after the other. */
export async function runInMemory(
  run: MemoryRun,
): Promise<{ readonly preview: Preview; readonly program: Program }> {
  const { catalogue, runtimes, generatorStart } = run
  const program = prepareProgram(runnablePart(run.graph, catalogue), catalogue, runtimes)
  const plan = planStages(program, { source: () => 1, repartition: 1 })
  const probe = new PreviewRecorder(program, new LineageTrace(run.events ?? new Map()), run.rowLimit)
  for (const stage of plan.stages) {
    const output = nowhere(probe)
    const births = {}
    const runtime = new StageRuntime({
      ...{
        program,
        plan,
        stageId: stage.id,
        task: 0,
        births,
        outside: null,
        output,
        probe,
        generatorStart,
      },
    })
    await run.feed({ runtime, stage, program })
    probe.watermarksAre(runtime.watermarks().operators)
    if (!run.closeWindows) continue
    probe.sampleEnded()
    stage.inputs.forEach((planned, i) => {
      if (planned.kind === 'source') runtime.endInput(i, END_OF_INPUT)
    })
    await runtime.run()
  }
  return { preview: probe.nodes, program }
}

/** Reference topics are read to their ends before the first event. */
export async function takeReferences(
  runtime: StageRuntime,
  { inputs }: StagePlan,
  references: PreviewInput['references'],
): Promise<void> {
  for (const [i, { kind, nodeId }] of inputs.entries()) {
    const records = references.get(ownerOf(nodeId)) ?? []
    if (kind === 'reference') for (const record of records) runtime.acceptReference(i, record)
    if (kind !== 'source' || !isReferenceSource(nodeId)) continue
    runtime.acceptSource(i, records, 0, null)
    runtime.markIdle(i)
  }
  await runtime.run()
}

/** The clock of a preview is the time at which the records were written: early results come as they would have come. */
async function takeSamples(runtime: StageRuntime, samples: Iterable<[number, RawRecord]>): Promise<void> {
  let now = Number.NEGATIVE_INFINITY
  for (const [i, record] of samples) {
    if (record.timestamp > now) {
      now = record.timestamp
      if (now >= runtime.nextTick) await runtime.run()
      await runtime.tick(now)
    }
    runtime.acceptSource(i, [record], 0, null)
  }
  await runtime.run()
}

/** The samples of all sources of a stage as one sequence: each in its order of arrival, next the one that is older. */
function* mergeSamples(stage: StagePlan, samples: PreviewInput['samples']): Generator<[number, RawRecord]> {
  const heads = stage.inputs.flatMap((planned, input) =>
    planned.kind === 'source' && !isReferenceSource(planned.nodeId)
      ? [{ input, records: samples.get(planned.nodeId) ?? [], next: 0 }]
      : [],
  )
  for (;;) {
    const [head] = heads
      .filter(({ records, next }) => next < records.length)
      .sort((a, b) => timestampOf(a) - timestampOf(b))
    if (head === undefined) return
    yield [head.input, head.records[head.next++] as RawRecord]
  }
}

function timestampOf({ records, next }: { readonly records: readonly RawRecord[]; readonly next: number }) {
  return records[next]?.timestamp ?? 0
}

/** The graph without the nodes that cannot run, and without all behind them. */
function runnablePart(graph: PipelineGraph, catalogue: Catalogue): PipelineGraph {
  const index = indexGraph(graph)
  const wrong = validate(graph, catalogue).flatMap(({ severity, nodeId }) =>
    severity === 'error' && nodeId !== null ? [nodeId] : [],
  )
  const { cyclic } = topologicalOrder(index)
  const out = new Set([...wrong, ...cyclic].flatMap((id) => [id, ...downstreamOf(index, id)]))
  const nodes = graph.nodes.filter(({ id }) => !out.has(id))
  const edges = graph.edges.filter(({ from, to }) => !out.has(from.node) && !out.has(to.node))
  return { ...graph, nodes, edges }
}

/** Results leave the stage only into the record of the preview. */
function nowhere(recorder: PreviewRecorder): StageOutput {
  return {
    repartition() {},
    topic() {},
    outbox() {},
    deadLetter: (letter) => recorder.failed(letter),
  }
}
