import type { PatternConfig } from '../../index.ts'

/** An event as the model knows it: `a` and `b` say what it may be. */
export interface ModelEvent {
  readonly k: string | null
  readonly a: boolean | null
  readonly b: boolean | null
  readonly n: bigint | null
}

/** One thing that happens to a pattern. */
export type ModelStep = { readonly row: ModelEvent; readonly at: bigint } | { readonly watermark: bigint }

type Settings = Pick<PatternConfig, 'kind' | 'within' | 'overlap' | 'condition'>

/** The condition of the model: it fails beyond int64. */
export const CONDITION = 'a.n + b.n > 0'

const INT64_MAX = 9_223_372_036_854_775_807n

interface Arrival {
  readonly row: ModelEvent
  readonly time: number
}

/**
 * What a pattern must make of the steps: all events in the order of their times, once the last watermark is known. Whether
 * something can be told by then is asked at the end.
 */
export function patternModel(steps: readonly ModelStep[], settings: Settings) {
  const late: Record<string, unknown>[] = []
  const dropped: { row: Record<string, unknown>; cause: string }[] = []
  const inTime: Arrival[] = []
  let watermark = Number.NEGATIVE_INFINITY
  for (const step of steps) {
    if ('watermark' in step) watermark = Math.max(watermark, Number(step.watermark))
    else if (!step.row.a && !step.row.b)
      dropped.push({ row: { ...step.row }, cause: 'it is neither a first nor a second event' })
    else if (Number(step.at) <= watermark) late.push({ ...step.row })
    else inTime.push({ row: step.row, time: Number(step.at) })
  }
  const told = inTime.filter(({ time }) => time <= watermark).sort((one, other) => one.time - other.time)
  const output: { row: Record<string, unknown>; at: bigint }[] = []
  const errors: { code: string }[] = []
  for (const key of new Set(told.map(({ row }) => row.k))) {
    const events = told.filter(({ row }) => row.k === key)
    const starts = settings.overlap === 'each' ? events.filter(({ row }) => row.a) : null
    const found = starts ? matchEach(starts, events, settings) : matchOne(events, settings)
    errors.push(...found.failures.map(() => ({ code: 'int64_overflow' })))
    for (const { first, second } of found.fates) {
      if (second === null) {
        const at = first.time + settings.within
        if (settings.kind === 'absent' && at <= watermark) output.push({ row: alone(first), at: BigInt(at) })
      } else if (settings.kind === 'followed') {
        output.push({ row: pair(first, second), at: BigInt(second.time) })
      }
    }
  }
  return { output, late, dropped, errors }
}

interface Found {
  /** Each first event with the second that ended its wait; null: none did. */
  readonly fates: { readonly first: Arrival; readonly second: Arrival | null }[]
  readonly failures: unknown[]
}

/** Each first event by itself: the first of all later events that fits. */
function matchEach(starts: readonly Arrival[], events: readonly Arrival[], settings: Settings): Found {
  const failures: unknown[] = []
  const fates = starts.map((first) => {
    const later = events.slice(events.indexOf(first) + 1)
    return { first, second: later.find((event) => fits(first, event, settings, failures)) ?? null }
  })
  return { fates, failures }
}

/** One event after the other, with one that waits at most. */
function matchOne(events: readonly Arrival[], settings: Settings): Found {
  const { overlap, within } = settings
  const failures: unknown[] = []
  const fates: Found['fates'] = []
  let waiting: Arrival | null = null
  for (const event of events) {
    // Its time ends before this event; at the same time it would still be one in time.
    if (waiting !== null && event.time > waiting.time + within) {
      fates.push({ first: waiting, second: null })
      waiting = null
    }
    if (waiting !== null && fits(waiting, event, settings, failures)) {
      fates.push({ first: waiting, second: event })
      waiting = null
    }
    if (event.row.a && (waiting === null || overlap === 'replace')) waiting = event
  }
  if (waiting !== null) fates.push({ first: waiting, second: null })
  return { fates, failures }
}

function fits(first: Arrival, event: Arrival, { within, condition }: Settings, failures: unknown[]): boolean {
  if (!event.row.b || event.time > first.time + within) return false
  if (condition === '') return true
  if (first.row.n === null || event.row.n === null) return false
  const sum = first.row.n + event.row.n
  if (sum > INT64_MAX) failures.push(event)
  return sum > 0n && sum <= INT64_MAX
}

function alone({ row }: Arrival): Record<string, unknown> {
  return { ...row }
}

function pair({ row: first }: Arrival, { row: second }: Arrival): Record<string, unknown> {
  const named = (prefix: string, { k: _, ...rest }: ModelEvent) =>
    Object.entries(rest).map(([name, value]) => [prefix + name, value])
  return { k: first.k, ...Object.fromEntries([...named('a_', first), ...named('b_', second)]) }
}
