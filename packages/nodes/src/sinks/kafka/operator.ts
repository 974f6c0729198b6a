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

function createEncoder(
  { key }: KafkaSinkConfig,
  { fields }: StreamSchema,
): (record: StreamRecord) => TopicMessage {
  const encode = encodeJson(fields)
  if (key.length === 0) return ({ row }) => ({ key: null, value: encode(row) })
  const reader = keyReader(fields, key)
  return ({ row }) => ({ key: reader.text(row), value: encode(row) })
}
