import { type Catalogue, downstreamOf, indexGraph, type PipelineGraph, validate } from '@millrace/graph'
import type { RuntimeCatalogue } from '../operator.ts'
import { planStages } from '../plan/plan-stages.ts'
import { type Program, prepareProgram } from '../plan/program.ts'
import type { DeploymentPlan, StagePlan } from '../plan/stage-plan.ts'
import { END_OF_INPUT, type RawRecord } from '../record.ts'
import type { StageOutput } from '../stage/stage-output.ts'
import { StageRuntime } from '../stage/stage-runtime.ts'
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
  const program = prepareProgram(runnablePart(input.graph, catalogue), catalogue, runtimes)
  const plan = planStages(program, { source: () => 1, repartition: 1 })
  const recorder = new PreviewRecorder()
  for (const { node } of program.nodes) recorder.mention(node.id)
  for (const stage of plan.stages) await runStage(stage, { program, plan, input, recorder })
  return recorder.nodes
}

interface Run {
  readonly program: Program
  readonly plan: DeploymentPlan
  readonly input: PreviewInput
  readonly recorder: PreviewRecorder
}

async function runStage(stage: StagePlan, { program, plan, input, recorder }: Run): Promise<void> {
  const runtime = new StageRuntime({
    program,
    plan,
    stageId: stage.id,
    task: 0,
    births: {},
    fetchRows: null,
    output: nowhere(recorder),
    probe: recorder,
    generatorStart: input.generatorStart,
  })
  stage.inputs.forEach((planned, i) => {
    if (planned.kind !== 'reference') return
    for (const record of input.references.get(planned.nodeId) ?? []) runtime.acceptReference(i, record)
  })
  for (const [i, record] of byTimestamp(stage, input.samples)) runtime.acceptSource(i, [record], 0, null)
  await runtime.run()
  if (!input.closeWindows) return
  recorder.sampleEnded()
  stage.inputs.forEach((planned, i) => {
    if (planned.kind === 'source') runtime.endInput(i, END_OF_INPUT)
  })
  await runtime.run()
}

/** The samples of all sources of a stage as one sequence, by record timestamp. */
function byTimestamp(stage: StagePlan, samples: PreviewInput['samples']): (readonly [number, RawRecord])[] {
  const all = stage.inputs.flatMap((input, i) =>
    input.kind === 'source' ? (samples.get(input.nodeId) ?? []).map((record) => [i, record] as const) : [],
  )
  return all.sort(([, a], [, b]) => a.timestamp - b.timestamp)
}

/** The graph without the nodes that cannot run. */
function runnablePart(graph: PipelineGraph, catalogue: Catalogue): PipelineGraph {
  const index = indexGraph(graph)
  const wrong = validate(graph, catalogue).flatMap(({ severity, nodeId }) =>
    severity === 'error' && nodeId !== null ? [nodeId] : [],
  )
  const out = new Set(wrong.flatMap((id) => [id, ...downstreamOf(index, id)]))
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
