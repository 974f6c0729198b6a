import type { StreamRecord, TopicMessage, TopicSinkRuntime } from '@millrace/engine'
import { encodeJson } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import { keyReader } from '../../config/key-reader.ts'
import type { KafkaSinkConfig } from './definition.ts'

/** How a Kafka sink writes. */
export const kafkaSinkRuntime: TopicSinkRuntime<KafkaSinkConfig> = {
  role: 'topic-sink',
  type: 'kafka-sink',
  topic: ({ connection, topic }) => ({ connection, topic }),
  createEncoder,
}

/** A row that was taken back becomes a tombstone; of an update the row as it is now is written. */
function createEncoder(
  { key }: KafkaSinkConfig,
  { fields, updates }: StreamSchema,
): (record: StreamRecord) => TopicMessage {
  const encode = encodeJson(fields)
  const names = key.length > 0 ? key : (updates?.key ?? [])
  if (names.length === 0 && updates === undefined) return ({ row }) => ({ key: null, value: encode(row) })
  const reader = keyReader(fields, names)
  return ({ row, kind }) => ({ key: reader.text(row), value: kind === 'delete' ? null : encode(row) })
}
