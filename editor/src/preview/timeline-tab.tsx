import { SegmentedControl } from '@mantine/core'
import type { NodePreview } from '@millrace/engine'
import { findNode, type GraphNode } from '@millrace/graph'
import { useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { counted, formatCount } from '../format/numbers.ts'
import { formatClock, formatDuration } from '../format/times.ts'
import { t } from '../i18n/t.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Icon } from '../ui/icon.tsx'
import { onlySelected } from '../workspace/view-store.ts'
import { useDocument, useFacts, useView, useWorkspace } from '../workspace/workspace.ts'
import styles from './timeline.module.css'
import { isWindowed, type Timeline, timelineOf } from './timeline.ts'
import { TimelineChart } from './timeline-chart.tsx'
import { TimelineTable } from './timeline-table.tsx'

/** The windows of the selected node on a line of event time, with the sample's events in them and those that were late. */
export function TimelineTab() {
  const { preview } = useWorkspace()
  const nodeId = useView(onlySelected)
  const rows = useStore(preview.store, (state) => state.rows)
  const node = useDocument(({ graph }) => (nodeId === null ? undefined : findNode(graph, nodeId)))
  if (node === undefined) return <NotWindowed />
  if (rows === null || rows.nodeId !== node.id || rows.preview === null) {
    return (
      <EmptyState icon="clock" title={t('No windows to draw yet')}>
        {t('They are drawn once events of the sample get here.')}
      </EmptyState>
    )
  }
  return <NodeTimeline key={node.id} node={node} preview={rows.preview} />
}

function NotWindowed() {
  return (
    <EmptyState icon="window" title={t('Select a window')}>
      {t(
        'You then see its windows on a line of event time, which events of the sample fall into them, and which come too late.',
      )}
    </EmptyState>
  )
}

function NodeTimeline({ node, preview }: { readonly node: GraphNode; readonly preview: NodePreview }) {
  const [lanes, setLanes] = useState<'groups' | 'one'>('groups')
  const [view, setView] = useState<'drawn' | 'table'>('drawn')
  const [chosen, setChosen] = useState<number | null>(null)
  const schemas = useFacts(({ analysis }) => analysis.schemas.get(node.id))
  const sensitive = useFacts(({ analysis }) => analysis.sensitive.get(node.id)?.outputs.out)
  const [input] = Object.values(schemas?.inputs ?? {})
  const output = schemas?.outputs.out
  const isFit = !!input && !!output && isWindowed(input.fields, output.fields)
  const timeline = useMemo(
    () =>
      isFit
        ? timelineOf({
            ...{ in: preview.in[0] ?? [], out: preview.out[0] ?? [], late: preview.late },
            watermark: preview.watermark,
            ...{ inFields: input.fields, outFields: output.fields },
            ...{ sensitive: sensitive ?? new Set<string>(), lanes },
          })
        : null,
    [isFit, preview, input, output, sensitive, lanes],
  )
  if (timeline === null) return <NotWindowed />
  if (timeline.lanes.length === 0) {
    return (
      <EmptyState icon="inbox" title={t('No event of the sample got here')}>
        {t('A node before it may drop all of them: its card says how many.')}
      </EmptyState>
    )
  }
  const wait = typeof node.config.allowedLateness === 'number' ? node.config.allowedLateness : 0
  return (
    <div className={styles.timeline}>
      <div className={styles.tools}>
        <SegmentedControl
          size="xs"
          aria-label={t('Lanes')}
          data={[
            { value: 'groups', label: t('Lane per group') },
            { value: 'one', label: t('All in one') },
          ]}
          value={lanes}
          onChange={(value) => {
            setChosen(null)
            setLanes(value as 'groups' | 'one')
          }}
        />
        <SegmentedControl
          size="xs"
          aria-label={t('How windows are shown')}
          data={[
            { value: 'drawn', label: t('Drawn') },
            { value: 'table', label: t('Table') },
          ]}
          value={view}
          onChange={(value) => setView(value as 'drawn' | 'table')}
        />
        <span className="grow" />
        <Legend wait={wait} />
      </div>
      {view === 'drawn' ? (
        <TimelineChart timeline={timeline} wait={wait} chosen={chosen} onChoose={setChosen} />
      ) : (
        <TimelineTable timeline={timeline} wait={wait} />
      )}
      <p className={styles.words} role="status">
        <Icon name="info" size={14} /> <span>{wordsOf(timeline, wait, chosen)}</span>
      </p>
    </div>
  )
}

function Legend({ wait }: { readonly wait: number }) {
  return (
    <span className={styles.legend} aria-hidden="true">
      <i className={styles.keyDot} /> {t('event at its event time')}
      <i className={styles.keyLate} /> {t('late')}
      <i className={styles.keyWatermark} /> {t('watermark')}
      {wait > 0 && (
        <>
          <i className={styles.keyFinal} /> {t('final')}
        </>
      )}
    </span>
  )
}

/** What the chosen window, or else the newest open one, waits for, and what came too late. */
export function wordsOf(timeline: Timeline, wait: number, chosen: number | null): string {
  const { windows, watermark, late, otherGroups, outside } = timeline
  const window = windows[chosen ?? windows.findLastIndex(({ isOpen }) => isOpen)] ?? windows.at(-1)
  const sentences: string[] = []
  if (window !== undefined) {
    const name = t('The window {start} to {end}', {
      start: formatClock(window.start),
      end: formatClock(window.end),
    })
    const final = window.end + wait
    if (!window.isOpen)
      sentences.push(t('{name} is final with {events}.', { name, events: counted(window.events, 'event') }))
    else {
      const left =
        watermark === null
          ? ''
          : t(', {formatDuration} of event time from now', {
              formatDuration: formatDuration(Math.max(0, final - watermark)),
            })
      sentences.push(
        t('{name} is open with {events}. It becomes final when the watermark reaches {final}{left}.', {
          name,
          events: counted(window.events, 'event'),
          final: formatClock(final),
          left,
        }),
      )
    }
  }
  if (watermark === null) sentences.push(t('There is no watermark yet: not every source has had an event.'))
  sentences.push(
    late === 0
      ? t('No event came too late.')
      : t(
          '{events} came too late: their window was final already. A longer “Wait for late events” would catch some.',
          { events: counted(late, 'event') },
        ),
  )
  if (otherGroups > 0)
    sentences.push(
      t('{otherGroups} more groups have no lane of their own.', { otherGroups: formatCount(otherGroups) }),
    )
  if (outside > 0)
    sentences.push(t('{events} lie outside of what is drawn.', { events: counted(outside, 'event') }))
  return sentences.join(' ')
}
