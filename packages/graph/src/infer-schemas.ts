import { Check } from 'typebox/value'
import { checkUpdates, type FedEdge, type Upstream } from './check-updates.ts'
import type {
  Catalogue,
  ConfigIssue,
  Inference,
  InputDefinition,
  InputSchemas,
  NodeDefinition,
} from './definition.ts'
import { type GraphIndex, indexGraph } from './graph-index.ts'
import type { Issue } from './issue.ts'
import { issueOf } from './issue-codes.ts'
import { mergeSchemas } from './merge-schemas.ts'
import type { GraphEdge, GraphNode, PipelineGraph } from './model.ts'
import { ownMember } from './own-member.ts'
import { placeFix } from './place-fix.ts'
import type { StreamSchema } from './stream-schema.ts'
import { topologicalOrder } from './topology.ts'
import { nodeName } from './words.ts'

/** What flows into and out of one node. */
export interface NodeSchemas {
  /** By input port; null where it is unknown. */
  readonly inputs: InputSchemas
  /** By output port; a port is missing where its schema is unknown. */
  readonly outputs: Inference['outputs']
}

/** The schemas of a whole pipeline. */
export interface SchemaInference {
  /** By node id. Nodes of an unknown type, with settings that do not fit, or on a cycle are missing. */
  readonly nodes: ReadonlyMap<string, NodeSchemas>
  /** What the nodes found wrong, each with the id of its node, in topological order. */
  readonly issues: readonly Issue[]
}

/** The definition by which a node's schemas can be told, or undefined where they cannot. */
export type DefinitionOf = (node: GraphNode) => NodeDefinition | undefined

/**
 * Tells what flows along every edge, in time linear in nodes and edges. A node that cannot be inferred leaves the
 * inputs behind it unknown and stops nothing else.
 */
export function inferSchemas(graph: PipelineGraph, catalogue: Catalogue): SchemaInference {
  const index = indexGraph(graph)
  return inferInOrder(index, topologicalOrder(index).order, (node) => usableDefinition(node, catalogue))
}

/** The node's definition, if its type is known, its version is current and its config fits the schema. */
export function usableDefinition(node: GraphNode, catalogue: Catalogue): NodeDefinition | undefined {
  const definition = catalogue.get(node.type)
  if (definition === undefined || definition.version !== node.typeVersion) return undefined
  return Check(definition.config, node.config) ? definition : undefined
}

/**
 * Infers the listed nodes, which must stand in topological order.
 * @internal
 */
export function inferInOrder(
  index: GraphIndex,
  order: readonly string[],
  definitionOf: DefinitionOf,
): SchemaInference {
  const nodes = new Map<string, NodeSchemas>()
  const issues: Issue[] = []
  for (const nodeId of order) {
    const node = index.nodes.get(nodeId)
    if (node === undefined) continue
    const definition = definitionOf(node)
    if (definition === undefined) continue
    const arriving = readInputs(node, definition, { index, inferred: nodes, definitionOf })
    const inference = definition.infer(node.config, arriving.inputs)
    nodes.set(nodeId, { inputs: arriving.inputs, outputs: inference.outputs })
    issues.push(...arriving.issues, ...inference.issues.map((issue) => placeIssue(node, issue)))
  }
  return { nodes, issues }
}

function readInputs(
  node: GraphNode,
  definition: NodeDefinition,
  upstream: Upstream,
): { inputs: InputSchemas; issues: readonly Issue[] } {
  const edgesByPort = Map.groupBy(upstream.index.incoming.get(node.id) ?? [], (edge) => edge.to.port)
  const read = definition.inputs.map((port) => {
    const edges = (edgesByPort.get(port.name) ?? []).map((edge) => ({
      edge,
      schema: schemaAlong(edge, upstream.inferred),
    }))
    const refused = checkUpdates(node, port, edges, upstream)
    const { schema, issue } = meet(node, port, edges, upstream.index)
    return { port, schema: refused && edges.length > 1 ? null : schema, issue: refused ?? issue }
  })
  return {
    inputs: Object.fromEntries(read.map(({ port, schema }) => [port.name, schema])),
    issues: read.flatMap(({ issue }) => issue ?? []),
  }
}

function schemaAlong(edge: GraphEdge, inferred: ReadonlyMap<string, NodeSchemas>): StreamSchema | null {
  const outputs = inferred.get(edge.from.node)?.outputs
  return (outputs && ownMember(outputs, edge.from.port)) ?? null
}

function meet(
  node: GraphNode,
  port: InputDefinition,
  edges: readonly FedEdge[],
  index: GraphIndex,
): { schema: StreamSchema | null; issue?: Issue } {
  if (port.edges !== 'many' || edges.length < 2) return { schema: edges[0]?.schema ?? null }
  const known = edges.toSorted(bySource).flatMap(({ edge, schema }) => {
    const source = index.nodes.get(edge.from.node)
    return schema && source ? [{ name: nodeName(source), schema }] : []
  })
  if (known.length < edges.length) return { schema: null }
  const missing = port.missingFields?.(node.config)
  const merged = mergeSchemas(known, missing === 'fill')
  if (merged.ok) return { schema: merged.schema }
  const message = `The streams that meet at ${nodeName(node)} do not fit together: ${merged.difference}.`
  const fix = merged.isMissing && typeof missing === 'object' ? placeFix(node, missing.fix) : null
  return { schema: null, issue: issueOf('inputs_differ', node.id, message, fix ? { fix } : {}) }
}

/** The order of edges means nothing: streams that meet are told apart by where they come from. */
function bySource({ edge: { from: a } }: FedEdge, { edge: { from: b } }: FedEdge): number {
  const [one, other] = [`${a.node} ${a.port}`, `${b.node} ${b.port}`]
  return one < other ? -1 : Number(one > other)
}

function placeIssue(node: GraphNode, issue: ConfigIssue): Issue {
  const { code, severity = 'error', path, message } = issue
  const fix = issue.fix && placeFix(node, issue.fix)
  return { code, severity, nodeId: node.id, path, message, ...(fix && { fix }) }
}
