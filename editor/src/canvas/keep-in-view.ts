import type { Layout } from '@millrace/graph'
import {
  type ReactFlowInstance,
  useNodesInitialized,
  useReactFlow,
  useStore,
  type Viewport,
} from '@xyflow/react'
import { useEffect, useRef } from 'react'
import { motionMs } from '../ui/motion.ts'
import { CARD } from '../workspace/places.ts'
import { FIT } from './zoom-tools.tsx'

const MARGIN = 16

/** What was in view when all of it was fitted last. */
interface Fitted {
  readonly viewport: Viewport
  readonly layout: Layout
}

/**
 * Keeps the pipeline in view while panels open and close: until somebody pans, zooms or edits all of it is fitted anew;
 * after that the canvas moves only as far as needed to show the selected node. `layout` is the places of the nodes.
 */
export function useKeepInView(selected: string | null, layout: Layout): void {
  const flow = useReactFlow()
  const width = useStore((state) => state.width)
  const height = useStore((state) => state.height)
  const isReady = useNodesInitialized()
  // An empty canvas is in view as it is: its first node stays where it is dropped.
  const isEmpty = Object.keys(layout).length === 0
  const fitted = useRef<Fitted | null>(isEmpty ? { viewport: flow.getViewport(), layout } : null)
  useEffect(() => {
    if (!isReady || width === 0 || height === 0) return
    const last = fitted.current
    const isUntouched =
      last === null || (last.layout === layout && sameViewport(last.viewport, flow.getViewport()))
    if (!isUntouched) {
      if (selected !== null) void showNode(flow, selected, { width, height })
      return
    }
    void flow.fitView(FIT).then(() => {
      fitted.current = { viewport: flow.getViewport(), layout }
    })
  }, [flow, selected, layout, width, height, isReady])
}

/** Moves the canvas just as far as needed to show a node whole. */
export async function showNode(
  flow: ReactFlowInstance,
  nodeId: string,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<void> {
  const node = flow.getNode(nodeId)
  if (node === undefined) return
  const { x, y, zoom } = flow.getViewport()
  const dx = shift(node.position.x * zoom + x, CARD.width * zoom, width)
  const dy = shift(node.position.y * zoom + y, CARD.height * zoom, height)
  if (dx !== 0 || dy !== 0)
    await flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: motionMs(160) })
}

/** How far something must move to lie within a span, with some margin. */
function shift(start: number, size: number, room: number): number {
  if (start < MARGIN) return MARGIN - start
  const over = start + size - (room - MARGIN)
  return over > 0 ? -over : 0
}

function sameViewport(a: Viewport, b: Viewport): boolean {
  return Math.abs(a.x - b.x) < 1 && Math.abs(a.y - b.y) < 1 && Math.abs(a.zoom - b.zoom) < 0.001
}
