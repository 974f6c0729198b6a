import styles from './sparkline.module.css'

/** What a sparkline may be told. */
export interface SparklineProps {
  /** Oldest first; null where nothing is known. */
  readonly values: readonly (number | null)[]
  readonly width?: number
  readonly height?: number
  readonly tone?: 'neutral' | 'warn' | 'err' | 'off'
}

/** The course of a number as a small line over its area; the number itself stands beside it. */
export function Sparkline({ values, width = 104, height = 26, tone = 'neutral' }: SparklineProps) {
  const known = values.flatMap((value, index) => (value === null ? [] : [{ value, index }]))
  if (known.length < 2) {
    return <svg width={width} height={height} aria-hidden="true" />
  }
  const top = Math.max(...known.map(({ value }) => value), 1e-9)
  const x = (index: number) => 1 + (index / (values.length - 1)) * (width - 2)
  const y = (value: number) => height - 2 - (value / top) * (height - 5)
  const points = known.map(({ value, index }) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`)
  const area = [
    `${x(known[0]?.index ?? 0)},${height - 1}`,
    ...points,
    `${x(known.at(-1)?.index ?? 0)},${height - 1}`,
  ]
  return (
    <svg
      className={`${styles.spark} ${styles[tone]}`}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
    >
      <polygon points={area.join(' ')} />
      <polyline points={points.join(' ')} />
    </svg>
  )
}
