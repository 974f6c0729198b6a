import type { RuntimeCatalogue } from '@millrace/engine'
import type { GraphNode, PipelineGraph } from '@millrace/graph'
import { explainSilence, type Silence } from './explain-silence.ts'
import type { Moment } from './live-store.ts'

/** Nodes that send nothing because a partition of one source holds their watermark. */
export interface HeldBack {
  readonly nodes: readonly GraphNode[]
  /** What holds the first of them. */
  readonly silence: Silence
}

/** True where a node goes by event time, and is silent while its watermark stands. */
export function isTimed(runtimes: RuntimeCatalogue, type: string): boolean {
  const runtime = runtimes.get(type)
  return runtime?.role === 'transform' && runtime.eventTime
}

/** Who is held back by which source: one entry for each source of which a partition holds the watermark. */
export function heldBack(
  graph: PipelineGraph,
  runtimes: RuntimeCatalogue,
  moment: Moment,
  past: readonly Moment[],
): readonly HeldBack[] {
  const held = graph.nodes.flatMap((node) => {
    const silence = isTimed(runtimes, node.type) ? explainSilence(graph, node.id, moment, past) : null
    return silence?.isHeld && silence.sourceId !== null ? [{ node, silence, by: silence.sourceId }] : []
  })
  return [...Map.groupBy(held, ({ by }) => by).values()].flatMap((group) => {
    const [first] = group
    return first === undefined ? [] : [{ nodes: group.map(({ node }) => node), silence: first.silence }]
  })
}
