import { emptyGraph, type GraphNode, type NodeConfig, newNode, type PipelineGraph } from '@millrace/graph'
import { catalogue } from '@millrace/nodes'

/** Nodes from a source to its sink. */
const LENGTH = 10
const STEP = { x: 176, y: 136 }

/** A pipeline of so many nodes without a flaw: rows of a topic, eight filters and a topic, side by side in blocks. */
export function wideGraph(nodeCount: number): PipelineGraph {
  const rows = Math.ceil(nodeCount / LENGTH)
  const inBlock = Math.ceil(Math.sqrt(rows * 2))
  const nodes: GraphNode[] = []
  const edges: PipelineGraph['edges'][number][] = []
  const layout: Record<string, { x: number; y: number }> = {}
  for (let row = 0; row < rows; row++) {
    for (let step = 0; step < LENGTH; step++) {
      const id = `n${row}-${step}`
      nodes.push(nodeAt(id, row, step))
      const block = Math.floor(row / inBlock)
      layout[id] = { x: (block * (LENGTH + 1) + step) * STEP.x, y: (row % inBlock) * STEP.y }
      if (step > 0) {
        const from = { node: `n${row}-${step - 1}`, port: 'out' }
        edges.push({ id: `e${row}-${step}`, from, to: { node: id, port: 'in' } })
      }
    }
  }
  return { ...emptyGraph(`${nodeCount} nodes`), nodes, edges, layout }
}

function nodeAt(id: string, row: number, step: number): GraphNode {
  if (step === 0) {
    return node(id, 'kafka', `Orders ${row}`, {
      ...{ connection: 'kafka', topic: `orders-${row}` },
      fields: [
        { name: 'orderId', type: 'string not null' },
        { name: 'total', type: 'double' },
      ],
    })
  }
  if (step === LENGTH - 1) {
    return node(id, 'kafka-sink', `Kept ${row}`, { connection: 'kafka', topic: `kept-${row}` })
  }
  return node(id, 'filter', `Filter ${row}.${step}`, { mode: 'keep', condition: `total > ${step}` })
}

function node(id: string, type: string, label: string, config: NodeConfig): GraphNode {
  const definition = catalogue.get(type)
  if (definition === undefined) throw new Error(`no node type ${type}`)
  const fresh = newNode(definition, id)
  return { ...fresh, label, config: { ...fresh.config, ...config } }
}
