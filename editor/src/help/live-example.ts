import {
  type Catalogue,
  emptyGraph,
  type GraphEdge,
  type GraphNode,
  type NodeConfig,
  newNode,
  openOutputs,
  type PipelineGraph,
  type PipelineTest,
  type TestStep,
} from '@millrace/graph'
import type { HelpExample, HelpStream } from '@millrace/nodes'
import { t } from '../i18n/t.ts'

/** Id of the node that an example is about. */
export const EXAMPLE_NODE = 'node'

/** A stream of an example as people edit it. */
export interface ExampleInput {
  readonly name: string
  readonly stream: HelpStream
  /** Id of the source that brings its rows. */
  readonly sourceId: string
}

/** An example as a pipeline with a test: what the engine runs. */
export interface LiveExample {
  readonly graph: PipelineGraph
  readonly test: PipelineTest
}

/** The streams that flow into the node of an example. */
export function inputsOf({ input, inputs }: HelpExample): readonly ExampleInput[] {
  const streams = inputs ?? (input ? { in: input } : {})
  return Object.entries(streams).map(([name, stream]) => ({ name, stream, sourceId: `in-${name}` }))
}

/** Events of any disorder are in time: the example is about the node, not about its source. */
const A_DAY = 86_400_000

/** The node of an example with a source for each of its streams, and the steps of the example. */
export function buildExample(
  type: string,
  example: HelpExample,
  config: NodeConfig,
  steps: readonly TestStep[],
  catalogue: Catalogue,
): LiveExample | null {
  const definition = catalogue.get(type)
  const source = catalogue.get('kafka')
  if (definition === undefined || source === undefined) return null
  const node: GraphNode = {
    ...newNode(definition, EXAMPLE_NODE),
    config: { ...definition.defaults, ...config },
  }
  const inputs = inputsOf(example)
  const sources = inputs.map(({ stream, sourceId }): GraphNode => {
    const fields = Object.entries(stream.fields).map(([name, text]) => ({ name, type: text }))
    const settings = { connection: 'example', topic: sourceId, fields, eventTime: stream.eventTime ?? null }
    const keyedBy = [...(stream.keyedBy ?? [])]
    const time = { outOfOrderness: A_DAY, maxAhead: null }
    return {
      ...newNode(source, sourceId),
      config: { ...source.defaults, ...settings, ...time, keyedBy } as NodeConfig,
    }
  })
  const first = definition.inputs[0]?.name ?? 'in'
  const edges = inputs.map(({ name, stream, sourceId }): GraphEdge => {
    const port = example.inputs === undefined ? first : (stream.port ?? name)
    return { id: sourceId, from: { node: sourceId, port: 'out' }, to: { node: EXAMPLE_NODE, port } }
  })
  const graph = { ...emptyGraph(example.title), nodes: [...sources, node], edges }
  return { graph, test: { id: 'example', name: example.title, steps, closeWindows: true, expect: [] } }
}

/** The steps of an example as they come in its file. */
export function stepsOf(example: HelpExample): readonly TestStep[] {
  if (example.events) return [{ to: EXAMPLE_NODE, generate: example.events.count }]
  if (example.records) return example.records.map((record) => ({ to: EXAMPLE_NODE, ...record }))
  const inputs = inputsOf(example)
  let last = 0
  return (example.steps ?? []).flatMap(({ to, row, at, reference }): TestStep[] => {
    if (reference !== undefined) return [{ to: EXAMPLE_NODE, ...reference }]
    const input = inputs.find(({ name }) => to === undefined || name === to)
    if (row === undefined || input === undefined) return []
    if (input.stream.eventTime !== undefined) return [{ to: input.sourceId, value: row }]
    // Where no field tells it, the time of the record does, and records are written one after the other.
    const time = typeof at === 'number' ? at : Date.parse(at ?? '')
    last = Number.isNaN(time) ? last : Math.max(last, time)
    return [{ to: input.sourceId, at: last, value: row }]
  })
}

/** The places of a node of which the help shows rows: its open outputs, or what goes into a sink. */
export function shownPlaces({ graph }: LiveExample, catalogue: Catalogue) {
  const node = graph.nodes.find(({ id }) => id === EXAMPLE_NODE)
  const definition = node && catalogue.get(node.type)
  if (node === undefined || definition === undefined) return []
  const place = (of: 'out' | 'in' | 'late' | 'dropped' | 'errors', label: string, port?: string) => ({
    label,
    place: { node: EXAMPLE_NODE, of, ...(port !== undefined && { port }) },
  })
  if (definition.kind === 'sink') return [place('in', t('What it writes')), place('errors', t('Errors'))]
  const outputs = openOutputs(definition, node).filter(({ name }) => name !== 'late')
  return [
    ...outputs.map(({ name, label }) => place('out', outputs.length === 1 ? t('Comes out') : label, name)),
    ...(definition.kind === 'transform' ? [place('dropped', t('Dropped'))] : []),
    place('errors', t('Errors')),
  ]
}
