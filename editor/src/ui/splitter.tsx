import type { KeyboardEvent, PointerEvent } from 'react'
import { t } from '../i18n/t.ts'
import styles from './splitter.module.css'

/** What a splitter may be told. */
export interface SplitterProps {
  /** What it makes larger, e.g. "Side panel". */
  readonly label: string
  /** Which edge of the panel it stands at. */
  readonly edge: 'left' | 'top'
  /** The size of the panel now, px, and its bounds. */
  readonly size: number
  readonly min: number
  readonly max: number
  readonly onResize: (size: number) => void
}

const STEP = 16

/** The edge of a panel by which it is made larger or smaller: by dragging, or by the arrow keys. */
export function Splitter({ label, edge, size, min, max, onResize }: SplitterProps) {
  const resize = (next: number) => onResize(Math.round(Math.min(max, Math.max(min, next))))
  const drag = (down: PointerEvent<HTMLElement>) => {
    const handle = down.currentTarget
    const start = edge === 'left' ? down.clientX : down.clientY
    const move = (event: globalThis.PointerEvent) =>
      resize(size + start - (edge === 'left' ? event.clientX : event.clientY))
    const stop = () => handle.removeEventListener('pointermove', move)
    handle.setPointerCapture(down.pointerId)
    handle.addEventListener('pointermove', move)
    handle.addEventListener('lostpointercapture', stop, { once: true })
  }
  const press = (event: KeyboardEvent) => {
    const step = { ArrowLeft: STEP, ArrowUp: STEP, ArrowRight: -STEP, ArrowDown: -STEP }[event.key]
    if (step === undefined) return
    event.preventDefault()
    resize(size + step)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that can be moved, which hr is not
    <div
      role="separator"
      tabIndex={0}
      aria-label={t('{label}: size', { label })}
      aria-orientation={edge === 'left' ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      className={`${styles.splitter} ${styles[edge]}`}
      onPointerDown={drag}
      onKeyDown={press}
    />
  )
}
