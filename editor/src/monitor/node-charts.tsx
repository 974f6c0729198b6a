import { useMemo } from 'react'
import { formatRate, formatShortCount } from '../format/numbers.ts'
import { formatDuration } from '../format/times.ts'
import { t } from '../i18n/t.ts'
import { courseOf, lagOf, type Moment } from './live-store.ts'
import styles from './monitor.module.css'
import { useLive, useMoment } from './monitor-context.ts'
import { PartitionTable } from './partition-table.tsx'
import { TimeChart } from './time-chart.tsx'

const LAG_KINDS = ['source', 'repartition', 'outbox'] as const

/** Rate, latency, lag and watermark of a node over time, and its partitions. */
export function NodeCharts({ nodeId }: { readonly nodeId: string }) {
  const past = useLive((state) => state.past)
  const hasLag = useMoment((moment) => lagOf(moment, nodeId, LAG_KINDS) !== null) ?? false
  const hasPartitions = useMoment(({ partitions }) => (partitions.get(nodeId)?.length ?? 0) > 0) ?? false
  const hasWatermark = useMoment(({ nodes }) => (nodes.get(nodeId)?.watermark ?? null) !== null) ?? false
  const { times, ...courses } = useMemo(() => coursesOf(past, nodeId), [past, nodeId])
  // A source has none: it is where the time is taken.
  const hasLatency = courses.p99.some((value) => value !== null)
  return (
    <>
      <div className={styles.charts}>
        {hasLatency && (
          <TimeChart
            title={t('Latency since the source')}
            times={times}
            format={formatDuration}
            lines={[
              { label: 'p99', values: courses.p99, strong: true },
              { label: 'p50', values: courses.p50, dashed: true },
            ]}
          />
        )}
        <TimeChart
          title={t('Events per second')}
          times={times}
          format={formatRate}
          lines={[
            { label: t('in'), values: courses.inRate, dashed: true },
            { label: t('out'), values: courses.outRate, strong: true },
          ]}
        />
        {hasLag && (
          <TimeChart
            title={t('Lag, records')}
            times={times}
            format={formatShortCount}
            lines={[{ label: '', values: courses.lag, strong: true }]}
          />
        )}
        {hasWatermark && (
          <TimeChart
            title={t('Watermark behind the clock')}
            times={times}
            format={formatDuration}
            lines={[{ label: '', values: courses.behind, strong: true }]}
          />
        )}
      </div>
      {hasPartitions ? <PartitionTable nodeId={nodeId} /> : <div />}
    </>
  )
}

function coursesOf(past: readonly Moment[], nodeId: string) {
  return {
    times: past.map(({ at }) => at),
    p50: courseOf(past, ({ nodes }) => nodes.get(nodeId)?.p50),
    p99: courseOf(past, ({ nodes }) => nodes.get(nodeId)?.p99),
    inRate: courseOf(past, ({ nodes }) => nodes.get(nodeId)?.inRate),
    outRate: courseOf(past, ({ nodes }) => nodes.get(nodeId)?.outRate),
    lag: courseOf(past, (moment) => lagOf(moment, nodeId, LAG_KINDS)),
    behind: courseOf(past, (moment) => behindOf(moment, nodeId)),
  }
}

function behindOf({ at, nodes }: Moment, nodeId: string): number | null {
  const watermark = nodes.get(nodeId)?.watermark ?? null
  return watermark === null ? null : at - watermark
}
