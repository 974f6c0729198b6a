import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import UPlot from 'uplot'
import { t } from '../i18n/t.ts'
import 'uplot/dist/uPlot.min.css'
import { formatClock, formatShortClock } from '../format/times.ts'
import { chartColumns, tickWords } from './chart-columns.ts'
import styles from './monitor.module.css'

/** One line of a chart. */
export interface ChartLine {
  readonly label: string
  /** As long as the times; null where nothing is known. */
  readonly values: readonly (number | null)[]
  readonly dashed?: boolean
  readonly strong?: boolean
}

/** What a chart may be told. */
export interface TimeChartProps {
  readonly title: string
  /** Epoch ms, rising. */
  readonly times: readonly number[]
  readonly lines: readonly ChartLine[]
  /** A value as it stands at the axis and at a line's end. */
  readonly format: (value: number) => string
}

const HEIGHT = 150
const LABEL_ROOM = 92

/** Figures over time; each line is labelled at its end, so that there is no legend to decode. */
export function TimeChart({ title, times, lines, format }: TimeChartProps) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot | null>(null)
  const scheme = useComputedColorScheme()
  const shape = lines.map(({ label, dashed, strong }) => `${label} ${dashed} ${strong}`).join('|')
  const isEmpty = lines.every(({ values }) => values.every((value) => value === null))
  const columns = chartColumns(
    times,
    lines.map(({ values }) => values),
  )
  const data = columns as UPlot.AlignedData

  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart is made anew for other lines or colours only
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const made = new UPlot(optionsFor(element.clientWidth, lines, format), data, element)
    plot.current = made
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }))
    resized.observe(element)
    return () => {
      resized.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [scheme, shape])

  useEffect(() => {
    plot.current?.setData(data)
  })

  return (
    <figure className={styles.chart}>
      <figcaption>
        {title}
        {isEmpty && <span className="caption"> {t('· nothing yet')}</span>}
      </figcaption>
      <div
        ref={box}
        role="img"
        aria-label={`${title}: ${lines.map((line) => lastWords(line, format)).join(', ')}`}
      />
    </figure>
  )
}

function lastWords({ label, values }: ChartLine, format: (value: number) => string): string {
  const last = values.findLast((value) => value !== null)
  return `${label} ${last == null ? 'unknown' : format(last)}`.trim()
}

function optionsFor(
  width: number,
  lines: readonly ChartLine[],
  format: (value: number) => string,
): UPlot.Options {
  const colour = (name: string) =>
    getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()
  const font = `11px ${getComputedStyle(document.body).fontFamily}`
  const axis = { stroke: colour('ink3'), font, ticks: { show: false } }
  return {
    width,
    height: HEIGHT,
    padding: [8, LABEL_ROOM, 0, 0],
    pxAlign: true,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        space: 80,
        values: (_plot, ticks, _axis, _space, step) => ticks.map((tick) => clockOf(tick, step)),
      },
      {
        ...axis,
        size: 72,
        space: 36,
        grid: { stroke: colour('line'), width: 1 },
        values: (_plot, ticks) => tickWords(ticks, format),
      },
    ],
    series: [
      {},
      ...lines.map(({ dashed, strong }) => ({
        stroke: colour(strong ? 'accent' : 'ink2'),
        width: 1.75,
        points: { show: false },
        ...(dashed && { dash: [4, 3] }),
      })),
    ],
    hooks: { draw: [(plot) => drawEndLabels(plot, lines, format, font, colour)] },
  }
}

/** Seconds are shown only where ticks (s) are closer than a minute. */
function clockOf(seconds: number, step: number): string {
  return step < 60 ? formatClock(seconds * 1000) : formatShortClock(seconds * 1000)
}

/**
 * Writes each line's name and newest value behind its end; two that would overlap stand one below the other. The values
 * are those of the plot: it outlives the lines that it was made with.
 */
function drawEndLabels(
  plot: UPlot,
  lines: readonly ChartLine[],
  format: (value: number) => string,
  font: string,
  colour: (name: string) => string,
): void {
  const { ctx } = plot
  const ratio = devicePixelRatio
  const gap = 13 * ratio
  let lastY = Number.NEGATIVE_INFINITY
  const ends = lines.flatMap(({ label, strong }, i) => {
    const last = Array.from(plot.data[i + 1] ?? []).findLast((value) => value != null)
    return last == null
      ? []
      : [{ text: `${label} ${format(last)}`.trim(), strong, y: plot.valToPos(last, 'y', true) }]
  })
  ctx.save()
  ctx.font = font.replace('11px', `600 ${11 * ratio}px`)
  ctx.textBaseline = 'middle'
  ctx.textAlign = 'left'
  for (const { text, strong, y } of ends.toSorted((a, b) => a.y - b.y)) {
    const at = Math.max(y, lastY + gap)
    lastY = at
    ctx.fillStyle = colour(strong ? 'accent-ink' : 'ink2')
    ctx.fillText(text, plot.bbox.left + plot.bbox.width + 6 * ratio, at)
  }
  ctx.restore()
}
