import { type NodeRuntime, type RuntimeCatalogue, referenceSourceId, runtimeOf } from '@millrace/engine'
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
  openOutputs,
  type PipelineGraph,
  type PortDefinition,
  type StreamSchema,
  validate,
} from '@millrace/graph'
import { plainJson } from './exact-json.ts'
import type { Example } from './example.ts'
import { type Feed, feedsOf } from './feeds.ts'
import { collect, collectRuntime, feed, feedConfig, feedRuntime, gate, gateRuntime } from './harness-nodes.ts'

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
  /** The output ports that are open. */
  readonly ports: readonly PortDefinition[]
  /** Where records of the reference topic are fed: to the node, or to the source of its keyed reference. */
  readonly referenceId: string
  /** What flows in; nothing for sources. */
  readonly feeds: readonly Feed[]
  /** Schemas of the outputs by port. */
  readonly outputs: Readonly<Record<string, StreamSchema>>
}

/** Id of the node that the example is about. */
export const NODE_ID = 'node'

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
  if (definition === undefined) throw new Error(`there is no node type ${example.node}`)
  const node = exampleNode(example, definition)
  const runtime = runtimeOf(node, types.runtimes)
  if (runtime === undefined) throw new Error(`there is no node type ${example.node}`)
  const catalogue = createCatalogue([...types.catalogue.list(), ...HARNESS])
  const runtimes = { get: (type: string) => HARNESS_RUNTIMES.get(type) ?? types.runtimes.get(type) }
  const feeds = feedsOf(example, definition)
  const open = openOutputs(definition, node)
  const ports = open.map(({ name }) => name)
  const build = (connected: readonly string[]) => buildGraph(example, node, feeds, connected)
  const graph = build(ports)
  refuseErrors(graph, catalogue)
  const isKeyed = runtime.role === 'transform' && runtime.keyedReference?.(node.config)
  return {
    ...{ example, catalogue, runtimes, definition, runtime, graph, feeds, ports: open },
    referenceId: isKeyed ? referenceSourceId(NODE_ID) : NODE_ID,
    graphWithoutLate: ports.includes('late') ? build(ports.filter((port) => port !== 'late')) : null,
    outputs: inferSchemas(graph, catalogue).nodes.get(NODE_ID)?.outputs ?? {},
  }
}

function exampleNode(example: Example, definition: NodeDefinition): GraphNode {
  const config = { ...definition.defaults, ...(plainJson(example.config) as NodeConfig) }
  return { ...newNode(definition, NODE_ID), config }
}

function buildGraph(
  example: Example,
  node: GraphNode,
  feeds: readonly Feed[],
  ports: readonly string[],
): PipelineGraph {
  const after = ports.map((port) => newNode(collect, collectorId(port)))
  const edges = [
    ...feeds.flatMap(({ feedId, gateId, port }) => [
      edge(feedId, 'out', gateId, 'in'),
      edge(gateId, 'out', NODE_ID, port),
    ]),
    ...ports.map((port) => edge(NODE_ID, port, collectorId(port), 'in')),
  ]
  return { ...emptyGraph(example.title), nodes: [...feeds.flatMap(feedNodes), node, ...after], edges }
}

function feedNodes({ feedId, gateId, stream, schema }: Feed): GraphNode[] {
  const config = feedConfig(schema, Object.values(stream.fields)) as unknown as NodeConfig
  const updates = { updates: schema.updates ?? null } as unknown as NodeConfig
  return [
    { ...newNode(feed, feedId), config },
    { ...newNode(gate, gateId), config: updates },
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
