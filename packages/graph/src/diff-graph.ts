import { type GraphEdge, type GraphNode, type JsonValue, type PipelineGraph, positionOf } from './model.ts'
import { ownMember } from './own-member.ts'
import { edgeKey } from './serialize-graph.ts'

/** A value before and after. */
export interface Change<T> {
  readonly before: T
  readonly after: T
}

/** What has changed in a node that both documents have. */
export interface NodeChange {
  readonly nodeId: string
  readonly type?: Change<string>
  readonly typeVersion?: Change<number>
  readonly label?: Change<string>
  readonly note?: Change<string>
  /** The smallest parts of the config that differ, e.g. `[['aggregates', '0', 'argument']]`. */
  readonly configPaths: readonly (readonly string[])[]
}

/** How one document differs from another. Nodes are matched by id, edges by what they join. */
export interface GraphDiff {
  readonly name?: Change<string>
  /** Ids of new nodes, in the order of the later document. */
  readonly added: readonly string[]
  /** Ids of nodes that are gone, in the order of the earlier document. */
  readonly removed: readonly string[]
  readonly changed: readonly NodeChange[]
  readonly edgesAdded: readonly GraphEdge[]
  readonly edgesRemoved: readonly GraphEdge[]
  /** Ids of nodes in both documents that stand elsewhere on the canvas: nothing that is published. */
  readonly moved: readonly string[]
}

/**
 * How two documents differ. Everything but `moved` is empty if and only if both have the same `contentText`.
 * Takes time linear in the size of both documents.
 */
export function diffGraphs(before: PipelineGraph, after: PipelineGraph): GraphDiff {
  const beforeNodes = new Map(before.nodes.map((node) => [node.id, node]))
  const afterIds = new Set(after.nodes.map((node) => node.id))
  const kept = after.nodes.flatMap((node) => {
    const earlier = beforeNodes.get(node.id)
    return earlier ? [{ earlier, node }] : []
  })
  return {
    ...differing('name', before, after),
    added: after.nodes.filter((node) => !beforeNodes.has(node.id)).map((node) => node.id),
    removed: before.nodes.filter((node) => !afterIds.has(node.id)).map((node) => node.id),
    changed: kept.flatMap(({ earlier, node }) => diffNode(earlier, node) ?? []),
    edgesAdded: edgesMissing(before.edges, after.edges),
    edgesRemoved: edgesMissing(after.edges, before.edges),
    moved: kept.filter(({ node }) => hasMoved(node.id, before, after)).map(({ node }) => node.id),
  }
}

function diffNode(before: GraphNode, after: GraphNode): NodeChange | null {
  const members = {
    ...differing('type', before, after),
    ...differing('typeVersion', before, after),
    ...differing('label', before, after),
    ...differing('note', before, after),
  }
  const configPaths = [...differingPaths(before.config, after.config, [])]
  const isSame = configPaths.length === 0 && Object.keys(members).length === 0
  return isSame ? null : { nodeId: after.id, ...members, configPaths }
}

function differing<T, Name extends keyof T & string>(
  name: Name,
  before: T,
  after: T,
): { readonly [N in Name]?: Change<T[N]> } {
  if (before[name] === after[name]) return {}
  return { [name]: { before: before[name], after: after[name] } } as { [N in Name]: Change<T[N]> }
}

function* differingPaths(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: readonly string[],
): Generator<readonly string[]> {
  if (before === after) return
  if (!isContainer(before) || !isContainer(after) || Array.isArray(before) !== Array.isArray(after)) {
    yield path
    return
  }
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    yield* differingPaths(ownMember(before, name), ownMember(after, name), [...path, name])
  }
}

/** An object or a list; a list is read like an object with its indexes as names. */
function isContainer(value: JsonValue | undefined): value is { readonly [name: string]: JsonValue } {
  return typeof value === 'object' && value !== null
}

/** The edges of `edges` that have no counterpart in `others`; of several with the same ends the surplus. */
function edgesMissing(others: readonly GraphEdge[], edges: readonly GraphEdge[]): readonly GraphEdge[] {
  const counterparts = new Map<string, number>()
  for (const key of others.map(edgeKey)) counterparts.set(key, (counterparts.get(key) ?? 0) + 1)
  return edges.filter((edge) => {
    const key = edgeKey(edge)
    const left = counterparts.get(key) ?? 0
    counterparts.set(key, left - 1)
    return left <= 0
  })
}

function hasMoved(nodeId: string, before: PipelineGraph, after: PipelineGraph): boolean {
  const from = positionOf(before.layout, nodeId)
  const to = positionOf(after.layout, nodeId)
  return from?.x !== to?.x || from?.y !== to?.y
}
