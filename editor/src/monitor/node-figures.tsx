import type { LiveNode } from '@millrace/contracts'
import { useMemo } from 'react'
import { formatRate, formatShortCount } from '../format/numbers.ts'
import { type Message, msg, t } from '../i18n/t.ts'
import { Sparkline, type SparklineProps } from '../ui/sparkline.tsx'
import { courseOf } from './live-store.ts'
import styles from './monitor.module.css'
import { useLive, useMoment } from './monitor-context.ts'

interface Figure {
  /** Its name in tests. */
  readonly id: string
  readonly label: Message
  readonly rate: (node: LiveNode) => number
  readonly total: (node: LiveNode) => number
  readonly tone?: SparklineProps['tone']
}

const FIGURES: readonly Figure[] = [
  { id: 'in', label: msg('In'), rate: ({ inRate }) => inRate, total: (node) => node.in },
  { id: 'out', label: msg('Out'), rate: ({ outRate }) => outRate, total: ({ out }) => out },
  {
    id: 'late',
    label: msg('Late'),
    rate: ({ lateRate }) => lateRate,
    total: ({ late }) => late,
    tone: 'warn',
  },
  {
    id: 'errors',
    label: msg('Errors'),
    rate: ({ errorRate }) => errorRate,
    total: ({ errors }) => errors,
    tone: 'err',
  },
]

/** What goes in and out, what is late and what is wrong: the rate now, its course, the total. */
export function NodeFigures({ nodeId }: { readonly nodeId: string }) {
  return (
    <div className={styles.figures}>
      {FIGURES.map((figure) => (
        <FigureCard key={figure.id} nodeId={nodeId} figure={figure} />
      ))}
      <Filtered nodeId={nodeId} />
    </div>
  )
}

function FigureCard({ nodeId, figure }: { readonly nodeId: string; readonly figure: Figure }) {
  const { id, label, rate, total, tone } = figure
  const node = useMoment(({ nodes }) => nodes.get(nodeId))
  const past = useLive((state) => state.past)
  const course = useMemo(
    () =>
      courseOf(past.slice(-120), ({ nodes }) => {
        const found = nodes.get(nodeId)
        return found && rate(found)
      }),
    [past, nodeId, rate],
  )
  const isQuiet = course.every((value) => !value)
  return (
    <section className={styles.figure} aria-label={t(label)}>
      <span className="caption">{t(label)}</span>
      <span className={styles.figureValue} data-testid={`rate-${id}`}>
        {node === undefined ? '–' : formatRate(rate(node))}
        <span className={styles.unit}>/s</span>
      </span>
      <Sparkline values={course} width={120} tone={isQuiet ? 'off' : (tone ?? 'neutral')} />
      <span className="caption num" data-testid={`total-${id}`}>
        {node === undefined
          ? t('nothing known yet')
          : t('{node} in total', { node: formatShortCount(total(node)) })}
      </span>
    </section>
  )
}

function Filtered({ nodeId }: { readonly nodeId: string }) {
  const filtered = useMoment(({ nodes }) => nodes.get(nodeId)?.filtered) ?? 0
  if (filtered === 0) return null
  return (
    <p className={`caption ${styles.figureNote}`}>
      {t('{filtered} dropped by this node in total', { filtered: formatShortCount(filtered) })}
    </p>
  )
}
