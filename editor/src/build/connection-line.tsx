import type { Position } from '@millrace/graph'
import {
  type ConnectionLineComponentProps,
  getBezierPath,
  type ReactFlowInstance,
  useReactFlow,
} from '@xyflow/react'
import { createPortal } from 'react-dom'
import { useBuild } from './build-context.ts'
import styles from './canvas.module.css'
import { RefusalTip } from './refusal-tip.tsx'

/** The line of a connection while it is drawn; over a port or a card that refuses it, dashed and with the reason. */
export function ConnectionLine(props: ConnectionLineComponentProps) {
  const { fromX, fromY, toX, toY, fromPosition, toPosition, connectionStatus, toHandle } = props
  const { connecting } = useBuild()
  const flow = useReactFlow()
  const [path] = getBezierPath({
    sourceX: fromX,
    sourceY: fromY,
    sourcePosition: fromPosition,
    targetX: toX,
    targetY: toY,
    targetPosition: toPosition,
  })
  const over = toHandle ? null : nodeAt(flow, { x: toX, y: toY })
  const verdict = toHandle
    ? connecting.verdict({ node: toHandle.nodeId, port: toHandle.id ?? '' })
    : over !== null && over !== connecting.getState().from?.node
      ? connecting.verdictOfNode(over)
      : null
  const isRefused = connectionStatus === 'invalid' || verdict?.ok === false
  return (
    <>
      <path className={`${styles.drawn} ${isRefused ? styles.refused : ''}`} d={path} />
      {verdict?.ok === false &&
        createPortal(
          <RefusalTip
            refusal={{ reason: verdict.reason, ...flow.flowToScreenPosition({ x: toX, y: toY }) }}
          />,
          document.body,
        )}
    </>
  )
}

/** The card at a place of the canvas: a connection may also be let go over the card itself. */
function nodeAt(flow: ReactFlowInstance, { x, y }: Position): string | null {
  return flow.getIntersectingNodes({ x, y, width: 1, height: 1 })[0]?.id ?? null
}
