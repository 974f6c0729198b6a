import { suggest, timeZone } from '@millrace/expr'
import { type ConfigIssue, didYouMean, quote } from '@millrace/graph'
import { issue } from '../../config/issue.ts'
import { formatDuration } from '../../config/words.ts'
import type { WindowConfig } from './settings.ts'

const DAY = 86_400_000

/** The shortest length that each unit of the calendar can have, but for changes of the clocks. */
const SHORTEST = { day: DAY, week: 7 * DAY, month: 28 * DAY } as const

/** How many windows an event may belong to, or a period may be cut into: each may be a result of its own. */
export const MOST_WINDOWS = 100_000

/** What is wrong with the times of a window. */
export function checkTimes(config: WindowConfig): readonly ConfigIssue[] {
  return CHECKS[config.kind](config)
}

const CHECKS: Readonly<Record<WindowConfig['kind'], (config: WindowConfig) => readonly ConfigIssue[]>> = {
  tumbling: checkPeriod,
  hopping: checkHopping,
  cumulative: checkCumulative,
  session: () => [],
}

/** The length of tumbling windows, or of the periods of cumulative ones. */
function checkPeriod(config: WindowConfig): readonly ConfigIssue[] {
  return [...checkOffset(config, periodOf(config)), ...checkZone(config)]
}

function periodOf({ length, size }: WindowConfig): number {
  return length === 'fixed' ? size : SHORTEST[length]
}

function checkHopping(config: WindowConfig): readonly ConfigIssue[] {
  const { size, slide } = config
  return [
    ...checkOffset(config, slide),
    ...checkCount(size / slide, size, 'slide', 'An event would belong to'),
  ]
}

function checkCumulative(config: WindowConfig): readonly ConfigIssue[] {
  return [...checkPeriod(config), ...checkStep(config)]
}

function checkStep(config: WindowConfig): readonly ConfigIssue[] {
  const { length, step } = config
  const period = periodOf(config)
  if (!isWhole(config)) {
    const rule =
      length === 'fixed'
        ? `must divide ${formatDuration(period)}`
        : `must divide a day, or be a number of days within the ${length}`
    return [issue('step_uneven', ['step'], `The step ${rule}: ${formatDuration(step)} does not.`)]
  }
  return checkCount(period / step, period, 'step', 'A period would have')
}

/** Fixed periods end with a step. Those of the calendar have whole steps up to midnight, and cut off the last one. */
function isWhole({ length, size, step }: WindowConfig): boolean {
  if (length === 'fixed') return size % step === 0
  return DAY % step === 0 || (step % DAY === 0 && step <= SHORTEST[length])
}

function checkCount(
  count: number,
  size: number,
  setting: 'slide' | 'step',
  what: string,
): readonly ConfigIssue[] {
  if (count <= MOST_WINDOWS) return []
  const most = MOST_WINDOWS.toLocaleString('en')
  const least = formatDuration(Math.ceil(size / MOST_WINDOWS))
  const message = `${what} more than ${most} windows: the ${setting} must be at least ${least}.`
  return [issue('too_many_windows', [setting], message)]
}

function checkOffset({ offset }: WindowConfig, limit: number): readonly ConfigIssue[] {
  if (Math.abs(offset) < limit) return []
  return [issue('offset_too_large', ['offset'], `The offset must be smaller than ${formatDuration(limit)}.`)]
}

function checkZone({ length, timeZone: id }: WindowConfig): readonly ConfigIssue[] {
  if (length === 'fixed' || timeZone(id) !== null) return []
  const likely = suggest(id, Intl.supportedValuesOf('timeZone'))
  const message = `${quote(id)} is no time zone.${didYouMean(likely)}`
  if (likely === null) return [issue('time_zone_unknown', ['timeZone'], message)]
  const fix = { label: `Use ${quote(likely)}`, path: ['timeZone'], value: likely }
  return [issue('time_zone_unknown', ['timeZone'], message, { fix })]
}
