import { indexGraph, type PipelineGraph } from '@millrace/graph'
import { useMemo } from 'react'
import { formatRate, formatShortCount } from '../format/numbers.ts'
import { formatDuration } from '../format/times.ts'
import { t } from '../i18n/t.ts'
import { courseOf, lagOf, type Moment } from './live-store.ts'
import styles from './monitor.module.css'
import { useLive } from './monitor-context.ts'
import { TimeChart } from './time-chart.tsx'

/** What flows into the pipeline and out of it, how far it is behind, how long events take. */
export function PipelineCharts({ graph }: { readonly graph: PipelineGraph }) {
  const past = useLive((state) => state.past)
  const ends = useMemo(() => endsOf(graph), [graph])
  const courses = useMemo(
    () => ({
      times: past.map(({ at }) => at),
      inRate: courseOf(past, (moment) => sum(moment, ends.sources, 'outRate')),
      outRate: courseOf(past, (moment) => sum(moment, ends.sinks, 'inRate')),
      lag: courseOf(past, (moment) => totalLag(moment, ends.sources)),
      p99: courseOf(past, (moment) => slowest(moment, ends.sinks, 'p99')),
      p50: courseOf(past, (moment) => slowest(moment, ends.sinks, 'p50')),
    }),
    [past, ends],
  )
  const { times } = courses
  return (
    <div className={styles.wideCharts}>
      <TimeChart
        title={t('Events per second')}
        times={times}
        format={formatRate}
        lines={[
          { label: t('in'), values: courses.inRate, strong: true },
          { label: t('to sinks'), values: courses.outRate, dashed: true },
        ]}
      />
      <TimeChart
        title={t('Lag of the sources, records')}
        times={times}
        format={formatShortCount}
        lines={[{ label: '', values: courses.lag, strong: true }]}
      />
      <TimeChart
        title={t('Latency to the slowest sink')}
        times={times}
        format={formatDuration}
        lines={[
          { label: 'p99', values: courses.p99, strong: true },
          { label: 'p50', values: courses.p50, dashed: true },
        ]}
      />
    </div>
  )
}

function endsOf(graph: PipelineGraph) {
  const { incoming, outgoing } = indexGraph(graph)
  const lacks = (edges: ReadonlyMap<string, readonly unknown[]>) =>
    graph.nodes.filter(({ id }) => (edges.get(id)?.length ?? 0) === 0).map(({ id }) => id)
  return { sources: lacks(incoming), sinks: lacks(outgoing) }
}

function sum(moment: Moment, nodeIds: readonly string[], figure: 'inRate' | 'outRate'): number {
  return nodeIds.reduce((total, id) => total + (moment.nodes.get(id)?.[figure] ?? 0), 0)
}

function totalLag(moment: Moment, sources: readonly string[]): number | null {
  const lags = sources.flatMap((id) => lagOf(moment, id, ['source']) ?? [])
  return lags.length === 0 ? null : lags.reduce((a, b) => a + b)
}

function slowest(moment: Moment, sinks: readonly string[], figure: 'p50' | 'p99'): number | null {
  const values = sinks.flatMap((id) => moment.nodes.get(id)?.[figure] ?? [])
  return values.length === 0 ? null : Math.max(...values)
}
