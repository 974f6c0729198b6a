import type { RunningConfig } from './settings.ts'

/*
 * What running aggregates mean, the slow and obvious way: lists of all events, searched from end to end for each one.
 * It shares no code with the node, and was written from the rules alone.
 */

/** An event as the model knows it. */
export interface ModelEvent {
  readonly k: string | null
  readonly v: bigint | null
  readonly time: number
}

/** An event or a watermark. */
export type ModelStep = { readonly event: ModelEvent } | { readonly watermark: number }

/** An event with those that count for it, in the order in which they came or, by event time, were handled. */
export interface Counted {
  readonly event: ModelEvent
  readonly counts: readonly ModelEvent[]
}

/** What becomes of the events: in the order in which they go on. */
export interface Expected {
  readonly counted: readonly Counted[]
  readonly late: readonly ModelEvent[]
}

type Setting = Pick<RunningConfig, 'over' | 'span' | 'events' | 'current' | 'order' | 'ttl'>

interface Handled extends ModelEvent {
  readonly now: number
}

/** What running aggregates must make of the steps; by event time only what the last watermark has reached. */
export function runningModel(setting: Setting, steps: readonly ModelStep[]): Expected {
  const arrived = arrivals(steps)
  const end = Math.max(
    ...steps.map((step) => ('watermark' in step ? step.watermark : Number.NEGATIVE_INFINITY)),
  )
  if (setting.order === 'arrival')
    return { counted: arrived.map((_, i) => countedBy(setting, arrived, i)), late: [] }
  const inTime = arrived.filter(({ time, now }) => time > now && time <= end).sort((a, b) => a.time - b.time)
  const handled = inTime.map((event) => ({ ...event, now: event.time }))
  return {
    counted: handled.map((_, i) => countedBy(setting, handled, i)),
    late: arrived.filter(({ time, now }) => time <= now),
  }
}

/** Events with the watermark that they meet. */
function arrivals(steps: readonly ModelStep[]): Handled[] {
  let now = Number.NEGATIVE_INFINITY
  return steps.flatMap((step) => {
    if ('event' in step) return [{ ...step.event, now }]
    now = Math.max(now, step.watermark)
    return []
  })
}

function countedBy(setting: Setting, events: readonly Handled[], i: number): Counted {
  const event = events[i] as Handled
  const before = events.slice(0, i).filter(({ k }) => k === event.k)
  const known = setting.over === 'time' ? withinSpan(setting, before, event) : lastOf(setting, before, event)
  return { event, counts: setting.current ? [...known, event] : known }
}

function withinSpan(
  { span }: Setting,
  before: readonly Handled[],
  { time, now }: Handled,
): readonly Handled[] {
  return before.filter((one) => one.time <= time && one.time > time - span && one.time > now - span)
}

/** Replays who was remembered when. */
function lastOf({ events, current, ttl }: Setting, before: readonly Handled[], { now }: Handled) {
  const wanted = current ? events - 1 : events
  let remembered: { event: Handled; until: number }[] = []
  for (const event of before) {
    remembered = remembered.filter(({ until }) => until > event.now)
    const until = Math.max(event.time + ttl, ...remembered.map((one) => one.until))
    if (until > event.now) remembered.push({ event, until })
    while (remembered.length > wanted) remembered.shift()
  }
  return remembered.filter(({ until }) => until > now).map(({ event }) => event)
}
