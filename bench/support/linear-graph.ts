import { type GraphNode, newNode, type PipelineGraph } from '@millrace/graph'
import { catalogue } from '@millrace/nodes'

/** A node of a straight pipeline; settings that are not given have their defaults. */
export interface Step {
  readonly id: string
  readonly type: string
  readonly config: GraphNode['config']
}

/** A pipeline whose nodes stand one behind the other. */
export function linearGraph(name: string, steps: readonly Step[]): PipelineGraph {
  const nodes = steps.map(nodeOf)
  const edges = steps.slice(1).map(({ id }, i) => ({
    id: `e${i}`,
    from: { node: steps[i]?.id ?? '', port: 'out' },
    to: { node: id, port: 'in' },
  }))
  return { format: 1, name, nodes, edges, layout: {} }
}

function nodeOf({ id, type, config }: Step): GraphNode {
  const definition = catalogue.get(type)
  if (definition === undefined) throw new Error(`there is no node type ${type}`)
  const node = newNode(definition, id, id)
  return { ...node, config: { ...node.config, ...config } }
}
