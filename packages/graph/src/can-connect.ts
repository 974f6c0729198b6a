import type { Catalogue, NodeDefinition } from './definition.ts'
import { type GraphIndex, indexGraph } from './graph-index.ts'
import { inferInOrder, usableDefinition } from './infer-schemas.ts'
import type { Issue } from './issue.ts'
import type { GraphEdge, GraphNode, PipelineGraph, PortRef } from './model.ts'
import { isClosedOutput } from './open-outputs.ts'
import { edgeKey } from './serialize-graph.ts'
import { findPath, topologicalOrder, upstreamOf } from './topology.ts'
import { inCircle, nodeName, quote } from './words.ts'

/** Whether two ports may be joined; if not, why, in a sentence for the canvas. */
export type Connectable = { readonly ok: true } | { readonly ok: false; readonly reason: string }

/** Everything that the rules look at. */
interface Attempt {
  readonly graph: PipelineGraph
  readonly catalogue: Catalogue
  readonly index: GraphIndex
  readonly edge: GraphEdge
  readonly source: GraphNode
  readonly target: GraphNode
}

/** The first rule that gives a reason decides; the cheap ones come first. */
const RULES: readonly ((attempt: Attempt) => string | null)[] = [
  sameNode,
  noSuchOutput,
  closedOutput,
  noSuchInput,
  alreadyConnected,
  inputTaken,
  wouldCircle,
  wouldNotFit,
]

/**
 * Whether an edge from an output to an input would leave the pipeline no worse. Knows nothing of what the target
 * lacks already: only what this very connection would break counts. A node type must therefore report a setting that
 * is still missing also while its input is unknown.
 */
export function canConnect(
  graph: PipelineGraph,
  catalogue: Catalogue,
  from: PortRef,
  to: PortRef,
): Connectable {
  const index = indexGraph(graph)
  const source = index.nodes.get(from.node)
  const target = index.nodes.get(to.node)
  if (!source || !target) return { ok: false, reason: 'The node does not exist any more.' }
  const attempt = { graph, catalogue, index, edge: { id: '', from, to }, source, target }
  for (const rule of RULES) {
    const reason = rule(attempt)
    if (reason !== null) return { ok: false, reason }
  }
  return { ok: true }
}

function sameNode({ source, target }: Attempt): string | null {
  return source.id === target.id ? `${nodeName(source)} cannot feed itself.` : null
}

function noSuchOutput({ catalogue, source, edge }: Attempt): string | null {
  return noSuchPort(source, catalogue.get(source.type), 'output', edge.from.port)
}

function closedOutput({ catalogue, source, edge: { from } }: Attempt): string | null {
  const definition = catalogue.get(source.type)
  return definition && isClosedOutput(definition, source, from.port)
    ? `The settings of ${nodeName(source)} do not have this output.`
    : null
}

function noSuchInput({ catalogue, target, edge }: Attempt): string | null {
  return noSuchPort(target, catalogue.get(target.type), 'input', edge.to.port)
}

function noSuchPort(
  node: GraphNode,
  definition: NodeDefinition | undefined,
  kind: 'input' | 'output',
  name: string,
): string | null {
  if (!definition) return `${nodeName(node)} has a type that this Millrace does not know.`
  const ports = definition[`${kind}s`]
  if (ports.length === 0) return `${nodeName(node)} is a ${definition.kind}: it has no ${kind}.`
  return ports.some((port) => port.name === name)
    ? null
    : `${nodeName(node)} has no ${kind} called ${quote(name)}.`
}

function alreadyConnected({ index, edge, source, target }: Attempt): string | null {
  const key = edgeKey(edge)
  const isThere = index.incoming.get(target.id)?.some((other) => edgeKey(other) === key)
  return isThere ? `${nodeName(source)} and ${nodeName(target)} are connected already.` : null
}

function inputTaken({ catalogue, index, edge, target }: Attempt): string | null {
  const port = catalogue.get(target.type)?.inputs.find((input) => input.name === edge.to.port)
  const other = index.incoming.get(target.id)?.find(({ to }) => to.port === edge.to.port)
  if (port?.edges === 'many' || !other) return null
  const feeder = index.nodes.get(other.from.node)
  return `${nodeName(target)} takes one connection here and has one${feeder ? ` from ${nodeName(feeder)}` : ''}.`
}

function wouldCircle({ index, source, target }: Attempt): string | null {
  const path = findPath(index, target.id, source.id)
  if (path === null) return null
  const nodes = [source.id, ...path.slice(0, -1)].flatMap((nodeId) => index.nodes.get(nodeId) ?? [])
  return `Events would run in a circle: ${inCircle(nodes)}.`
}

function wouldNotFit({ catalogue, graph, index, edge, target }: Attempt): string | null {
  const after = errorsOf(target, indexGraph({ ...graph, edges: [...graph.edges, edge] }), catalogue)
  if (after.length === 0) return null
  const before = errorsOf(target, index, catalogue).map(placeOf)
  const isNew = (issue: Issue) => !take(before, placeOf(issue))
  return after.find((issue) => isNew(issue) && !isChoice(issue))?.message ?? null
}

/** How streams meet is for the node to say where a click mends it, and it can be asked only when they do. */
function isChoice({ code, fix }: Issue): boolean {
  return code === 'inputs_differ' && fix !== undefined
}

/** Takes one entry off a list; false where it has none. */
function take(list: string[], entry: string): boolean {
  const at = list.indexOf(entry)
  if (at >= 0) list.splice(at, 1)
  return at >= 0
}

/** The errors of one node: only what feeds it need be inferred. */
function errorsOf(node: GraphNode, index: GraphIndex, catalogue: Catalogue): readonly Issue[] {
  const needed = upstreamOf(index, node.id)
  const order = topologicalOrder(index).order.filter((nodeId) => nodeId === node.id || needed.has(nodeId))
  const { issues } = inferInOrder(index, order, (other) => usableDefinition(other, catalogue))
  return issues.filter((issue) => issue.nodeId === node.id && issue.severity === 'error')
}

/** What an error is about; its words may change as more becomes known. */
function placeOf({ code, path }: Issue): string {
  return JSON.stringify([code, path])
}
