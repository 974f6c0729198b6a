import type { Choice } from './settings.ts'

/*
 * What a dedupe means, the slow and obvious way: lists of events that are searched from end to end. It shares no code
 * with the node, and was written from the rules alone.
 */

/** A row of a random example. */
export interface ModelRow {
  readonly a: string | null
  readonly b: bigint | null
  readonly n: bigint
}

/** An event or a watermark. */
export type ModelStep = { readonly row: ModelRow; readonly at: bigint } | { readonly watermark: bigint }

interface Event {
  readonly row: ModelRow
  readonly time: number
}

/** What an example expects. */
interface Expected {
  readonly output: { row: Record<string, unknown>; at: bigint }[]
  readonly dropped: { row: Record<string, unknown>; cause: string }[]
  readonly late: Record<string, unknown>[]
}

/** What a dedupe must make of the steps; the last of them is a watermark beyond all events. */
export function dedupeModel(choice: Choice, steps: readonly ModelStep[], ttl: number): Expected {
  return MODELS[choice](eventsOf(steps), ttl)
}

/** An event with the watermark that it met. */
interface Arrival extends Event {
  readonly watermark: number
}

function eventsOf(steps: readonly ModelStep[]): Arrival[] {
  let watermark = Number.NEGATIVE_INFINITY
  return steps.flatMap((step) => {
    if ('row' in step) return [{ row: step.row, time: Number(step.at), watermark }]
    watermark = Math.max(watermark, Number(step.watermark))
    return []
  })
}

const MODELS: Readonly<Record<Choice, (events: readonly Arrival[], ttl: number) => Expected>> = {
  'first by arrival': firstByArrival,
  'first by event': firstByTime,
  'last by arrival': lastByArrival,
  'last by event': lastByTime,
}

function areEqual(a: Event, b: Event): boolean {
  return a.row.a === b.row.a && a.row.b === b.row.b
}

function outputOf({ row, time }: Event): Expected['output'][number] {
  return { row: { ...row }, at: BigInt(time) }
}

function firstByArrival(events: readonly Arrival[], ttl: number): Expected {
  const expected: Expected = { output: [], dropped: [], late: [] }
  let remembered: Event[] = []
  for (const event of events) {
    remembered = remembered.filter(({ time }) => time + ttl > event.watermark)
    if (remembered.some((kept) => areEqual(kept, event) && event.time < kept.time + ttl)) {
      expected.dropped.push({ row: { ...event.row }, cause: 'an equal event came before' })
      continue
    }
    remembered = [...remembered.filter((kept) => !areEqual(kept, event)), event]
    expected.output.push(outputOf(event))
  }
  return expected
}

/** All events in order of event time, once they are all there. */
function firstByTime(events: readonly Arrival[], ttl: number): Expected {
  const isLate = ({ time, watermark }: Arrival) => time <= watermark
  const kept: Event[] = []
  const dropped: Event[] = []
  const inTime = events.filter((event) => !isLate(event)).sort((a, b) => a.time - b.time)
  for (const event of inTime) {
    const isDouble = kept.some((one) => areEqual(one, event) && event.time < one.time + ttl)
    if (isDouble) dropped.push(event)
    else kept.push(event)
  }
  return {
    output: kept.map(outputOf),
    dropped: dropped.map(({ row }) => ({ row: { ...row }, cause: 'an equal event was earlier' })),
    late: events.filter(isLate).map(({ row }) => ({ ...row })),
  }
}

function lastByArrival(events: readonly Arrival[]): Expected {
  const last = events.filter((event, i) => !events.slice(i + 1).some((later) => areEqual(event, later)))
  return { output: last.map(outputOf), dropped: [], late: [] }
}

/** Of all that was not late, the latest. */
function lastByTime(events: readonly Arrival[], ttl: number): Expected {
  const taken: Event[] = []
  const expected: Expected = { output: [], dropped: [], late: [] }
  for (const event of events) {
    const { row, time, watermark } = event
    const isBehind = taken.some(
      (one) => areEqual(one, event) && one.time > time && one.time + ttl > watermark,
    )
    if (isBehind) expected.dropped.push({ row: { ...row }, cause: 'an equal event was later' })
    else if (time + ttl <= watermark) expected.late.push({ ...row })
    else taken.push(event)
  }
  const last = taken.filter(
    (event, i) =>
      !taken.some((other, j) => {
        return areEqual(event, other) && (other.time > event.time || (other.time === event.time && j > i))
      }),
  )
  expected.output.push(...last.map(outputOf))
  return expected
}
