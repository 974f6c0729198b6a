import type { Position } from '@millrace/graph'
import { useReactFlow, useStoreApi } from '@xyflow/react'
import { useCallback } from 'react'

/** Tells the middle of what is in view, as a place of the canvas. */
export function useMiddle(): () => Position {
  const flow = useReactFlow()
  const store = useStoreApi()
  return useCallback(() => {
    const { width, height } = store.getState()
    const { x, y, zoom } = flow.getViewport()
    return { x: (width / 2 - x) / zoom, y: (height / 2 - y) / zoom }
  }, [flow, store])
}
