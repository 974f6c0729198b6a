import type { AppliedChange } from './apply-change.ts'
import { partsOf, withParts } from './canvas-parts.ts'
import type { GraphChange, SetCanvasNote, SetGroup } from './change.ts'
import { ChangeError } from './change-error.ts'
import { insert } from './insert.ts'
import type { NodeGroup, PipelineGraph } from './model.ts'

/** Adds, replaces or removes a note; see `SetCanvasNote`. */
export function setCanvasNote(graph: PipelineGraph, { noteId, note, at }: SetCanvasNote): AppliedChange {
  const parts = partsOf(graph)
  const put = putInto(graph, parts.notes, { id: noteId, item: note, at })
  return {
    graph: withParts(graph, { ...parts, notes: put.list }),
    inverse: { kind: 'set-canvas-note', noteId, note: put.before, at: put.at },
  }
}

/** Makes, replaces or dissolves a group; see `SetGroup`. */
export function setGroup(graph: PipelineGraph, { groupId, group, at }: SetGroup): AppliedChange {
  const parts = partsOf(graph)
  if (group !== null) checkGroup(graph, group)
  const put = putInto(graph, parts.groups, { id: groupId, item: group, at })
  return {
    graph: withParts(graph, { ...parts, groups: put.list }),
    inverse: { kind: 'set-group', groupId, group: put.before, at: put.at },
  }
}

/** Takes a node out of its group, and gives the changes that put it back once the node is there again. */
export function regroup(
  graph: PipelineGraph,
  nodeId: string,
): { readonly graph: PipelineGraph; readonly restoreGroups: readonly GraphChange[] } {
  const parts = partsOf(graph)
  if (!parts.groups.some(({ nodes }) => nodes.includes(nodeId))) return { graph, restoreGroups: [] }
  const restoreGroups = parts.groups.flatMap((group, at): GraphChange[] =>
    group.nodes.includes(nodeId) ? [{ kind: 'set-group', groupId: group.id, group, at }] : [],
  )
  const groups = parts.groups
    .map((group) => ({ ...group, nodes: group.nodes.filter((id) => id !== nodeId) }))
    .filter(({ nodes }) => nodes.length > 0)
  return { graph: withParts(graph, { ...parts, groups }), restoreGroups }
}

/** @throws ChangeError where a note or group has this id */
export function refusePartId(graph: PipelineGraph, id: string): void {
  const { notes, groups } = partsOf(graph)
  if ([...notes, ...groups].some((part) => part.id === id)) {
    throw new ChangeError('duplicate_id', `The id "${id}" is in use already.`)
  }
}

interface Put<T> {
  readonly id: string
  readonly item: T | null
  readonly at: number | undefined
}

/** Adds, replaces or removes an item of a list, and what would lead back. */
function putInto<T extends { readonly id: string }>(graph: PipelineGraph, list: readonly T[], put: Put<T>) {
  const { id, item, at } = put
  if (item !== null && item.id !== id) {
    throw new ChangeError('invalid_id', `The id is "${id}" and also "${item.id}".`)
  }
  const index = list.findIndex((other) => other.id === id)
  const before = list[index] ?? null
  if (before !== null) {
    const next = item === null ? list.toSpliced(index, 1) : list.with(index, item)
    return { list: next, before, at: index }
  }
  if (item === null) throw new ChangeError('unknown_part', `There is no note or group with the id "${id}".`)
  refusePartId(graph, id)
  if (graph.nodes.some((node) => node.id === id)) {
    throw new ChangeError('duplicate_id', `The id "${id}" is in use already.`)
  }
  return { list: insert(list, item, at), before: null, at: undefined }
}

function checkGroup(graph: PipelineGraph, { id, nodes }: NodeGroup): void {
  const present = new Set(graph.nodes.map((node) => node.id))
  const taken = new Set(partsOf(graph).groups.flatMap((group) => (group.id === id ? [] : group.nodes)))
  const stray = nodes.find((nodeId) => !present.has(nodeId))
  if (stray !== undefined) throw new ChangeError('unknown_node', `There is no node with the id "${stray}".`)
  const shared = nodes.find((nodeId) => taken.has(nodeId))
  if (shared !== undefined) {
    throw new ChangeError('invalid_group', `The node "${shared}" is in another group already.`)
  }
  if (nodes.length === 0 || new Set(nodes).size !== nodes.length) {
    throw new ChangeError('invalid_group', 'A group has at least one node, and each of its nodes once.')
  }
}
