import { SegmentedControl } from '@mantine/core'
import type { NodePreview } from '@millrace/engine'
import { findNode, type GraphNode } from '@millrace/graph'
import { useMemo, useState } from 'react'
import { useStore } from 'zustand'
import { counted, formatCount } from '../format/numbers.ts'
import { formatClock, formatDuration } from '../format/times.ts'
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
      <EmptyState icon="clock" title="No windows to draw yet">
        They are drawn once events of the sample get here.
      </EmptyState>
    )
  }
  return <NodeTimeline key={node.id} node={node} preview={rows.preview} />
}

function NotWindowed() {
  return (
    <EmptyState icon="window" title="Select a window">
      You then see its windows on a line of event time, which events of the sample fall into them, and which
      come too late.
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
      <EmptyState icon="inbox" title="No event of the sample got here">
        A node before it may drop all of them: its card says how many.
      </EmptyState>
    )
  }
  const wait = typeof node.config.allowedLateness === 'number' ? node.config.allowedLateness : 0
  return (
    <div className={styles.timeline}>
      <div className={styles.tools}>
        <SegmentedControl
          size="xs"
          aria-label="Lanes"
          data={[
            { value: 'groups', label: 'Lane per group' },
            { value: 'one', label: 'All in one' },
          ]}
          value={lanes}
          onChange={(value) => {
            setChosen(null)
            setLanes(value as 'groups' | 'one')
          }}
        />
        <SegmentedControl
          size="xs"
          aria-label="How windows are shown"
          data={[
            { value: 'drawn', label: 'Drawn' },
            { value: 'table', label: 'Table' },
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
      <i className={styles.keyDot} /> event at its event time
      <i className={styles.keyLate} /> late
      <i className={styles.keyWatermark} /> watermark
      {wait > 0 && (
        <>
          <i className={styles.keyFinal} /> final
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
    const name = `The window ${formatClock(window.start)} to ${formatClock(window.end)}`
    const final = window.end + wait
    if (!window.isOpen) sentences.push(`${name} is final with ${counted(window.events, 'event')}.`)
    else {
      const left =
        watermark === null ? '' : `, ${formatDuration(Math.max(0, final - watermark))} of event time from now`
      sentences.push(
        `${name} is open with ${counted(window.events, 'event')}. It becomes final when the watermark reaches ${formatClock(final)}${left}.`,
      )
    }
  }
  if (watermark === null) sentences.push('There is no watermark yet: not every source has had an event.')
  sentences.push(
    late === 0
      ? 'No event came too late.'
      : `${counted(late, 'event')} came too late: their window was final already. A longer “Wait for late events” would catch some.`,
  )
  if (otherGroups > 0) sentences.push(`${formatCount(otherGroups)} more groups have no lane of their own.`)
  if (outside > 0) sentences.push(`${counted(outside, 'event')} lie outside of what is drawn.`)
  return sentences.join(' ')
}
