import { type Decoded, type KeyedReference, type RawRecord, RecordError } from '@millrace/engine'
import {
  type DataType,
  type Field,
  type Row,
  structOf,
  TIMESTAMP_LIMIT,
  toInt64,
  type Value,
  withNullable,
} from '@millrace/expr'
import { referenceFields } from '../reference-data.ts'
import { ReferenceReader } from '../reference-record.ts'
import type { EnrichConfig } from '../settings.ts'

/** Positions in the rows of the stream of versions. */
export const VERSION = { key: 0, values: 1 } as const

/** Name of the key in the stream of versions. */
export const VERSION_KEY = 'key'

/** Versions further ahead of the clock than this hold from then on, and move no watermark before. */
const MAX_AHEAD = 300_000

/** The values that a version gives, by place: a struct, null where the version is a tombstone. */
export function valuesType(config: EnrichConfig): DataType {
  const fields = referenceFields(config)
  const added = config.add.map(({ field }, i) => ({ name: `v${i}`, type: typeOf(fields, field) }))
  return withNullable(structOf(added), true)
}

/** How the topic of versions is read. */
export function versionStream(config: EnrichConfig): KeyedReference {
  const key = withNullable(typeOf(referenceFields(config), config.keyField), false)
  return {
    schema: {
      fields: [
        { name: VERSION_KEY, type: key },
        { name: 'values', type: valuesType(config) },
      ],
      partitionedBy: null,
      eventTimeField: null,
    },
    time: {
      outOfOrderness: config.outOfOrderness,
      idleTimeout: config.timing === 'at-once' ? 0 : config.idleTimeout,
      maxAhead: MAX_AHEAD,
      takesAhead: true,
      untilRead: config.timing === 'at-once',
    },
    createDecoder: () => decoder(config, key),
  }
}

function decoder(config: EnrichConfig, keyType: DataType): (record: RawRecord) => Decoded {
  const fields = referenceFields(config)
  const reader = new ReferenceReader(fields, config.keyField)
  const positions = config.add.map(({ field }) => fields.findIndex(({ name }) => name === field))
  const time = fields.findIndex(({ name }) => name === config.versionTime)
  return (record) => {
    const { key, row } = reader.read(record)
    const values = row && positions.map((position) => row[position] as Value)
    return { row: [keyOf(key, keyType), values], time: checkTime(timeOf(record, row, time)) }
  }
}

/** A tombstone has no fields: it holds from the time at which it was written. */
function timeOf({ timestamp }: RawRecord, row: Row | null, position: number): Value {
  if (row !== null && position >= 0) return row[position] as Value
  return timestamp < 0 ? null : timestamp
}

function checkTime(time: Value): number {
  if (time === null) throw new RecordError('no_version_time', 'The version has no time.')
  if (typeof time !== 'number' || Math.abs(time) > TIMESTAMP_LIMIT)
    throw new RecordError('event_time_out_of_range', 'The version time is beyond the range of timestamps.')
  return time
}

/** The key of a tombstone is nothing but its text. */
function keyOf(text: string, { kind }: DataType): Value {
  if (kind === 'string') return text
  const value = /^-?\d{1,19}$/.test(text) ? toInt64(BigInt(text)) : null
  if (value !== null && String(value) === text) return value
  throw new RecordError('key_mismatch', 'The key of the record is no int64.')
}

function typeOf(fields: readonly Field[], name: string): DataType {
  const field = fields.find((candidate) => candidate.name === name)
  if (field === undefined) throw new Error('the config was not validated: a reference field does not exist')
  return field.type
}
