import { useMemo } from 'react'
import { useStore } from 'zustand'
import { useWorkspace } from '../workspace/workspace.ts'
import type { Following } from './row-table.tsx'

/** Which rows of a node's tables are followed, and how to follow one. */
export function useFollowing(nodeId: string): Following {
  const { preview, view } = useWorkspace()
  const pin = useStore(preview.store, (state) => state.pin)
  return useMemo(
    () => ({
      events: pin?.events ?? null,
      onFollow(row) {
        preview.follows(row && { events: row.events, nodeId, time: row.time })
        if (row !== null) view.setState({ dockTab: 'path', isDockOpen: true })
      },
    }),
    [preview, view, pin, nodeId],
  )
}

/** True where events that are followed reached a node. */
export function useIsFollowed(nodeId: string): boolean {
  const { preview } = useWorkspace()
  return useStore(preview.store, ({ path }) => path?.some((step) => step.nodeId === nodeId) ?? false)
}

/** True where events that are followed went from one node into the other. */
export function useIsFollowedBetween(from: string, to: string): boolean {
  const { preview } = useWorkspace()
  return useStore(preview.store, ({ path }) => {
    const before = path?.find(({ nodeId }) => nodeId === from)
    const behind = path?.find(({ nodeId }) => nodeId === to)
    return before !== undefined && behind !== undefined && before.counts.out > 0 && behind.counts.in > 0
  })
}
