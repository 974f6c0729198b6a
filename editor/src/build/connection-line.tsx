import { type ConnectionLineComponentProps, getBezierPath, useReactFlow } from '@xyflow/react'
import { createPortal } from 'react-dom'
import { useBuild } from './build-context.ts'
import styles from './canvas.module.css'
import { RefusalTip } from './refusal-tip.tsx'

/** The line of a connection while it is drawn; over a port that refuses it, dashed and with the reason. */
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
  const isRefused = connectionStatus === 'invalid'
  const verdict =
    isRefused && toHandle ? connecting.verdict({ node: toHandle.nodeId, port: toHandle.id ?? '' }) : null
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
