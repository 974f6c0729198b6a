import { decodeJson, encodeJson, type Field, type Row, scalar } from '@millrace/expr'
import type { Decoded } from '../operator.ts'
import type { RawRecord } from '../record.ts'

/** What flows through the test nodes: every node keeps these fields. */
export const EVENT_FIELDS: readonly Field[] = [
  { name: 'at', type: scalar('timestamp', false) },
  { name: 'key', type: scalar('string') },
  { name: 'group', type: scalar('string') },
  { name: 'value', type: scalar('int64', false) },
  { name: 'n', type: scalar('int64', false) },
]

/** Positions of the event's fields in a row. */
export const AT = 0
export const KEY = 1
export const GROUP = 2
export const VALUE = 3
export const N = 4

/** An event as a test writes it; what is missing is null, `value` 1 and `n` 1. */
export interface TestEvent {
  readonly at: number
  readonly key?: string | null
  readonly group?: string | null
  readonly value?: number
  readonly n?: number
}

const encode = encodeJson(EVENT_FIELDS)
const decode = decodeJson(EVENT_FIELDS)
const utf8 = new TextEncoder()

/** The row of an event. */
export function eventRow({ at, key = null, group = null, value = 1, n = 1 }: TestEvent): Row {
  return [at, key, group, value, n]
}

/** The JSON text of a row with the event's fields. */
export function eventJson(row: Row): string {
  return encode(row)
}

/** The event as a record of a topic; its timestamp is the event time. */
export function eventRecord(event: TestEvent, offset: number, topic = 'events', partition = 0): RawRecord {
  const value = utf8.encode(encode(eventRow(event)))
  return { topic, partition, offset, timestamp: event.at, key: null, value }
}

/** A record that no decoder takes. */
export function brokenRecord(offset: number, topic = 'events', partition = 0): RawRecord {
  return { topic, partition, offset, timestamp: 0, key: null, value: utf8.encode('{"at":') }
}

/** Reads the record of an event; throws DecodeError. */
export function decodeEvent({ value }: RawRecord): Decoded {
  const row = decode(value as Uint8Array)
  return { row, time: row[AT] as number }
}
