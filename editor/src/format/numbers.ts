const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const ONE_DECIMAL = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

/** `1,240`. */
export function formatCount(count: number): string {
  return WHOLE.format(count)
}

/** A count where there is little room: whole up to 999,999, then `1.2M`. */
export function formatShortCount(count: number): string {
  return Math.abs(count) < 1_000_000 ? WHOLE.format(count) : COMPACT.format(count)
}

/** Events per second without the unit: one decimal below 10, else whole. */
export function formatRate(rate: number): string {
  return Math.abs(rate) < 10 ? ONE_DECIMAL.format(rate) : formatShortCount(rate)
}

/** A share from 0 to 1 as `3.8 %`. */
export function formatShare(share: number): string {
  return `${ONE_DECIMAL.format(share * 100)} %`
}

/** `1.2 kB`, powers of 1,000. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${WHOLE.format(bytes)} B`
  if (bytes < 1_000_000) return `${ONE_DECIMAL.format(bytes / 1000)} kB`
  return `${ONE_DECIMAL.format(bytes / 1_000_000)} MB`
}

/** `1 node`, `2 nodes`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`
}
