import {
  type Catalogue,
  canConnect,
  findNode,
  type GraphChange,
  type GraphEdge,
  type GraphNode,
  type NodeDefinition,
  newNode,
  openOutputs,
  type PipelineGraph,
  type PortRef,
  type Position,
} from '@millrace/graph'
import { inputsOf, type Joint, jointOf, type MakeId, mainOutputs, newEdge, outputsOf } from './edits.ts'

/** A port at which a connection begins that has no other end yet. */
export interface OpenEnd extends PortRef {
  readonly isOutput: boolean
}

/** The id under which a node type is tried out; ids that are made have another form. */
const CANDIDATE = 'candidate'

/** The node types of which a new node can be joined to an open end. */
export function fittingAt(
  graph: PipelineGraph,
  catalogue: Catalogue,
  end: OpenEnd,
): readonly NodeDefinition[] {
  return catalogue
    .list()
    .filter((definition) => jointAt(graph, catalogue, end, newNode(definition, CANDIDATE)) !== null)
}

/** The node types that can stand within an edge. */
export function fittingInto(
  graph: PipelineGraph,
  catalogue: Catalogue,
  edge: GraphEdge,
): readonly NodeDefinition[] {
  return catalogue
    .list()
    .filter((definition) => fitsInto(graph, catalogue, edge, newNode(definition, CANDIDATE)))
}

/** True where a node that no edge touches can stand within an edge. */
export function fitsInto(
  graph: PipelineGraph,
  catalogue: Catalogue,
  edge: GraphEdge,
  node: GraphNode,
): boolean {
  const definition = catalogue.get(node.type)
  const [input] = definition?.inputs ?? []
  if (!definition || !input || openOutputs(definition, node).length === 0) return false
  if (edge.from.node === node.id || edge.to.node === node.id) return false
  const opened = {
    ...withNode(graph, node),
    edges: graph.edges.filter(({ id }) => id !== edge.id),
  }
  return canConnect(opened, catalogue, edge.from, { node: node.id, port: input.name }).ok
}

/** Adds a node and joins it to an open end: one step. Null where it does not fit there. */
export function addAtEnd(
  graph: PipelineGraph,
  catalogue: Catalogue,
  { node, position, end }: { node: GraphNode; position: Position; end: OpenEnd },
  makeId: MakeId,
): GraphChange | null {
  const joint = jointAt(graph, catalogue, end, node)
  if (joint === null) return null
  const edge = newEdge(joint.from, joint.to, makeId)
  return {
    kind: 'batch',
    changes: [
      { kind: 'add-node', node, position },
      { kind: 'add-edge', edge },
    ],
  }
}

function jointAt(graph: PipelineGraph, catalogue: Catalogue, end: OpenEnd, node: GraphNode): Joint | null {
  const grown = withNode(graph, node)
  const { node: at, port, isOutput } = end
  const here = [{ node: at, port }]
  return isOutput
    ? jointOf(grown, catalogue, here, inputsOf(grown, catalogue, node.id))
    : jointOf(grown, catalogue, mainOutputs(grown, catalogue, node.id), here)
}

function withNode(graph: PipelineGraph, node: GraphNode): PipelineGraph {
  return findNode(graph, node.id) ? graph : { ...graph, nodes: [...graph.nodes, node] }
}

/** A connection that could be made at a node, or why it cannot. */
export interface Offer extends Joint {
  /** The node at the other end. */
  readonly other: string
  /** The port here and the port there, where there are several to choose from. */
  readonly ports: string
  /** True where events would flow out of the node. */
  readonly isOutput: boolean
  /** Null where it can be made. */
  readonly reason: string | null
}

/** Every connection that is or is not possible at a node: those first that are, outputs before inputs. */
export function offersAt(graph: PipelineGraph, catalogue: Catalogue, nodeId: string): readonly Offer[] {
  const node = findNode(graph, nodeId)
  if (node === undefined) return []
  const others = graph.nodes.filter(({ id }) => id !== nodeId)
  const outward = outputsOf(node, catalogue).flatMap((output) =>
    others.flatMap((other) =>
      (catalogue.get(other.type)?.inputs ?? []).map((input) =>
        offer({ node: nodeId, port: output.name }, { node: other.id, port: input.name }, true),
      ),
    ),
  )
  const inward = (catalogue.get(node.type)?.inputs ?? []).flatMap((input) =>
    others.flatMap((other) =>
      outputsOf(other, catalogue).map((output) =>
        offer({ node: other.id, port: output.name }, { node: nodeId, port: input.name }, false),
      ),
    ),
  )
  const offered = new Set([...outward, ...inward].map(({ other }) => other))
  // Such as a source for a source: it tells why itself.
  const rest = others
    .filter(({ id }) => !offered.has(id))
    .map(({ id }) => offer({ node: nodeId, port: 'out' }, { node: id, port: 'in' }, true))
  return [...outward, ...inward, ...rest].toSorted(
    (a, b) => Number(a.reason !== null) - Number(b.reason !== null),
  )

  function offer(from: PortRef, to: PortRef, isOutput: boolean): Offer {
    const verdict = canConnect(graph, catalogue, from, to)
    return {
      ...{ from, to, isOutput, other: isOutput ? to.node : from.node },
      ports: portWords(graph, catalogue, from, to),
      reason: verdict.ok ? null : verdict.reason,
    }
  }
}

/** `Late events → Left`: the names of the two ports, where their node has more than one of them. */
function portWords(graph: PipelineGraph, catalogue: Catalogue, from: PortRef, to: PortRef): string {
  const source = findNode(graph, from.node)
  const outputs = source ? outputsOf(source, catalogue) : []
  const inputs = catalogue.get(findNode(graph, to.node)?.type ?? '')?.inputs ?? []
  const named = (ports: readonly { readonly name: string; readonly label: string }[], name: string) =>
    ports.length > 1 ? [ports.find((port) => port.name === name)?.label ?? name] : []
  return [...named(outputs, from.port), ...named(inputs, to.port)].join(' → ')
}
