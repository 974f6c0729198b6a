import type { PortRef } from '@millrace/graph'
import {
  type Connection,
  type Edge,
  type FinalConnectionState,
  type Handle,
  type OnConnectStart,
  useReactFlow,
} from '@xyflow/react'
import { useEffect, useMemo, useState } from 'react'
import { isEmptyAt, nodeAt, pointOf } from '../canvas/things-at.ts'
import { useWorkspace } from '../workspace/workspace.ts'
import { useBuild } from './build-context.ts'

/** A connection that was refused, and where the pointer was, px of the window. */
export interface Refusal {
  readonly reason: string
  readonly x: number
  readonly y: number
}

/** How long the reason of a refusal stays, ms. */
const SHOWN_MS = 5_000

/** Drawing connections: what React Flow calls, and the last refusal. */
export function useConnecting() {
  const { connecting, actions } = useBuild()
  const workspace = useWorkspace()
  const flow = useReactFlow()
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  useEffect(() => {
    if (refusal === null) return
    const forget = () => setRefusal(null)
    const timer = setTimeout(forget, SHOWN_MS)
    window.addEventListener('pointerdown', forget)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('pointerdown', forget)
    }
  }, [refusal])
  const handlers = useMemo(() => {
    const onConnectStart: OnConnectStart = (_event, { nodeId, handleId, handleType }) => {
      setRefusal(null)
      if (nodeId !== null && handleId !== null)
        connecting.begin({ node: nodeId, port: handleId, isOutput: handleType === 'source' })
    }
    return {
      onConnectStart,
      isValidConnection: (connection: Edge | Connection) =>
        connecting.verdict(freeEnd(connection, connecting)).ok,
      onConnect({ source, sourceHandle, target, targetHandle }: Connection) {
        actions.connect(
          { node: source, port: sourceHandle ?? 'out' },
          { node: target, port: targetHandle ?? 'in' },
        )
      },
      onConnectEnd(event: MouseEvent | TouchEvent, state: FinalConnectionState) {
        const point = pointOf(event)
        const { from } = connecting.getState()
        // Asked before anything is connected: what is drawn then may move what is under the pointer.
        const isEmpty = isEmptyAt(point)
        const reason = refusalOf(point, state)
        connecting.end()
        if (reason !== null) setRefusal({ reason, ...point })
        else if (from !== null && state.toHandle === null && isEmpty) {
          const at = flow.screenToFlowPosition(point)
          workspace.view.setState({ picker: { kind: 'end', end: from, at } })
        }
      },
    }

    /** What the drop came to, where React Flow made no connection of it. */
    function refusalOf(
      point: { x: number; y: number },
      { isValid, fromHandle, toHandle }: FinalConnectionState,
    ) {
      if (isValid || fromHandle === null) return null
      if (toHandle !== null && isPort(toHandle)) {
        const ends = [portOf(fromHandle), portOf(toHandle)] as const
        return fromHandle.type === 'source' ? actions.connect(...ends) : actions.connect(ends[1], ends[0])
      }
      const over = nodeAt(point)
      if (over === null || over === fromHandle.nodeId) return null
      const from = portOf(fromHandle)
      return fromHandle.type === 'source'
        ? actions.connectOutput(from, over)
        : actions.connectInput(over, from)
    }
  }, [actions, connecting, flow, workspace])
  return { handlers, refusal }
}

function freeEnd(
  { source, sourceHandle, target, targetHandle }: Edge | Connection,
  connecting: ReturnType<typeof useBuild>['connecting'],
): PortRef {
  return connecting.getState().from?.isOutput === false
    ? { node: source, port: sourceHandle ?? 'out' }
    : { node: target, port: targetHandle ?? 'in' }
}

function isPort(handle: Handle): boolean {
  return handle.id != null
}

function portOf({ nodeId, id }: Handle): PortRef {
  return { node: nodeId, port: id ?? '' }
}
