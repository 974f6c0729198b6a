import type { OperatorContext } from '@millrace/engine'
import { type TimeZone, timeZone } from '@millrace/expr'
import type { JsonValue } from '@millrace/graph'
import { CumulativeWindows } from './cumulative-windows.ts'
import { GapFiller, type Series } from './gap-filler.ts'
import { HoppingGrid } from './hopping-grid.ts'
import { HoppingWindows } from './hopping-windows.ts'
import type { OpenWindows } from './open-windows.ts'
import { Results } from './results.ts'
import { SessionWindows } from './session-windows.ts'
import type { WindowConfig } from './settings.ts'
import { CalendarSpans, fixedSpans, type Spans } from './spans.ts'
import { calendarSteps, fixedSteps, type Steps } from './steps.ts'
import { TumblingWindows } from './tumbling-windows.ts'
import { checkBounds, type WindowPlan } from './window-plan.ts'

/** One kind of windows with its settings. */
export interface WindowKind {
  /**
   * The start of the pane that events of a time are kept in; null where they belong to no window.
   *
   * @throws RecordError where a window that they belong to leaves the range of timestamps
   */
  paneOf(time: number): number | null
  open(plan: WindowPlan, context: OperatorContext): OpenWindows
  /** What gives the state its meaning. */
  readonly signature: JsonValue
}

/** Why an event goes no further that belongs to no window. */
export const BETWEEN = 'between two windows'

/** The windows of a valid config. */
export function windowKind(config: WindowConfig): WindowKind {
  return KINDS[config.kind](config)
}

const KINDS: Readonly<Record<WindowConfig['kind'], (config: WindowConfig) => WindowKind>> = {
  tumbling,
  hopping,
  cumulative,
  session,
}

const DAY = 86_400_000

/** How far the ends of spans are apart, at most. */
const LONGEST = { day: 25 * 3_600_000, week: 7 * DAY + 3_600_000, month: 31 * DAY + 3_600_000 } as const

function tumbling(config: WindowConfig): WindowKind {
  const spans = spansOf(config)
  const series: Series = {
    after: (end) => ({ start: end, end: spans.endOf(end) }),
    stride: config.length === 'fixed' ? config.size : LONGEST[config.length],
  }
  return {
    signature: ['tumbling', ...spanSignature(config)],
    paneOf(time) {
      const start = spans.startOf(time)
      checkBounds(start, spans.endOf(start))
      return start
    },
    open: (plan, context) => new TumblingWindows(plan, spans, context, gapFiller(plan, series, context)),
  }
}

function hopping({ size, slide, offset }: WindowConfig): WindowKind {
  const grid = new HoppingGrid(size, slide, offset)
  const series: Series = { after: (end) => ({ start: end + slide - size, end: end + slide }), stride: slide }
  return {
    signature: ['hopping', size, slide, offset],
    paneOf(time) {
      const pane = grid.paneOf(time)
      const last = grid.lastEnd(pane)
      if (last < pane.end) return null
      checkBounds(grid.firstEnd(pane) - size, last)
      return pane.start
    },
    open: (plan, context) => new HoppingWindows(plan, grid, context, gapFiller(plan, series, context)),
  }
}

function cumulative(config: WindowConfig): WindowKind {
  const steps = stepsOf(config)
  const { periods } = steps
  const series: Series = {
    after(end) {
      const before = periods.startOf(end - 1)
      const start = end < periods.endOf(before) ? before : end
      return { start, end: steps.stepOf(start, end).end }
    },
    stride: config.step,
  }
  return {
    signature: ['cumulative', ...spanSignature(config), config.step],
    paneOf(time) {
      const start = periods.startOf(time)
      checkBounds(start, periods.endOf(start))
      return steps.stepOf(start, time).start
    },
    open: (plan, context) => new CumulativeWindows(plan, steps, context, gapFiller(plan, series, context)),
  }
}

function session({ gap }: WindowConfig): WindowKind {
  return {
    signature: ['session', gap],
    paneOf(time) {
      checkBounds(time, time + gap)
      return time
    },
    open: (plan, context) => new SessionWindows(plan, context),
  }
}

function spanSignature({ length, size, offset, timeZone: zone }: WindowConfig): readonly JsonValue[] {
  return length === 'fixed' ? [size, offset] : [length, zone, offset]
}

function gapFiller(plan: WindowPlan, series: Series, context: OperatorContext): GapFiller | null {
  const { fillGaps, output } = plan.config
  return fillGaps && output === 'final' ? new GapFiller(plan, series, context, new Results(plan)) : null
}

function spansOf(config: WindowConfig): Spans {
  const { length, size, offset } = config
  return length === 'fixed' ? fixedSpans(size, offset) : new CalendarSpans(length, zoneOf(config), offset)
}

function stepsOf(config: WindowConfig): Steps {
  const { length, size, offset, step } = config
  if (length === 'fixed') return fixedSteps(fixedSpans(size, offset), step)
  const zone = zoneOf(config)
  return calendarSteps(new CalendarSpans(length, zone, offset), zone, step)
}

function zoneOf({ timeZone: id }: WindowConfig): TimeZone {
  const zone = timeZone(id)
  if (zone === null) throw new Error(`the config was not validated: there is no time zone ${id}`)
  return zone
}
