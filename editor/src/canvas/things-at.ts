/** A point of the window, px. */
export interface ScreenPoint {
  readonly x: number
  readonly y: number
}

/** Where a mouse, pen or finger is, or was when it let go. */
export function pointOf(event: MouseEvent | TouchEvent): ScreenPoint {
  const at = 'changedTouches' in event ? (event.touches[0] ?? event.changedTouches[0]) : event
  return { x: at?.clientX ?? 0, y: at?.clientY ?? 0 }
}

/** The node card on top at a point: a connection may also be dropped on the card itself. */
export function nodeAt({ x, y }: ScreenPoint): string | null {
  const card = document.elementFromPoint(x, y)?.closest('.react-flow__node')
  return card?.getAttribute('data-id') ?? null
}

/** The connection at a point, by its line or its buttons, also where a card lies over it. */
export function edgeAt({ x, y }: ScreenPoint): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const edge = element.closest('.react-flow__edge, [data-edge-id]')
    const id = edge?.getAttribute('data-edge-id') ?? edge?.getAttribute('data-id')
    if (id) return id
  }
  return null
}

/** True over the canvas where nothing stands; connections do not count. */
export function isEmptyAt({ x, y }: ScreenPoint): boolean {
  const over = document.elementFromPoint(x, y)
  // The pane holds everything that is drawn.
  return over !== null && (over.matches('.react-flow__pane') || over.closest('.react-flow__edge') !== null)
}
