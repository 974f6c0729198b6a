/** The kinds of topics that Millrace creates for itself. */
export type InternalTopicKind = 'repartition' | 'control' | 'changelog' | 'outbox' | 'dead'

/** How long compaction keeps tombstones of a changelog, ms. A copy whose stamp is older than half of it is rebuilt. */
export const TOMBSTONE_RETENTION_MS = 24 * 60 * 60 * 1000

const COMMON = {
  'retention.bytes': '-1',
  'message.timestamp.type': 'LogAppendTime',
  'segment.bytes': String(64 * 1024 * 1024),
  'max.message.bytes': String(8 * 1024 * 1024),
  'unclean.leader.election.enable': 'false',
}
const FOREVER = { ...COMMON, 'retention.ms': '-1' }

/** Topic settings by kind (exactly-once.md P1); `min.insync.replicas` comes with the replication factor. */
export const INTERNAL_TOPIC_CONFIG: Record<InternalTopicKind, Readonly<Record<string, string>>> = {
  repartition: { ...FOREVER, 'cleanup.policy': 'delete' },
  outbox: { ...FOREVER, 'cleanup.policy': 'delete' },
  control: { ...FOREVER, 'cleanup.policy': 'compact,delete' },
  changelog: {
    ...FOREVER,
    'cleanup.policy': 'compact',
    'segment.ms': String(10 * 60 * 1000),
    'min.cleanable.dirty.ratio': '0.3',
    'delete.retention.ms': String(TOMBSTONE_RETENTION_MS),
  },
  // Dead letters are for people: they keep the record's own time, and are kept until somebody has looked.
  dead: { ...FOREVER, 'cleanup.policy': 'delete', 'message.timestamp.type': 'CreateTime' },
}

/** The settings of a new internal topic. `maxMessageBytes`: for dead letters, see `deadLetterLimit`. */
export function internalTopicConfig(
  kind: InternalTopicKind,
  replicationFactor: number,
  maxMessageBytes?: number,
): Record<string, string> {
  return {
    ...INTERNAL_TOPIC_CONFIG[kind],
    'min.insync.replicas': replicationFactor >= 3 ? '2' : '1',
    ...(maxMessageBytes !== undefined && { 'max.message.bytes': String(maxMessageBytes) }),
  }
}

/** The largest message that a topic takes where it says nothing else, bytes: the default of Kafka. */
export const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588

/** What the headers of a dead letter may add to its source record, bytes. */
const DEAD_LETTER_HEADROOM = 65_536

/** `max.message.bytes` of a deployment's dead letters: any record that its topics take fits, with the facts in headers. */
export function deadLetterLimit(topics: Iterable<{ readonly maxMessageBytes: number }>): number {
  const limits = Array.from(topics, ({ maxMessageBytes }) => maxMessageBytes)
  return Math.max(DEFAULT_MAX_MESSAGE_BYTES, ...limits) + DEAD_LETTER_HEADROOM
}
