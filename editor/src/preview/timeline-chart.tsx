import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { counted } from '../format/numbers.ts'
import { formatClock, formatDuration } from '../format/times.ts'
import { t } from '../i18n/t.ts'
import styles from './timeline.module.css'
import type { Dot, Timeline, TimelineWindow } from './timeline.ts'

const LANE = 30
const HEAD = 24
const AXIS = 22
const LABELS = 130
/** Half of a label of the axis fits here, px. */
const RIGHT = 32
const DOT = 2.2
/** Late events that are labelled; the others show how late they are on hover. */
const LABELLED = 6
/** Room that the label of one takes, px: another in it would cover it. */
const LABEL = 120

/** What the drawing may be told. */
export interface TimelineChartProps {
  readonly timeline: Timeline
  /** Allowed lateness, ms. */
  readonly wait: number
  readonly chosen: number | null
  readonly onChoose: (window: number | null) => void
}

/**
 * Windows as bands (or as bars in the lane of their group where they overlap), events as dots, the watermark as a line.
 * Arrow keys go from window to window.
 */
export function TimelineChart({ timeline, wait, chosen, onChoose }: TimelineChartProps) {
  const { box, width } = useWidth()
  const { from, to, lanes, windows, watermark } = timeline
  const height = HEAD + lanes.length * LANE + AXIS
  const bottom = height - AXIS
  const x = (time: number) => LABELS + ((time - from) / Math.max(1, to - from)) * (width - LABELS - RIGHT)
  const step = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const next = Math.min(windows.length - 1, Math.max(0, (chosen ?? (by > 0 ? -1 : windows.length)) + by))
    onChoose(next)
  }
  let labels = LABELLED
  let last = { lane: -1, x: 0 }
  return (
    <div ref={box} className={styles.box}>
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing has no element of its own */}
      <svg
        className={styles.chart}
        width={width}
        height={height}
        role="group"
        aria-label={t(
          'Timeline of {windows}. Arrow keys go from one to the next; the same stands in the table.',
          { windows: counted(windows.length, 'window') },
        )}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys choose a window here
        tabIndex={0}
        onKeyDown={step}
      >
        {windows.map((window, i) => (
          <Band
            key={`${window.start} ${window.end} ${window.lane}`}
            window={window}
            timeline={timeline}
            place={{ x, bottom, tracks: tracksOf(windows) }}
            index={i}
            isChosen={i === chosen}
            onChoose={() => onChoose(i === chosen ? null : i)}
          />
        ))}
        {lanes.map((lane, i) => (
          <g key={lane.label}>
            <line
              className={styles.laneLine}
              x1={LABELS}
              x2={width - RIGHT}
              y1={middleOf(i)}
              y2={middleOf(i)}
            />
            <text className={styles.laneLabel} x={LABELS - 10} y={middleOf(i) + 4} textAnchor="end">
              <title>{lane.label}</title>
              {lane.label.length > 18 ? `${lane.label.slice(0, 17)}…` : lane.label || t('all')}
            </text>
            {lane.dots.map((dot, at) => {
              const isCovered = last.lane === i && Math.abs(x(dot.time) - last.x) < LABEL
              const isLabelled = dot.lateBy !== null && !isCovered && labels-- > 0
              if (isLabelled) last = { lane: i, x: x(dot.time) }
              return (
                <Mark
                  // biome-ignore lint/suspicious/noArrayIndexKey: events have no name but their place
                  key={at}
                  dot={dot}
                  x={x(dot.time)}
                  y={middleOf(i) + jitter(at)}
                  isLabelled={isLabelled}
                  isChosen={chosen !== null && dot.windows.includes(chosen)}
                />
              )
            })}
          </g>
        ))}
        {wait > 0 && <Finals timeline={timeline} wait={wait} x={x} bottom={bottom} />}
        {watermark !== null && watermark >= from && watermark <= to && (
          <g>
            <line
              className={styles.watermark}
              x1={x(watermark)}
              x2={x(watermark)}
              y1={HEAD - 6}
              y2={bottom}
            />
            <text
              className={styles.watermarkLabel}
              x={x(watermark)}
              y={height - 4}
              textAnchor={x(watermark) > width - 120 ? 'end' : 'middle'}
            >
              {t('watermark {watermark}', { watermark: formatClock(watermark) })}
            </text>
          </g>
        )}
        <Axis from={from} to={to} x={x} y={bottom} hidden={watermark === null ? null : x(watermark)} />
      </svg>
    </div>
  )
}

function middleOf(lane: number): number {
  return HEAD + lane * LANE + LANE / 2
}

/** Dots of one lane lie a little above and below one another, so that they are told apart. */
function jitter(at: number): number {
  return ((at * 7) % 11) - 5
}

interface BandProps {
  readonly window: TimelineWindow
  readonly timeline: Timeline
  readonly place: {
    readonly x: (time: number) => number
    readonly bottom: number
    readonly tracks: readonly number[]
  }
  readonly index: number
  readonly isChosen: boolean
  readonly onChoose: () => void
}

