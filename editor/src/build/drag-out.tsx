import { type ReactNode, type PointerEvent as ReactPointerEvent, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import styles from './palette.module.css'

/** A point of the window, px. */
interface Point {
  readonly x: number
  readonly y: number
}

interface Dragged<T> {
  readonly item: T
  readonly at: Point
}

/** Where things may be dropped. */
export const DROP_AREA = '[data-drop-area]'

/** A press becomes a drag once the pointer has moved this far, px. */
const THRESHOLD = 4

/** What is needed to drag things out of a list onto the canvas. */
export interface DragOut<T> {
  readonly dragged: Dragged<T> | null
  /** For the element that an item is dragged by. */
  handlers(item: T): { onPointerDown(event: ReactPointerEvent): void }
  /** True in the click that ends a drag: that click means nothing. */
  wasDragged(): boolean
}

/** What is told while something is dragged out of a list. */
export interface DragListener<T> {
  /** It was let go over the canvas. */
  onDrop(item: T, point: Point): void
  /** It is over a point; null: it was let go, or the drag was given up. */
  onOver(item: T, point: Point | null): void
}

/** Drags items by mouse, pen or finger. */
export function useDragOut<T>({ onDrop, onOver }: DragListener<T>): DragOut<T> {
  const [dragged, setDragged] = useState<Dragged<T> | null>(null)
  const moved = useRef(false)
  const begin = (item: T, down: ReactPointerEvent) => {
    if (down.button !== 0) return
    moved.current = false
    const start = { x: down.clientX, y: down.clientY }
    const onMove = (event: PointerEvent) => {
      const at = { x: event.clientX, y: event.clientY }
      moved.current ||= Math.hypot(at.x - start.x, at.y - start.y) > THRESHOLD
      if (!moved.current) return
      setDragged({ item, at })
      onOver(item, at)
    }
    const stop = (event: PointerEvent) => {
      window.removeEventListener('pointermove', onMove)
      window.removeEventListener('pointerup', stop)
      window.removeEventListener('pointercancel', stop)
      setDragged(null)
      const over = document.elementFromPoint(event.clientX, event.clientY)
      if (moved.current && event.type === 'pointerup' && over?.closest(DROP_AREA)) {
        onDrop(item, { x: event.clientX, y: event.clientY })
      }
      onOver(item, null)
    }
    window.addEventListener('pointermove', onMove)
    window.addEventListener('pointerup', stop)
    window.addEventListener('pointercancel', stop)
  }
  return {
    dragged,
    handlers: (item) => ({ onPointerDown: (event) => begin(item, event) }),
    wasDragged() {
      const was = moved.current
      moved.current = false
      return was
    },
  }
}

/** What hangs at the pointer while something is dragged. */
export function DragGhost<T>({
  drag,
  children,
}: {
  readonly drag: DragOut<T>
  readonly children: (item: T) => ReactNode
}) {
  if (drag.dragged === null) return null
  const { item, at } = drag.dragged
  return createPortal(
    <div className={styles.ghost} style={{ left: at.x, top: at.y }} aria-hidden="true">
      {children(item)}
    </div>,
    document.body,
  )
}
