import type { CanvasNote, NodeGroup, PipelineGraph, Position } from '@millrace/graph'
import { partsOf } from '@millrace/graph'
import type { Node, NodeChange } from '@xyflow/react'
import { type FlowEdge, type FlowNode, type FlowOptions, flowNodes } from '../canvas/flow-elements.ts'
import { counted } from '../format/numbers.ts'
import { t } from '../i18n/t.ts'
import { cornerOfGroup } from '../workspace/canvas-edits.ts'
import { CARD } from '../workspace/places.ts'

/** A note as React Flow carries it. */
export type NoteElement = Node<{ readonly note: CanvasNote }>

/** A group as React Flow carries it: the frame around its nodes, or the card in their place. */
export type GroupElement = Node<{ readonly group: NodeGroup }>

/** Everything that the Build canvas hands to React Flow. */
export type CanvasElement = FlowNode | NoteElement | GroupElement

/** The kinds of elements, by their name in React Flow. */
export const ELEMENT = { note: 'note', frame: 'frame', collapsed: 'collapsed' } as const

/** Room between the frame of a group and its nodes, px; at the top for its name. */
const ROOM = { x: 16, top: 40, bottom: 16 }

/** By node: the collapsed group in which it is out of sight. */
export function hiddenNodes(graph: PipelineGraph): ReadonlyMap<string, string> {
  const collapsed = partsOf(graph).groups.filter((group) => group.collapsed)
  return new Map(collapsed.flatMap(({ id, nodes }) => nodes.map((nodeId) => [nodeId, id] as const)))
}

/** Cards, notes and groups for React Flow: below all the frames. Objects are kept as in `flowNodes`. */
export function canvasElements(
  before: readonly CanvasElement[],
  graph: PipelineGraph,
  options: FlowOptions,
): CanvasElement[] {
  const hidden = hiddenNodes(graph)
  const known = new Map(before.map((element) => [element.id, element]))
  const seen = { ...graph, nodes: graph.nodes.filter(({ id }) => !hidden.has(id)) }
  const cards = flowNodes(before.filter(isCard), seen, options)
  const { notes, groups } = partsOf(graph)
  const noteElements = notes.map((note): NoteElement => {
    const { id, position, width, height } = note
    return keep(known.get(id), {
      ...{ id, position, width, height, type: ELEMENT.note },
      selected: options.selected.has(id),
      data: { note },
      ariaLabel: t('Note: {text}', { text: note.text.slice(0, 80) || t('empty') }),
    })
  })
  const groupElements = groups.map((group): GroupElement => {
    const { id, label, nodes, collapsed } = group
    return keep(known.get(id), {
      id,
      ...(collapsed
        ? { type: ELEMENT.collapsed, position: cornerOfGroup(graph, group) }
        : frameOf(group, cards)),
      selected: options.selected.has(id),
      data: { group },
      ariaLabel: collapsed
        ? t('Group {label}, {nodes}, collapsed', { label, nodes: counted(nodes.length, 'node') })
        : t('Group {label}, {nodes}', { label, nodes: counted(nodes.length, 'node') }),
    })
  })
  return [...groupElements, ...cards, ...noteElements]
}

function isCard(element: CanvasElement): element is FlowNode {
  return 'node' in element.data
}

/** The element from before, where it says the same; else the new one, with what was measured of it as long as it is of the same kind. */
function keep<T extends NoteElement | GroupElement>(before: CanvasElement | undefined, next: T): T {
  if (before === undefined || before.type !== next.type) return next
  const [a, b] = [Object.values(before.data)[0], Object.values(next.data)[0]]
  const isSame =
    a === b &&
    before.selected === next.selected &&
    before.width === next.width &&
    before.height === next.height &&
    before.position.x === next.position.x &&
    before.position.y === next.position.y
  return isSame ? (before as T) : ({ ...before, ...next } as T)
}

/** Place and size of the frame around the nodes of an open group. */
function frameOf({ nodes }: NodeGroup, cards: readonly CanvasElement[]) {
  const members = new Set(nodes)
  const boxes = cards
    .filter(({ id }) => members.has(id))
    .map(({ position: { x, y }, measured }) => ({
      ...{ left: x, top: y },
      ...{ right: x + (measured?.width ?? CARD.width), bottom: y + (measured?.height ?? CARD.height) },
    }))
  const box = boxes.reduce(
    (all, one) => ({
      ...{ left: Math.min(all.left, one.left), top: Math.min(all.top, one.top) },
      ...{ right: Math.max(all.right, one.right), bottom: Math.max(all.bottom, one.bottom) },
    }),
    boxes[0] ?? { left: 0, top: 0, right: CARD.width, bottom: CARD.height },
  )
  return {
    type: ELEMENT.frame,
    position: { x: box.left - ROOM.x, y: box.top - ROOM.top },
    width: box.right - box.left + 2 * ROOM.x,
    height: box.bottom - box.top + ROOM.top + ROOM.bottom,
    zIndex: -1,
    dragHandle: '[data-frame-handle]',
  }
}

/** The frames where their nodes are now, e.g. while some are dragged. */
export function refit(elements: readonly CanvasElement[]): CanvasElement[] {
  if (!elements.some(({ type }) => type === ELEMENT.frame)) return [...elements]
  const cards = elements.filter(isCard)
  return elements.map((element) => {
    if (element.type !== ELEMENT.frame) return element
    const frame = element as GroupElement
    const { position, width, height } = frameOf(frame.data.group, cards)
    return keep(frame, { ...frame, position, width, height })
  })
}

/** Changes with those of the nodes that a dragged frame takes along. */
export function withCarried(
  changes: readonly NodeChange<CanvasElement>[],
  elements: readonly CanvasElement[],
): readonly NodeChange<CanvasElement>[] {
  const byId = new Map(elements.map((element) => [element.id, element]))
  const moved = new Set(changes.flatMap((change) => (change.type === 'position' ? [change.id] : [])))
  const carried = changes.flatMap((change): readonly NodeChange<CanvasElement>[] => {
    const frame = change.type === 'position' ? byId.get(change.id) : undefined
    if (change.type !== 'position' || frame?.type !== ELEMENT.frame) return []
    const { x, y } = change.position ?? frame.position
    const by: Position = { x: x - frame.position.x, y: y - frame.position.y }
    return (frame as GroupElement).data.group.nodes.flatMap((id) => {
      const at = moved.has(id) ? undefined : byId.get(id)?.position
      return at === undefined
        ? []
        : [{ ...change, id, position: { x: at.x + by.x, y: at.y + by.y } } as NodeChange<CanvasElement>]
    })
  })
  return carried.length === 0 ? changes : [...changes, ...carried]
}

/** The connections that are seen: those within a collapsed group are not, those of its nodes end at its card. */
export function reroute(edges: readonly FlowEdge[], hidden: ReadonlyMap<string, string>): FlowEdge[] {
  if (hidden.size === 0) return [...edges]
  return edges.flatMap((edge) => {
    const source = hidden.get(edge.source)
    const target = hidden.get(edge.target)
    if (source === undefined && target === undefined) return [edge]
    if (source === target) return []
    return [
      {
        ...edge,
        ...(source !== undefined && { source, sourceHandle: 'out' }),
        ...(target !== undefined && { target, targetHandle: 'in' }),
      },
    ]
  })
}
