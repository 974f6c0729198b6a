import { parseTimestamp } from '@millrace/expr'

/** A record of a sample, as far as its time matters. */
export interface TimedRecord {
  readonly partition: number
  /** Of the record in Kafka, epoch ms. */
  readonly timestamp: number
  /** Its parsed value; undefined where that is no JSON object. */
  readonly json: unknown
}

/** A field that may hold the event time, with what its values say. */
export interface EventTimeProposal {
  readonly field: string
  /** Share of the records that have a time there, 0 to 1. */
  readonly share: number
  /** How far an event is behind a newer one of its partition, at most, ms. */
  readonly outOfOrderness: number
  /** The middle distance to the timestamp of the record in Kafka, ms; negative where events are from the future. */
  readonly delay: number
}

/** Names that say when something happened, the best first. */
const NAMES = [
  /^(event|occurred|happened)[_-]?(time|at|ts|timestamp)?$/i,
  /^(ts|at|time|timestamp|@timestamp)$/i,
  /^(created|emitted|produced|recorded|started|updated|sent)[_-]?(at|time|ts|on)$/i,
]

/** What may hold an event time: timestamps, and whole numbers that may be epoch ms. */
export interface TimeField {
  readonly name: string
  readonly isTimestamp: boolean
}

/** Numbers this near to the timestamps of their records are taken for epoch ms, whatever their field is called. */
const NEAR = 365 * 86_400_000

/**
 * Fields that may hold the event time, the likeliest first: those that every record has, whose name
 * says so, and whose values lie near the timestamps that Kafka keeps.
 */
export function proposeEventTime(
  fields: readonly TimeField[],
  records: readonly TimedRecord[],
): readonly EventTimeProposal[] {
  const objects = records.filter(({ json }) => typeof json === 'object' && json !== null)
  return fields
    .flatMap(({ name, isTimestamp }) => {
      const proposal = proposalOf(name, objects)
      return proposal && (isTimestamp || Math.abs(proposal.delay) <= NEAR) ? [proposal] : []
    })
    .sort((a, b) => b.share - a.share || rank(a) - rank(b) || Math.abs(a.delay) - Math.abs(b.delay))
}

function proposalOf(field: string, records: readonly TimedRecord[]): EventTimeProposal | null {
  const timed = records.flatMap(({ partition, timestamp, json }) => {
    const time = timeIn(json as object, field)
    return time === null ? [] : [{ partition, timestamp, time }]
  })
  if (timed.length === 0) return null
  const newest = new Map<number, number>()
  let outOfOrderness = 0
  for (const { partition, time } of timed) {
    const before = newest.get(partition) ?? time
    outOfOrderness = Math.max(outOfOrderness, before - time)
    newest.set(partition, Math.max(before, time))
  }
  const delays = timed.map(({ timestamp, time }) => timestamp - time).sort((a, b) => a - b)
  const delay = delays[delays.length >> 1] ?? 0
  return { field, share: timed.length / records.length, outOfOrderness, delay }
}

function timeIn(json: object, field: string): number | null {
  const value: unknown = Object.hasOwn(json, field) ? (json as Record<string, unknown>)[field] : null
  if (typeof value === 'number' && Number.isInteger(value)) return value
  const time = typeof value === 'string' ? parseTimestamp(value) : null
  return typeof time === 'number' ? time : null
}

function rank({ field }: EventTimeProposal): number {
  const found = NAMES.findIndex((name) => name.test(field))
  return found < 0 ? NAMES.length : found
}
