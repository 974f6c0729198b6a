import { scalar } from '@millrace/expr'
import {
  createCatalogue,
  defineNode,
  emptyGraph,
  type GraphEdge,
  type GraphNode,
  newNode,
  type PipelineGraph,
} from '@millrace/graph'
import { Type } from 'typebox'

const closed = { additionalProperties: false }

/** A source of orders; its one setting names the topic. */
export const ordersType = defineNode<{ topic: string }>({
  type: 'orders',
  version: 1,
  kind: 'source',
  title: 'Orders',
  summary: 'Reads orders.',
  icon: 'topic',
  config: Type.Object({ topic: Type.String({ title: 'Topic' }) }, closed),
  defaults: { topic: 'orders' },
  inputs: [],
  outputs: [{ name: 'out', label: 'Orders' }],
  digest: ({ topic }) => topic,
  infer: () => ({
    outputs: {
      out: {
        fields: [
          { name: 'orderId', type: scalar('string', false) },
          { name: 'total', type: scalar('double') },
        ],
        partitionedBy: null,
        eventTimeField: null,
      },
    },
    issues: [],
  }),
})

/** Names one field, which must be set. */
export const filterType = defineNode<{ field: string }>({
  type: 'filter',
  version: 1,
  kind: 'transform',
  title: 'Filter',
  summary: 'Keeps some events.',
  icon: 'filter',
  config: Type.Object({ field: Type.String({ title: 'Field' }) }, closed),
  defaults: { field: '' },
  inputs: [{ name: 'in', label: 'Events', updates: 'by-key' }],
  outputs: [
    { name: 'out', label: 'Kept' },
    { name: 'late', label: 'Late events', optional: true },
  ],
  digest: ({ field }) => field,
  infer: ({ field }, inputs) => ({
    outputs: { ...(inputs.in && { out: inputs.in, late: inputs.in }) },
    issues: field === '' ? [{ code: 'field_missing', path: ['field'], message: 'Choose a field.' }] : [],
  }),
})

/** Takes everything. */
export const archiveType = defineNode<object>({
  type: 'archive',
  version: 1,
  kind: 'sink',
  title: 'Archive',
  summary: 'Keeps everything.',
  icon: 'index',
  config: Type.Object({}, closed),
  defaults: {},
  inputs: [{ name: 'in', label: 'Events', updates: 'by-key' }],
  outputs: [],
  digest: () => 'everything',
  infer: () => ({ outputs: {}, issues: [] }),
})

/** The node types of these tests. */
export const sampleCatalogue = createCatalogue([ordersType, filterType, archiveType])

/** A node with a label like its id. */
export function sampleNode(id: string, type: string, config?: GraphNode['config']): GraphNode {
  const definition = sampleCatalogue.get(type)
  if (definition === undefined) throw new Error(`no sample type ${type}`)
  const node = newNode(definition, id, id)
  return config === undefined ? node : { ...node, config }
}

/** An edge between the ports `out` and `in`. */
export function sampleEdge(from: string, to: string): GraphEdge {
  return { id: `${from}_${to}`, from: { node: from, port: 'out' }, to: { node: to, port: 'in' } }
}

/** orders → filter → archive, laid out from left to right. */
export function sampleGraph(): PipelineGraph {
  return {
    ...emptyGraph('Sample'),
    nodes: [
      sampleNode('orders', 'orders'),
      sampleNode('filter', 'filter', { field: 'total' }),
      sampleNode('archive', 'archive'),
    ],
    edges: [sampleEdge('orders', 'filter'), sampleEdge('filter', 'archive')],
    layout: { orders: { x: 0, y: 0 }, filter: { x: 200, y: 0 }, archive: { x: 400, y: 0 } },
  }
}
