import { formatDuration } from '../../config/words.ts'
import type { WindowConfig } from './settings.ts'

/** One line for the card of a window: its time, groups and functions. */
export function digest(config: WindowConfig): string {
  const { groupBy, aggregates } = config
  const functions = [...new Set(aggregates.map((entry) => entry.function.replace('_', ' ')))].join(', ')
  const groups = groupBy.length === 0 ? '' : ` by ${groupBy.join(', ')}`
  return `${TIMES[config.kind](config)}${groups}: ${functions}`
}

const TIMES: Readonly<Record<WindowConfig['kind'], (config: WindowConfig) => string>> = {
  tumbling: lengthOf,
  hopping: ({ size, slide }) => `${formatDuration(size)} every ${formatDuration(slide)}`,
  cumulative: (config) => `${lengthOf(config)} so far, every ${formatDuration(config.step)}`,
  session: ({ gap }) => `session with gap ${formatDuration(gap)}`,
}

function lengthOf({ length, size }: WindowConfig): string {
  return length === 'fixed' ? formatDuration(size) : length
}
