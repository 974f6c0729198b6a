import { type Decoded, type RawRecord, RecordError, type TopicSourceRuntime } from '@millrace/engine'
import { type DecodeRecord, decodeJson, TIMESTAMP_LIMIT, withNullable } from '@millrace/expr'
import { readSchema } from '../../config/check-schema.ts'
import type { KafkaSourceConfig } from './definition.ts'

/** How a Kafka source reads its records. */
export const kafkaSourceRuntime: TopicSourceRuntime<KafkaSourceConfig> = {
  role: 'topic-source',
  type: 'kafka',
  topic: ({ connection, topic }) => ({ connection, topic }),
  time: ({ outOfOrderness, idleTimeout, maxAhead, maxDrift = null }) => ({
    ...{ outOfOrderness, idleTimeout, maxAhead, maxDrift },
  }),
  isStrict: ({ unreadable }) => unreadable === 'stop',
  createDecoder,
}

function createDecoder({ fields: rows, eventTime }: KafkaSourceConfig): (record: RawRecord) => Decoded {
  const fields = readSchema(rows)
  const time = fields.findIndex(({ name }) => name === eventTime)
  // A missing event time has a reason of its own, also where the field is declared as not null.
  const decode = decodeJson(
    fields.map((field, i) => (i === time ? { ...field, type: withNullable(field.type, true) } : field)),
  )
  if (time < 0) return (record) => ({ row: decodeValue(decode, record), time: timestampOf(record) })
  return (record) => {
    const row = decodeValue(decode, record)
    return { row, time: checkTime(row[time] as number | bigint | null) }
  }
}

function decodeValue(decode: DecodeRecord, { value }: RawRecord) {
  if (value === null) throw new RecordError('no_value', 'The record has no value (it is a tombstone).')
  return decode(value)
}

/** Kafka writes −1 where a producer gave no timestamp. */
function timestampOf({ timestamp }: RawRecord): number {
  if (timestamp < 0) throw new RecordError('no_event_time', 'The record has no timestamp.')
  return timestamp
}

function checkTime(time: number | bigint | null): number {
  if (time === null) throw new RecordError('no_event_time', 'The event has no event time.')
  if (typeof time === 'bigint' || Math.abs(time) > TIMESTAMP_LIMIT) {
    throw new RecordError('event_time_out_of_range', 'The event time is beyond the range of timestamps.')
  }
  return time
}
