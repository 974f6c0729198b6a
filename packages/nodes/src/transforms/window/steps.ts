import type { TimeZone } from '@millrace/expr'
import { type CalendarSpans, floorTo, type Spans } from './spans.ts'

/** How the periods of cumulative windows are cut: a window begins with its period and ends with one of its steps. */
export interface Steps {
  readonly periods: Spans
  /** The step that a time within a period belongs to: from its start, included, to its end. */
  stepOf(period: number, time: number): { readonly start: number; readonly end: number }
}

/** Steps of one length in ms; the last one of a period ends with it. */
export function fixedSteps(periods: Spans, step: number): Steps {
  return {
    periods,
    stepOf(period, time) {
      const start = period + floorTo(time - period, step)
      return { start, end: Math.min(start + step, periods.endOf(period)) }
    },
  }
}

/**
 * Steps of local clocks: each ends when they first show the beginning of the period plus a multiple of the length, or a
 * later time. So a step in which clocks are changed may be longer, and one that is left out is none.
 */
export function calendarSteps(periods: CalendarSpans, zone: TimeZone, step: number): Steps {
  return {
    periods,
    stepOf(period, time) {
      const local = periods.localStartOf(period)
      const limit = periods.endOf(period)
      const edge = (i: number) => Math.min(i <= 0 ? period : zone.firstAt(local + i * step), limit)
      let i = Math.floor((time + zone.offsetAt(time) - local) / step)
      while (edge(i) > time) i--
      while (edge(i + 1) <= time) i++
      return { start: edge(i), end: edge(i + 1) }
    },
  }
}