function Band({ window, timeline, place: { x, bottom, tracks }, index, isChosen, onChoose }: BandProps) {
  const { start, end, lane, events, isOpen } = window
  const [left, right] = [Math.max(LABELS, x(start)), x(Math.min(end, timeline.to))]
  if (right <= left || end <= timeline.from) return null
  const isBar = timeline.isPerLane
  const track = tracks[index] ?? 0
  const top = isBar ? middleOf(lane ?? 0) - LANE / 2 + 2 + track * 3 : HEAD - 18
  const height = isBar ? LANE - 6 - track * 3 : bottom - top
  const name = t('{start} to {end}, {events}, {value}', {
    start: formatClock(start),
    end: formatClock(end),
    events: counted(events, 'event'),
    value: isOpen ? 'open' : 'final',
  })
  const className = [styles.window, isOpen && styles.openWindow, isChosen && styles.chosen].filter(Boolean)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard chooses windows by arrows on the whole drawing
    <g className={className.join(' ')} onClick={onChoose} data-window={index}>
      <title>{name}</title>
      <rect x={left} y={top} width={Math.max(1, right - left - 1)} height={height} rx={4} />
      {!isBar && right - left > 150 && (
        <text x={left + 6} y={top + 12} className={styles.windowLabel}>
          {formatClock(start)}
          {' · '}
          {counted(events, 'event')}
          {isOpen ? ` ${t('so far')}` : ''}
        </text>
      )}
    </g>
  )
}

/** For windows that overlap: how far down each is drawn, by its place. */
function tracksOf(windows: readonly TimelineWindow[]): readonly number[] {
  const ends = new Map<number | null, number[]>()
  return windows.map(({ start, end, lane }) => {
    const tracks = ends.get(lane) ?? []
    const free = tracks.findIndex((last) => last <= start)
    const track = free < 0 ? tracks.length : free
    tracks[track] = end
    ends.set(lane, tracks)
    return Math.min(track, 6)
  })
}

interface MarkProps {
  readonly dot: Dot
  readonly x: number
  readonly y: number
  readonly isLabelled: boolean
  readonly isChosen: boolean
}

function Mark({ dot: { time, lateBy }, x, y, isLabelled, isChosen }: MarkProps) {
  if (lateBy === null) {
    return (
      <circle className={isChosen ? styles.chosenDot : styles.dot} cx={x} cy={y} r={isChosen ? DOT + 1 : DOT}>
        <title>{formatClock(time)}</title>
      </circle>
    )
  }
  const words = t('{lateBy} late', { lateBy: formatDuration(lateBy) })
  return (
    <g className={styles.late}>
      <title>{`${formatClock(time)}: ${words}`}</title>
      <rect x={x - 4} y={y - 4} width={8} height={8} transform={`rotate(45 ${x} ${y})`} />
      {isLabelled && (
        <text x={x + (x > LABELS + 90 ? -10 : 10)} y={y + 4} textAnchor={x > LABELS + 90 ? 'end' : 'start'}>
          {words}
        </text>
      )}
    </g>
  )
}

interface FinalsProps {
  readonly timeline: Timeline
  readonly wait: number
  readonly x: (time: number) => number
  readonly bottom: number
}

/** Where windows become final: behind their end, once the wait for late events is over. */
function Finals({ timeline: { windows, from, to }, wait, x, bottom }: FinalsProps) {
  const times = [...new Set(windows.map(({ end }) => end + wait))].filter((time) => time > from && time < to)
  return times.map((time) => (
    <line key={time} className={styles.final} x1={x(time)} x2={x(time)} y1={HEAD - 6} y2={bottom} />
  ))
}

const STEPS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000,
  600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000, 604_800_000,
  2_592_000_000, 31_536_000_000,
]

interface AxisProps {
  readonly from: number
  readonly to: number
  readonly x: (time: number) => number
  readonly y: number
  /** Labels make room here. */
  readonly hidden: number | null
}

function Axis({ from, to, x, y, hidden }: AxisProps) {
  const step = STEPS.find((one) => x(from + one) - x(from) >= 90) ?? STEPS.at(-1) ?? 1
  const first = Math.ceil(from / step) * step
  const ticks = Array.from(
    { length: Math.min(60, Math.floor((to - first) / step) + 1) },
    (_, i) => first + i * step,
  )
  return (
    <g className={styles.axis}>
      {ticks.map((time) => (
        <g key={time}>
          <line x1={x(time)} x2={x(time)} y1={y} y2={y + 4} />
          {(hidden === null || Math.abs(x(time) - hidden) > 110) && (
            <text x={x(time)} y={y + 17} textAnchor="middle">
              {formatClock(time)}
            </text>
          )}
        </g>
      ))}
    </g>
  )
}

const FIRST_WIDTH = 900

/** The width of a box, px, as it changes. */
function useWidth() {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(FIRST_WIDTH)
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const resized = new ResizeObserver(() => setWidth(Math.max(400, element.clientWidth)))
    resized.observe(element)
    return () => resized.disconnect()
  }, [])
  return { box, width }
}
