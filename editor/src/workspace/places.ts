import {
  type GraphEdge,
  type Layout,
  type PipelineGraph,
  type Position,
  partsOf,
  positionOf,
} from '@millrace/graph'

/** How large a node card is drawn on the canvas, px; and how far apart neighbours are set. */
export const CARD = { width: 136, height: 98, gapX: 32, gapY: 24 } as const

/** Cards stand on a grid of this width, px. */
export const GRID = 8

/** From one card to the next, px. */
const STEP: Position = { x: CARD.width + CARD.gapX, y: CARD.height + CARD.gapY }

/** The next place on the grid. */
export function toGrid(value: number): number {
  return Math.round(value / GRID) * GRID
}

/** A free place for a card: at the wish, or below it where something stands there already. */
export function freePlace({ layout }: Pick<PipelineGraph, 'layout'>, wish: Position): Position {
  let place = wish
  while (!isFree(layout, place)) place = { x: place.x, y: place.y + STEP.y }
  return place
}

/** Where the next node goes behind this one. */
export function placeBehind(graph: PipelineGraph, nodeId: string): Position {
  const at = positionOf(graph.layout, nodeId) ?? { x: 0, y: 0 }
  return freePlace(graph, { x: at.x + STEP.x, y: at.y })
}

/** Where a node goes that is put into a connection, and where nodes and notes go to make room for it. */
export interface Room {
  readonly position: Position
  readonly moved: { readonly [id: string]: Position }
}

/**
 * Finds room within a connection: at the wish, else in the middle of it, where no card stands in the way. Else all that
 * stands at the right, from the end of the connection on, moves to the right.
 *
 * @param node the one that is put there, where it is on the canvas already
 */
export function roomWithin(
  graph: PipelineGraph,
  { from, to }: GraphEdge,
  wish?: Position,
  node?: string,
): Room {
  const layout = Object.fromEntries(Object.entries(graph.layout).filter(([id]) => id !== node))
  const start = positionOf(layout, from.node) ?? { x: 0, y: 0 }
  const end = positionOf(layout, to.node) ?? start
  const middle = { x: Math.round((start.x + end.x) / 2), y: Math.round((start.y + end.y) / 2) }
  const place = wish ?? middle
  if (isFree(layout, place, CARD.gapX / 2)) return { position: place, moved: {} }
  if (end.x <= start.x) return { position: freePlace({ layout }, place), moved: {} }
  const position = { x: start.x + STEP.x, y: middle.y }
  const by = Math.max(0, position.x + STEP.x - end.x)
  const moved = by === 0 ? {} : rightOf(graph, layout, end.x, by)
  return { position: freePlace({ layout: { ...layout, ...moved } }, position), moved }
}

/** All that stands at a place or further right, moved by so many px. */
function rightOf(graph: PipelineGraph, layout: Layout, from: number, by: number) {
  const notes = partsOf(graph).notes.map(({ id, position }) => [id, position] as const)
  const all = [...Object.entries(layout), ...notes].filter(([, { x }]) => x >= from)
  return Object.fromEntries(all.map(([id, { x, y }]) => [id, { x: x + by, y }]))
}

function isFree(layout: Layout, { x, y }: Position, margin = 0): boolean {
  return !Object.values(layout).some(
    (other) => Math.abs(other.x - x) < CARD.width + margin && Math.abs(other.y - y) < CARD.height + margin,
  )
}

/**
 * How far a copy is moved: with its middle to a place, else a step beside the original; in both cases further down
 * where it would hide a card or note.
 */
export function offsetOf(graph: PipelineGraph, copy: PipelineGraph, middle?: Position): Position {
  const [taken, copied] = [boxesIn(graph), boxesIn(copy)]
  const hides = ({ x, y }: Position) =>
    copied.some((box) => taken.some((other) => overlap({ ...box, x: box.x + x, y: box.y + y }, other)))
  let offset = middle === undefined ? STEP : toMiddle(copied, middle)
  while (hides(offset)) offset = { x: offset.x, y: offset.y + STEP.y }
  return offset
}

interface Box extends Position {
  readonly kind: 'card' | 'note'
  readonly width: number
  readonly height: number
}

function boxesIn(graph: PipelineGraph): readonly Box[] {
  const { width, height } = CARD
  return [
    ...Object.values(graph.layout).map((at): Box => ({ ...at, kind: 'card', width, height })),
    ...partsOf(graph).notes.map((note): Box => ({ ...note, ...note.position, kind: 'note' })),
  ]
}

/** A card may stand on a note. */
function overlap(a: Box, b: Box): boolean {
  const apart = a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height
  return a.kind === b.kind && !apart
}

function toMiddle(boxes: readonly Box[], { x, y }: Position): Position {
  const middle = (starts: readonly number[], ends: readonly number[]) =>
    (Math.min(...starts) + Math.max(...ends)) / 2
  const at = {
    x: middle(
      boxes.map((box) => box.x),
      boxes.map((box) => box.x + box.width),
    ),
    y: middle(
      boxes.map((box) => box.y),
      boxes.map((box) => box.y + box.height),
    ),
  }
  return { x: toGrid(x - at.x), y: toGrid(y - at.y) }
}
