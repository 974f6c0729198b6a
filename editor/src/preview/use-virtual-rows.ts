import { type UIEvent, useState } from 'react'

/** The rows of a long list that are in sight. */
export interface VirtualRows {
  readonly from: number
  readonly to: number
  /** Height of what is left out above and below, px. */
  readonly above: number
  readonly below: number
  readonly onScroll: (event: UIEvent<HTMLElement>) => void
}

/** Rows drawn beyond what is in sight, at each end. */
const MARGIN = 12
const INITIAL_HEIGHT = 400

/** Keeps the DOM small: of rows of one height only those in sight, and some around, are drawn. */
export function useVirtualRows(count: number, rowHeight: number): VirtualRows {
  const [view, setView] = useState({ top: 0, height: INITIAL_HEIGHT })
  const first = Math.floor(view.top / rowHeight)
  const from = Math.max(0, Math.min(first, count) - MARGIN)
  const to = Math.min(count, first + Math.ceil(view.height / rowHeight) + MARGIN)
  return {
    from,
    to,
    above: from * rowHeight,
    below: (count - to) * rowHeight,
    onScroll({ currentTarget }) {
      const { scrollTop, clientHeight } = currentTarget
      // Whole steps, so that scrolling does not draw anew at every pixel.
      const top = Math.floor(scrollTop / (rowHeight * 4)) * rowHeight * 4
      if (top !== view.top || clientHeight !== view.height) setView({ top, height: clientHeight })
    },
  }
}
