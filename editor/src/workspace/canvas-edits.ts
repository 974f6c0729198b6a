import {
  type CanvasNote,
  type GraphChange,
  type NodeGroup,
  type PipelineGraph,
  type Position,
  partsOf,
  positionOf,
} from '@millrace/graph'
import { t } from '../i18n/t.ts'
import type { MakeId } from './edits.ts'

/** How large a new note is, px. */
export const NOTE_SIZE = { width: 240, height: 128 } as const

/** Where the card of a collapsed group stands: at the upper left corner of its nodes. */
export function cornerOfGroup({ layout }: PipelineGraph, { nodes }: NodeGroup): Position {
  const places = nodes.flatMap((id) => positionOf(layout, id) ?? [])
  if (places.length === 0) return { x: 0, y: 0 }
  return places.reduce((corner, { x, y }) => ({ x: Math.min(corner.x, x), y: Math.min(corner.y, y) }))
}

/**
 * Brings cards, notes and collapsed groups to new places: one step. The frame of an open group follows its nodes. Null
 * where all of it stands there already.
 */
export function settle(
  graph: PipelineGraph,
  places: { readonly [id: string]: Position },
): GraphChange | null {
  const wanted = new Map(Object.entries(places))
  const { notes, groups } = partsOf(graph)
  const carried = groups.flatMap((group) => {
    const place = group.collapsed ? wanted.get(group.id) : undefined
    return place === undefined ? [] : carry(graph, group, place)
  })
  const own = graph.nodes.flatMap(({ id }) => {
    const place = wanted.get(id)
    return place === undefined ? [] : [[id, place] as const]
  })
  const moved = [...carried, ...own].filter(([id, place]) => !isAt(positionOf(graph.layout, id), place))
  const changes: GraphChange[] = notes.flatMap((note): readonly GraphChange[] => {
    const position = wanted.get(note.id)
    if (position === undefined || isAt(note.position, position)) return []
    return [{ kind: 'set-canvas-note', noteId: note.id, note: { ...note, position } }]
  })
  if (moved.length > 0) changes.unshift({ kind: 'move-nodes', positions: Object.fromEntries(moved) })
  const [only] = changes
  return changes.length > 1 ? { kind: 'batch', changes } : (only ?? null)
}

/** Where the nodes of a collapsed group go when its card goes to a place. */
function carry(graph: PipelineGraph, group: NodeGroup, place: Position) {
  const corner = cornerOfGroup(graph, group)
  return group.nodes.map((id) => {
    const at = positionOf(graph.layout, id) ?? corner
    return [id, { x: at.x + place.x - corner.x, y: at.y + place.y - corner.y }] as const
  })
}

function isAt(place: Position | undefined, { x, y }: Position): boolean {
  return place?.x === x && place.y === y
}

/** The selected nodes with those of the selected groups. */
export function withMembers(graph: PipelineGraph, selected: ReadonlySet<string>): ReadonlySet<string> {
  const groups = partsOf(graph).groups.filter(({ id }) => selected.has(id))
  return new Set([...selected, ...groups.flatMap(({ nodes }) => nodes)])
}

/** Makes one group of the selected nodes; they leave the groups in which they were. Null where no node is selected. */
export function groupNodes(
  graph: PipelineGraph,
  selected: ReadonlySet<string>,
  makeId: MakeId,
): { readonly change: GraphChange; readonly group: NodeGroup } | null {
  const members = withMembers(graph, selected)
  const nodes = graph.nodes.map(({ id }) => id).filter((id) => members.has(id))
  if (nodes.length === 0) return null
  const { groups } = partsOf(graph)
  const left = groups
    .filter((group) => group.nodes.some((id) => members.has(id)))
    .map(({ id, ...group }): GraphChange => {
      const rest = group.nodes.filter((nodeId) => !members.has(nodeId))
      return {
        kind: 'set-group',
        groupId: id,
        group: rest.length === 0 ? null : { id, ...group, nodes: rest },
      }
    })
  const group = {
    id: makeId('group'),
    label: t('Group {groups}', { groups: groups.length + 1 }),
    nodes,
    collapsed: false,
  }
  const make: GraphChange = { kind: 'set-group', groupId: group.id, group }
  return { change: { kind: 'batch', changes: [...left, make] }, group }
}

/** Dissolves the selected groups and those of the selected nodes; their nodes stay. Null where there is none. */
export function ungroupNodes(graph: PipelineGraph, selected: ReadonlySet<string>): GraphChange | null {
  const doomed = partsOf(graph).groups.filter(
    ({ id, nodes }) => selected.has(id) || nodes.some((nodeId) => selected.has(nodeId)),
  )
  if (doomed.length === 0) return null
  const changes = doomed.map(({ id }): GraphChange => ({ kind: 'set-group', groupId: id, group: null }))
  return { kind: 'batch', changes }
}

/** The notes of a selection, and the groups of which all nodes are selected. */
export function copyParts(
  graph: PipelineGraph,
  selected: ReadonlySet<string>,
): Pick<PipelineGraph, 'canvas'> {
  const { notes, groups } = partsOf(graph)
  const canvas = {
    notes: notes.filter(({ id }) => selected.has(id)),
    groups: groups.filter(({ nodes }) => nodes.every((id) => selected.has(id))),
  }
  return canvas.notes.length + canvas.groups.length === 0 ? {} : { canvas }
}

/** Adds the notes and groups of a copy under new ids: `idOf` says what nodes of the copy are called now. */
export function pasteParts(
  copy: PipelineGraph,
  { x, y }: Position,
  { idOf, makeId }: { readonly idOf: (id: string) => string; readonly makeId: MakeId },
): { readonly changes: readonly GraphChange[]; readonly noteIds: readonly string[] } {
  const { notes, groups } = partsOf(copy)
  const pasted = notes.map((note): CanvasNote => {
    const position = { x: note.position.x + x, y: note.position.y + y }
    return { ...note, id: makeId('note'), position }
  })
  return {
    noteIds: pasted.map(({ id }) => id),
    changes: [
      ...pasted.map((note): GraphChange => ({ kind: 'set-canvas-note', noteId: note.id, note })),
      ...groups.map((group): GraphChange => {
        const id = makeId('group')
        return { kind: 'set-group', groupId: id, group: { ...group, id, nodes: group.nodes.map(idOf) } }
      }),
    ],
  }
}
