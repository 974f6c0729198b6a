import {
  type Catalogue,
  type GraphEdge,
  type GraphNode,
  indexGraph,
  inferSchemas,
  mayMoveUntold,
  type NodeDefinition,
  type NodeSchemas,
  openOutputs,
  ownMember,
  type PipelineGraph,
  type StreamSchema,
  topologicalOrder,
} from '@millrace/graph'
import type { NodeRuntime, RuntimeCatalogue } from '../operator.ts'
import { withReferenceSource } from './reference-source.ts'

/** A valid graph with all that is needed to run it: definitions, runtimes and schemas of its nodes. */
export interface Program {
  /** Nodes in topological order. */
  readonly nodes: readonly ProgramNode[]
  /** The node with this id; throws for an unknown one. */
  node(id: string): ProgramNode
}

/** One node of a program. */
export interface ProgramNode {
  readonly node: GraphNode
  readonly definition: NodeDefinition
  readonly runtime: NodeRuntime
  /** Schemas by input index and by index among all outputs of the type; unconnected and closed ones have no fields. */
  readonly inputs: readonly StreamSchema[]
  readonly outputs: readonly StreamSchema[]
  /** Edges that end here, and edges that begin here. */
  readonly incoming: readonly GraphEdge[]
  readonly outgoing: readonly GraphEdge[]
  /** The input that brings the rows of a keyed reference, and whether it must be read before there is a watermark. */
  readonly reference: { readonly input: number; readonly isAwaited: boolean } | null
}

/** Prepares a graph for planning and running. The graph must be valid: a node without a schema is a caller's fault. */
export function prepareProgram(
  graph: PipelineGraph,
  catalogue: Catalogue,
  runtimes: RuntimeCatalogue,
): Program {
  const index = indexGraph(graph)
  const schemas = inferSchemas(graph, catalogue).nodes
  const nodes = topologicalOrder(index).order.flatMap((id): readonly ProgramNode[] => {
    const node = index.nodes.get(id) as GraphNode
    const definition = required(catalogue.get(node.type), `node type ${node.type}`)
    const found = required(schemas.get(id), `schemas of node ${id}`)
    const runtime = required(runtimeOf(node, runtimes), `runtime of node type ${node.type}`)
    const incoming = index.incoming.get(id) ?? []
    const outgoing = index.outgoing.get(id) ?? []
    const prepared = { node, definition, runtime, incoming, outgoing, reference: null }
    return withReference({ ...prepared, ...portSchemas(prepared, found) }).map(checked)
  })
  const byId = new Map(nodes.map((node) => [node.node.id, node]))
  return { nodes, node: (id) => required(byId.get(id), `node ${id}`) }
}

/** How a node runs with its settings; undefined for an unknown type. Its config must fit the schema. */
export function runtimeOf(
  { type, config }: Pick<GraphNode, 'type' | 'config'>,
  runtimes: RuntimeCatalogue,
): NodeRuntime | undefined {
  const runtime = runtimes.get(type)
  return (runtime?.role === 'transform' && runtime.variant?.(config)) || runtime
}

function withReference(program: ProgramNode): readonly ProgramNode[] {
  const { node, runtime } = program
  const reference = runtime.role === 'transform' ? runtime.keyedReference?.(node.config) : null
  return reference ? withReferenceSource(program, reference) : [program]
}

function portSchemas(
  { node, definition, incoming }: Pick<ProgramNode, 'node' | 'definition' | 'incoming'>,
  found: NodeSchemas,
): Pick<ProgramNode, 'inputs' | 'outputs'> {
  const isUnconnected = (port: string) => !incoming.some((edge) => edge.to.port === port)
  const open = new Set(openOutputs(definition, node).map(({ name }) => name))
  const what = (port: string) => `schema of ${node.id}.${port}`
  return {
    inputs: definition.inputs.map(({ name, optional }) =>
      optional && isUnconnected(name) ? NOTHING : required(ownMember(found.inputs, name), what(name)),
    ),
    outputs: definition.outputs.map(({ name }) =>
      open.has(name) ? required(ownMember(found.outputs, name), what(name)) : NOTHING,
    ),
  }
}

const NOTHING: StreamSchema = { fields: [], partitionedBy: null, eventTimeField: null }

/** The index of an input port. */
export function inputIndex(node: ProgramNode, port: string): number {
  return node.definition.inputs.findIndex(({ name }) => name === port)
}

/** The index of an output port. */
export function outputIndex(node: ProgramNode, port: string): number {
  return node.definition.outputs.findIndex(({ name }) => name === port)
}

/**
 * Rows of one key must come from one task, or its updates could overtake one another: where rows are spread by a key,
 * it must be part of what names them before, if that is all that is told, and behind.
 */
function checked(program: ProgramNode): ProgramNode {
  const { node, runtime, inputs, outputs } = program
  if (runtime.role !== 'transform' || runtime.keyFields === undefined) return program
  const { keyFields } = runtime
  const keys = inputs.map((_, input) => keyFields(node.config, input))
  const isLost = inputs.some((input, i) => mayMoveUntold(input, keys[i] as readonly string[]))
  if (isLost) throw new Error(`node ${node.id} would not be told where rows were that move to another key`)
  const isSpread = outputs.some(({ updates }) => updates && keys.some((key) => !isWithin(key, updates.key)))
  if (isSpread) throw new Error(`node ${node.id} sends updates of one key from several tasks`)
  return program
}

function isWithin(part: readonly string[], whole: readonly string[]): boolean {
  return part.every((name) => whole.includes(name))
}

function required<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`the graph cannot run: no ${what}`)
  return value
}
