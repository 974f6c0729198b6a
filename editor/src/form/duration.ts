import { msg } from '../i18n/t.ts'

/** Units of time, largest first. */
export const DURATION_UNITS = [
  { value: 'd', label: msg('days'), ms: 86_400_000 },
  { value: 'h', label: msg('hours'), ms: 3_600_000 },
  { value: 'min', label: msg('minutes'), ms: 60_000 },
  { value: 's', label: msg('seconds'), ms: 1_000 },
  { value: 'ms', label: msg('ms'), ms: 1 },
] as const

/** A unit of time. */
export type DurationUnit = (typeof DURATION_UNITS)[number]['value']

/** The length of a unit, ms. */
export function lengthOf(unit: DurationUnit): number {
  return DURATION_UNITS.find(({ value }) => value === unit)?.ms ?? 1
}

/** The largest unit in which a span of time (ms) is a whole number; seconds for none at all. */
export function unitFor(ms: number): DurationUnit {
  if (ms === 0) return 's'
  return DURATION_UNITS.find((unit) => ms % unit.ms === 0)?.value ?? 'ms'
}
