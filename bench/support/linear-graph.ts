import type { GraphNode, PipelineGraph } from '@millrace/graph'

/** A node of a straight pipeline. */
export interface Step {
  readonly id: string
  readonly type: string
  readonly config: GraphNode['config']
}

/** A pipeline whose nodes stand one behind the other. */
export function linearGraph(name: string, steps: readonly Step[]): PipelineGraph {
  const nodes = steps.map((step) => ({ ...step, typeVersion: 1, label: step.id, note: '' }))
  const edges = steps.slice(1).map(({ id }, i) => ({
    id: `e${i}`,
    from: { node: steps[i]?.id ?? '', port: 'out' },
    to: { node: id, port: 'in' },
  }))
  return { format: 1, name, nodes, edges, layout: {} }
}
