import type { IsolationLevel, TopicPartition } from './api/api.ts'
import { deleteRecords, type RecordDeletion } from './api/delete-records.ts'
import { type ListedOffset, listOffsets } from './api/list-offsets.ts'
import { type OffsetFetchResponse, offsetFetch } from './api/offset-fetch.ts'
import type { Cluster } from './cluster.ts'
import { KafkaError, throwOnError } from './errors.ts'
import { askLeaders, resultsInOrder } from './partition-requests.ts'
import { backoff, retrying } from './retry.ts'

/**
 * A place in a partition: its first record, its end (`latest` is the high watermark, `last-stable` stops before the
 * first open transaction), or the first record at or after a time (milliseconds since 1970, among those before the
 * last stable offset).
 */
export type OffsetPlace = 'earliest' | 'latest' | 'last-stable' | { readonly timestamp: number }

/** What a place turned out to be. `offset` is `null` when no record is as young as the timestamp asked for. */
export interface PartitionOffset extends TopicPartition {
  readonly offset: number | null
}

/** A committed position. `offset` is `null` when the group has none in this partition; it never means 0. */
export interface CommittedOffset extends TopicPartition {
  readonly offset: number | null
  readonly metadata: string
}

/** How far a partition was emptied: its first offset now. */
export interface LowWatermark extends TopicPartition {
  readonly lowWatermark: number
}

interface Lookup {
  readonly timestamp: number
  readonly isolation: IsolationLevel
}

const NONE = -1
const UNSTABLE_RETRY_MS = 10

const NAMED_PLACES = {
  earliest: { timestamp: -2, isolation: 'read_uncommitted' },
  latest: { timestamp: -1, isolation: 'read_uncommitted' },
  'last-stable': { timestamp: -1, isolation: 'read_committed' },
} as const satisfies Record<string, Lookup>

/**
 * Finds offsets, in the order of `partitions`.
 *
 * @throws KafkaError
 */
export async function findOffsets(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  place: OffsetPlace,
): Promise<PartitionOffset[]> {
  const { timestamp, isolation }: Lookup =
    typeof place === 'string'
      ? NAMED_PLACES[place]
      : { timestamp: place.timestamp, isolation: 'read_committed' }
  const found: ListedOffset[] = await askLeaders(cluster, partitions, {
    api: listOffsets,
    build: (items: readonly TopicPartition[]) => ({
      isolation,
      lookups: items.map(({ topic, partition }) => ({ topic, partition, timestamp })),
    }),
  })
  return found.map(({ topic, partition, offset }) => ({
    topic,
    partition,
    offset: offset === NONE ? null : offset,
  }))
}

/**
 * Positions that a group committed, in the order of `partitions`. Positions that an undecided transaction is about to
 * move are asked for again every 10 ms.
 *
 * @param deadlineMs how long to wait for undecided transactions
 * @throws KafkaError `UNSTABLE_OFFSET_COMMIT` when a transaction stays undecided, and others
 */
export function fetchCommitted(
  cluster: Cluster,
  group: string,
  partitions: readonly TopicPartition[],
  deadlineMs: number,
): Promise<CommittedOffset[]> {
  const delayAfter = (error: KafkaError, attempt: number): number | null =>
    error.code === 'UNSTABLE_OFFSET_COMMIT' ? UNSTABLE_RETRY_MS : backoff(error, attempt)
  return retrying({ deadlineMs, delayAfter }, async () => {
    try {
      const broker = await cluster.coordinatorOf('group', group)
      const { body } = await cluster
        .controlLink(broker)
        .request(offsetFetch, { group, partitions, requireStable: true })
      return committedOf(group, partitions, body)
    } catch (error) {
      if (error instanceof KafkaError && error.code !== 'UNSTABLE_OFFSET_COMMIT')
        cluster.forgetCoordinator('group', group)
      throw error
    }
  })
}

/**
 * Removes the records before the given offsets, in the order of `deletions`.
 *
 * @throws KafkaError
 */
export async function deleteRecordsBefore(
  cluster: Cluster,
  deletions: readonly RecordDeletion[],
): Promise<LowWatermark[]> {
  const timeoutMs = cluster.settings.requestTimeoutMs
  const emptied = await askLeaders(cluster, deletions, {
    api: deleteRecords,
    build: (items: readonly RecordDeletion[]) => ({ deletions: items, timeoutMs }),
  })
  return emptied.map(({ topic, partition, lowWatermark }) => ({ topic, partition, lowWatermark }))
}

function committedOf(
  group: string,
  partitions: readonly TopicPartition[],
  { error, offsets }: OffsetFetchResponse,
): CommittedOffset[] {
  const context = { api: offsetFetch.name, group }
  throwOnError(error, context)
  return resultsInOrder(partitions, offsets, context).map(({ topic, partition, offset, metadata }) => ({
    topic,
    partition,
    offset: offset === NONE ? null : offset,
    metadata,
  }))
}
