import {
  type KeyedState,
  parseSequenceSubKey,
  type StateLayout,
  type StreamRecord,
  type SubKeyRange,
  sequenceSubKey,
  timeOfSubKey,
  timeSubKey,
} from '@millrace/engine'
import { type Field, formatType, type Row, scalar, structOf, type Value, withNullable } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import type { EnrichConfig } from '../settings.ts'
import { valuesType } from './reference-stream.ts'

/** Positions in a state row. A row is a version (values, null for a tombstone) or an event that waits. */
const EVENT = 0
const VALUES = 1
const TIME = 2
const SOURCE_TIME = 3

/** Sub-keys of waiting events and of versions begin with these, then their time. */
const WAITING = 'E'
const VERSIONS = 'V'
const AFTER_VERSIONS = 'W'

/** All versions of a key. */
export const ALL_VERSIONS: SubKeyRange = { from: VERSIONS, to: AFTER_VERSIONS }

/** What an enrich by versions keeps. */
export function stateLayout(config: EnrichConfig, inputs: readonly StreamSchema[]): StateLayout {
  const events = inputs[0]?.fields ?? []
  const values = valuesType(config)
  const { connection, topic, keyField, key, versionTime } = config
  return {
    fields: [
      { name: 'event', type: withNullable(structOf(events), true) },
      { name: 'values', type: values },
      { name: 'time', type: scalar('timestamp') },
      { name: 'sourceTime', type: scalar('double') },
    ],
    openSubKeys: true,
    signature: {
      ...{ connection, topic, keyField, key, versionTime },
      values: formatType(values),
      events: events.map(({ name, type }: Field) => [name, formatType(type)]),
    },
  }
}

/** Versions of a key with times up to this one. */
export function versionsUntil(time: number): SubKeyRange {
  return { from: VERSIONS, to: VERSIONS + timeSubKey(time + 1) }
}

/** Versions of a key with times after this one. */
export function versionsAfter(time: number): SubKeyRange {
  return { from: VERSIONS + timeSubKey(time + 1), to: AFTER_VERSIONS }
}

/** Events that wait, of this time. */
export function waitingAt(time: number): SubKeyRange {
  return { from: WAITING + timeSubKey(time), to: WAITING + timeSubKey(time + 1) }
}

/** The sub-key of a version: of equal times the later one takes the place of the earlier one. */
export function versionSubKey(time: number): string {
  return VERSIONS + timeSubKey(time)
}

/** The time of a version, from its sub-key. */
export function versionTime(subKey: string): number {
  return timeOfSubKey(subKey.slice(1))
}

/** The sub-key for one more event that waits. */
export function nextWaiting(state: KeyedState, key: string, time: number): string {
  const [last] = state.range(key, { ...waitingAt(time), reverse: true, limit: 1 })
  const sequence = last ? parseSequenceSubKey(last.subKey.slice(1)).sequence + 1 : 0
  return WAITING + sequenceSubKey(time, sequence)
}

/** True for the sub-key of a version. */
export function isVersion(subKey: string): boolean {
  return subKey.startsWith(VERSIONS)
}

/** A version as a state row. */
export function versionRow(values: Value): Row {
  return [null, values, null, null]
}

/** What a version gives; null where it is a tombstone. */
export function valuesOf(row: Row): readonly Value[] | null {
  return row[VALUES] as readonly Value[] | null
}

/** An event as a state row. */
export function waitingRow({ row, time, sourceTime }: StreamRecord): Row {
  return [row, null, time, sourceTime]
}

/** The event of a state row. Where it came from is no longer known. */
export function eventOf(row: Row): StreamRecord {
  return {
    row: row[EVENT] as Row,
    time: row[TIME] as number,
    sourceTime: row[SOURCE_TIME] as number,
    origin: null,
  }
}
