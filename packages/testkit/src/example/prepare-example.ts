import type { NodeRuntime, RuntimeCatalogue } from '@millrace/engine'
import { type Field, formatType } from '@millrace/expr'
import {
  type Catalogue,
  createCatalogue,
  emptyGraph,
  type GraphEdge,
  type GraphNode,
  inferSchemas,
  type NodeConfig,
  type NodeDefinition,
  newNode,
  type PipelineGraph,
  type StreamSchema,
  validate,
} from '@millrace/graph'
import { plainJson } from './exact-json.ts'
import type { Example } from './example.ts'
import { collect, collectRuntime, feed, feedConfig, feedRuntime, gate, gateRuntime } from './harness-nodes.ts'
import { schemaOf } from './read-values.ts'

/** The node types that examples may be about. */
export interface NodeTypes {
  readonly catalogue: Catalogue
  readonly runtimes: RuntimeCatalogue
}

/** An example with all that is needed to run it. */
export interface PreparedExample extends NodeTypes {
  readonly example: Example
  readonly definition: NodeDefinition
  readonly runtime: NodeRuntime
  /** The node between a feed and one collector per output. */
  readonly graph: PipelineGraph
  /** The same without a collector at the late port, which changes how a node may run; null where there is none. */
  readonly graphWithoutLate: PipelineGraph | null
  /** Schema of the input, null for sources, and of each output by port. */
  readonly input: StreamSchema | null
  readonly outputs: Readonly<Record<string, StreamSchema>>
}

/** Id of the node that the example is about. */
export const NODE_ID = 'node'

/** Id of the node that feeds rows; a source is fed itself. */
export const FEED_ID = 'feed'

const GATE_ID = 'gate'
const HARNESS = [feed, gate, collect] as const
const HARNESS_RUNTIMES: ReadonlyMap<string, NodeRuntime> = new Map<string, NodeRuntime>([
  [feed.type, feedRuntime as unknown as NodeRuntime],
  [gate.type, gateRuntime as unknown as NodeRuntime],
  [collect.type, collectRuntime],
])

/** Id of the collector at an output port. */
export function collectorId(port: string): string {
  return `to-${port}`
}

/** Builds the pipeline of an example. Throws where the node type is unknown or its config is wrong. */
export function prepareExample(example: Example, types: NodeTypes): PreparedExample {
  const definition = types.catalogue.get(example.node)
  const runtime = types.runtimes.get(example.node)
  if (definition === undefined || runtime === undefined)
    throw new Error(`there is no node type ${example.node}`)
  const catalogue = createCatalogue([...types.catalogue.list(), ...HARNESS])
  const runtimes = { get: (type: string) => HARNESS_RUNTIMES.get(type) ?? types.runtimes.get(type) }
  const input = definition.kind === 'source' ? null : schemaOf(example.input ?? { fields: {} })
  const ports = definition.outputs.map(({ name }) => name)
  const build = (connected: readonly string[]) => buildGraph(example, definition, input, connected)
  const graph = build(ports)
  refuseErrors(graph, catalogue)
  return {
    ...{ example, catalogue, runtimes, definition, runtime, graph, input },
    graphWithoutLate: ports.includes('late') ? build(ports.filter((port) => port !== 'late')) : null,
    outputs: inferSchemas(graph, catalogue).nodes.get(NODE_ID)?.outputs ?? {},
  }
}

function buildGraph(
  example: Example,
  definition: NodeDefinition,
  input: StreamSchema | null,
  ports: readonly string[],
): PipelineGraph {
  const config = { ...definition.defaults, ...(plainJson(example.config) as NodeConfig) }
  const node = { ...newNode(definition, NODE_ID), config }
  const before = input === null ? [] : feedNodes(example, input)
  const after = ports.map((port) => newNode(collect, collectorId(port)))
  const inPort = definition.inputs[0]?.name ?? ''
  const edges = [
    ...(input === null ? [] : [edge(FEED_ID, 'out', GATE_ID, 'in'), edge(GATE_ID, 'out', NODE_ID, inPort)]),
    ...ports.map((port) => edge(NODE_ID, port, collectorId(port), 'in')),
  ]
  return { ...emptyGraph(example.title), nodes: [...before, node, ...after], edges }
}

function feedNodes(example: Example, input: StreamSchema): GraphNode[] {
  const types = Object.values(example.input?.fields ?? {})
  const config = feedConfig(input, types) as unknown as NodeConfig
  const updates = { updates: input.updates ?? null } as unknown as NodeConfig
  return [
    { ...newNode(feed, FEED_ID), config },
    { ...newNode(gate, GATE_ID), config: updates },
  ]
}

function edge(from: string, fromPort: string, to: string, toPort: string): GraphEdge {
  return { id: `${from}-${to}`, from: { node: from, port: fromPort }, to: { node: to, port: toPort } }
}

function refuseErrors(graph: PipelineGraph, catalogue: Catalogue): void {
  const errors = validate(graph, catalogue).filter(
    ({ severity, code }) => severity === 'error' && code !== 'no_source' && code !== 'no_sink',
  )
  if (errors.length === 0) return
  const list = errors.map(({ code, path, message }) => `${code} at ${path.join('.')}: ${message}`)
  throw new Error(`the example is wrong:\n${list.join('\n')}`)
}

/** A stream schema as text, to compare two of them. */
export function describeSchema({ fields, partitionedBy, eventTimeField, updates }: StreamSchema): string {
  const list = fields.map(({ name, type }: Field) => `${name}: ${formatType(type)}`)
  const changes = updates ? `; updating by ${updates.key.join(', ')}, before ${updates.before}` : ''
  return `${list.join(', ')}; keyed by ${partitionedBy?.join(', ') ?? 'nothing'}; event time ${eventTimeField}${changes}`
}
