import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from '@xyflow/react'
import { memo } from 'react'
import type { FlowEdge } from '../canvas/flow-elements.ts'
import { formatRate } from '../format/numbers.ts'
import { useLanguage } from '../i18n/language.ts'
import { edgeWidth } from './edge-width.ts'
import styles from './monitor.module.css'
import { useMoment } from './monitor-context.ts'

/** An edge as wide as the logarithm of its rate, with the rate as a label; dashed where nothing flows. */
export const MonitorEdge = memo(function MonitorEdge(props: EdgeProps<FlowEdge>) {
  useLanguage()
  const { id, source, sourceHandleId } = props
  const rate = useMoment(({ nodes }) => {
    const node = nodes.get(source)
    return sourceHandleId === 'late' ? node?.lateRate : node?.outRate
  })
  const [path, x, y] = getBezierPath(props)
  const flows = rate !== undefined && rate > 0
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={0}
        className={flows ? styles.flow : styles.quiet}
        style={flows ? { strokeWidth: edgeWidth(rate) } : undefined}
      />
      {rate !== undefined && (
        <EdgeLabelRenderer>
          <span
            className={styles.rate}
            style={{ transform: `translate(-50%, -100%) translate(${x}px, ${y - 6}px)` }}
          >
            {formatRate(rate)}/s
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  )
})
