import type { ProducerIdentity, TopicPartition } from './api/api.ts'
import {
  PRODUCE_BY_TOPIC_ID,
  type ProduceResponsePartition,
  type ProduceResponseTopic,
  produce,
} from './api/produce.ts'
import type { BrokerConnection, Reply, VersionBounds } from './broker-connection.ts'
import { brokerError, clientFault, type KafkaError } from './errors.ts'
import type { RecordBatchBuilder } from './records/record-batch-builder.ts'
import { backoff, retrying } from './retry.ts'

/** Records for one partition. */
export interface PartitionWrite extends TopicPartition {
  readonly records: RecordBatchBuilder
  /**
   * The id of the topic that is meant: one that was re-created under the same name gives `UNKNOWN_TOPIC_ID`
   * (Produce version 13 and above). Absent: the topic that has the name now.
   */
  readonly topicId?: string
}

/** One batch as the broker stored it. */
export interface ProducedBatch extends TopicPartition {
  readonly baseOffset: number
  readonly recordCount: number
}

/** One batch on its way. */
export interface PendingBatch extends TopicPartition {
  readonly topicId: string
  readonly records: RecordBatchBuilder
  /** Which batch of `records`. */
  readonly index: number
  readonly baseSequence: number
  /** −1 until the broker has stored the batch. */
  baseOffset: number
}

/** What batches are sent over. */
export type ProduceConnection = Pick<BrokerConnection, 'request'>

/** What all requests of one transaction have in common. */
export interface SendSettings {
  readonly transactionalId: string
  readonly identity: ProducerIdentity
  readonly bounds: VersionBounds
  /** How long the broker may wait for its replicas. */
  readonly brokerTimeoutMs: number
  /** How long to repeat a batch that is refused for the moment. */
  readonly deadlineMs: number
  /** Asks anew whether the broker at the other end leads a partition. */
  leads(partition: TopicPartition): Promise<boolean>
}

/** The broker's own limit (`socket.request.max.bytes`) is 100 MiB. */
const MAX_REQUEST_BYTES = 8_388_608
const CONCURRENT_TRANSACTIONS_RETRY_MS = 5
/**
 * Refusals before anything was appended, that pass by themselves. While the last transaction's markers are being
 * written it is `CONCURRENT_TRANSACTIONS`, or `NOT_ENOUGH_REPLICAS` for clients below Produce version 12; a broker that
 * has just become the leader of a new topic's partition says that it is not.
 */
const PASSING_REFUSALS: ReadonlySet<string> = new Set([
  'CONCURRENT_TRANSACTIONS',
  'NOT_ENOUGH_REPLICAS',
  'NOT_LEADER_OR_FOLLOWER',
])

/**
 * Sends batches to the leader of all their partitions and sets their base offsets. A request takes one batch per
 * partition, so the second batch of a partition goes with the second round. The first round is awaited: a batch that
 * is refused for the moment must be repeated before its successor arrives. The later rounds are pipelined.
 *
 * @param queues per partition its batches in order
 * @throws KafkaError when a batch was refused or the connection broke
 */
export async function sendBatches(
  connection: ProduceConnection,
  queues: readonly (readonly PendingBatch[])[],
  settings: SendSettings,
): Promise<void> {
  const rounds = Math.max(...queues.map((queue) => queue.length))
  const underWay: Promise<void>[] = []
  for (let round = 0; round < rounds; round++) {
    const batches = queues.flatMap((queue) => queue.slice(round, round + 1))
    const deadlineMs = round === 0 ? settings.deadlineMs : 0
    const requests = splitBySize(batches).map((part) =>
      sendUntilTaken(connection, part, { ...settings, deadlineMs }),
    )
    if (round === 0) await Promise.all(requests)
    else underWay.push(...requests)
  }
  await Promise.all(underWay)
}

async function sendUntilTaken(
  connection: ProduceConnection,
  batches: readonly PendingBatch[],
  settings: SendSettings,
): Promise<void> {
  let waiting = batches
  let final = false
  const delayAfter = (error: KafkaError, attempt: number): number | null =>
    final ? null : delayAfterRefusal(error, attempt)
  await retrying({ deadlineMs: settings.deadlineMs, delayAfter }, async () => {
    const refused = takeOffsets(waiting, await sendOnce(connection, waiting, settings))
    for (const { batch, error } of refused) {
      const passes = error.code !== 'NOT_LEADER_OR_FOLLOWER' || (await settings.leads(batch))
      final = !passes || !PASSING_REFUSALS.has(error.code)
      if (final) throw error
    }
    waiting = refused.map(({ batch }) => batch)
    if (refused[0]) throw refused[0].error
  })
}

function sendOnce(
  connection: ProduceConnection,
  batches: readonly PendingBatch[],
  { transactionalId, identity, bounds, brokerTimeoutMs }: SendSettings,
): Promise<Reply<readonly ProduceResponseTopic[]>> {
  const partitions = batches.map(({ topic, topicId, partition, records, index, baseSequence }) => ({
    topic,
    topicId,
    partition,
    batch: records.seal(index, identity, baseSequence),
  }))
  return connection.request(produce, { transactionalId, timeoutMs: brokerTimeoutMs, partitions }, bounds)
}

function takeOffsets(
  batches: readonly PendingBatch[],
  { version, body }: Reply<readonly ProduceResponseTopic[]>,
): { batch: PendingBatch; error: KafkaError }[] {
  const results = new Map<string, ProduceResponsePartition>()
  for (const { topic, partitions } of body) {
    for (const result of partitions) results.set(`${topic}/${result.partition}`, result)
  }
  const refused: { batch: PendingBatch; error: KafkaError }[] = []
  for (const batch of batches) {
    const { topic, topicId, partition } = batch
    const result = results.get(`${version < PRODUCE_BY_TOPIC_ID ? topic : topicId}/${partition}`)
    const context = { api: produce.name, topic, partition }
    if (!result) throw clientFault('MALFORMED_RESPONSE', 'a partition is missing', context)
    if (result.error === 0) batch.baseOffset = result.baseOffset
    else refused.push({ batch, error: brokerError(result.error, context, result.message ?? undefined) })
  }
  return refused
}

function delayAfterRefusal(error: KafkaError, attempt: number): number | null {
  if (error.code === 'CONCURRENT_TRANSACTIONS') return CONCURRENT_TRANSACTIONS_RETRY_MS
  return PASSING_REFUSALS.has(error.code) ? backoff(error, attempt) : null
}

function splitBySize(batches: readonly PendingBatch[]): PendingBatch[][] {
  const requests: PendingBatch[][] = []
  let room = 0
  for (const batch of batches) {
    const bytes = batch.records.byteLengthOf(batch.index)
    if (bytes > room || requests.length === 0) {
      requests.push([])
      room = MAX_REQUEST_BYTES
    }
    requests.at(-1)!.push(batch)
    room -= bytes
  }
  return requests
}
