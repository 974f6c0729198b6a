import { useReactFlow } from '@xyflow/react'
import { useCallback } from 'react'
import { CARD, GRID } from '../workspace/places.ts'
import type { BuildActions } from './build-actions.ts'

/** Lays out the selected nodes, or all, with the sizes that their cards have. */
export function useTidy(actions: BuildActions): () => void {
  const flow = useReactFlow()
  return useCallback(() => {
    const sizeOf = (nodeId: string) => {
      const { width = CARD.width, height = CARD.height } = flow.getNode(nodeId)?.measured ?? {}
      return { width, height }
    }
    void actions.tidy(async (request) => {
      const { layOut } = await import('../layout/lay-out.ts')
      return layOut({ ...request, sizeOf }, GRID)
    })
  }, [actions, flow])
}
