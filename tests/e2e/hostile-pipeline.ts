import { emptyGraph, type NodeConfig, newNode, type PipelineGraph } from '@millrace/graph'
import { catalogue } from '@millrace/nodes'

/** What the pipeline is called within, and where it reads and writes. */
export interface HostileNames {
  readonly name: string
  readonly source: string
  readonly filter: string
  readonly sink: string
  readonly note: string
  readonly topic: string
  readonly alias: string
}

/** Topic → filter → Elasticsearch, with names that somebody hostile chose. */
export function hostilePipeline(names: HostileNames): PipelineGraph {
  const field = (name: string) => ({ name, type: 'string' })
  const nodes = [
    node('source', 'kafka', names.source, names.note, {
      ...{ connection: 'kafka', topic: names.topic },
      fields: [field('id'), field('text')],
    }),
    node('filter', 'filter', names.filter, names.note, {
      mode: 'keep',
      condition: `text is distinct from '${names.note}'`,
    }),
    node('sink', 'elasticsearch', names.sink, names.note, {
      ...{ connection: 'elasticsearch', alias: names.alias, id: '{id}' },
      fields: ['id', 'text'].map((name) => ({ field: name, type: 'keyword' })),
    }),
  ]
  const edges = [
    ['source', 'filter'],
    ['filter', 'sink'],
  ].map(([from = '', to = '']) => ({
    id: `${from}-${to}`,
    from: { node: from, port: 'out' },
    to: { node: to, port: 'in' },
  }))
  const layout = Object.fromEntries(nodes.map(({ id }, i) => [id, { x: i * 176, y: 0 }]))
  return { ...emptyGraph(names.name), nodes, edges, layout }
}

function node(id: string, type: string, label: string, note: string, config: NodeConfig) {
  const definition = catalogue.get(type)
  if (definition === undefined) throw new Error(`no node type ${type}`)
  const fresh = newNode(definition, id)
  return { ...fresh, label, note, config: { ...fresh.config, ...config } }
}
