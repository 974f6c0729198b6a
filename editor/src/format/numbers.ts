import { nounFor, perLanguage } from '../i18n/t.ts'

const whole = perLanguage((code) => new Intl.NumberFormat(code, { maximumFractionDigits: 0 }))
const oneDecimal = perLanguage((code) => new Intl.NumberFormat(code, { maximumFractionDigits: 1 }))
const compact = perLanguage(
  (code) => new Intl.NumberFormat(code, { notation: 'compact', maximumFractionDigits: 1 }),
)

/** `1,240`. */
export function formatCount(count: number): string {
  return whole().format(count)
}

/** A count where there is little room: whole up to 999,999, then `1.2M`. */
export function formatShortCount(count: number): string {
  return Math.abs(count) < 1_000_000 ? whole().format(count) : compact().format(count)
}

/** Events per second without the unit: one decimal below 10, else whole. */
export function formatRate(rate: number): string {
  return Math.abs(rate) < 10 ? oneDecimal().format(rate) : formatShortCount(rate)
}

/** `7.6`: at most one decimal. */
export function formatTenth(value: number): string {
  return oneDecimal().format(value)
}

/** A share from 0 to 1 as `3.8 %`. */
export function formatShare(share: number): string {
  return `${oneDecimal().format(share * 100)} %`
}

/** `1.2 kB`, powers of 1,000. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${whole().format(bytes)} B`
  if (bytes < 1_000_000) return `${oneDecimal().format(bytes / 1000)} kB`
  return `${oneDecimal().format(bytes / 1_000_000)} MB`
}

/** `1 node`, `2 nodes`; the noun is a text of the catalogues. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${nounFor(count, noun, plural)}`
}
