import { addOffsetsToTxn } from './api/add-offsets-to-txn.ts'
import { addPartitionsToTxn } from './api/add-partitions-to-txn.ts'
import type { ProducerIdentity, TopicPartition } from './api/api.ts'
import { END_TXN_WITH_NEW_EPOCH, type EndTxnResponse, endTxn } from './api/end-txn.ts'
import { initProducerId } from './api/init-producer-id.ts'
import { type GroupOffset, txnOffsetCommit } from './api/txn-offset-commit.ts'
import { type PartitionWrite, type PendingBatch, type ProducedBatch, sendBatches } from './batch-sender.ts'
import type { BrokerConnection } from './broker-connection.ts'
import { BrokerLinks } from './broker-links.ts'
import type { Cluster } from './cluster.ts'
import { CoordinatorClient } from './coordinator-client.ts'
import { clientFault, KafkaError, throwOnError } from './errors.ts'
import { groupByLeader, resultsInOrder } from './partition-requests.ts'
import { Sequences } from './sequences.ts'
import { JOIN_RULES, type JoinRules } from './transaction-version.ts'

/** Settings of one producer. */
export interface ProducerSettings {
  readonly transactionalId: string
  /** The coordinator aborts a transaction that stays open longer, and fences its producer. */
  readonly transactionTimeoutMs: number
  /** How long to repeat what passes by itself; default: the client's request timeout. */
  readonly deadlineMs?: number
}

/**
 * `new` and `unusable` producers need `init`; an `idle` one has no transaction open. Writing or committing offsets
 * opens a transaction.
 */
type Phase = 'new' | 'idle' | 'open' | 'unusable'

/**
 * Writes transactions under one transactional id. Everything goes over one socket per broker, in order. Calls must not
 * overlap. Any error but misuse makes the producer unusable until `init`, which resolves whatever was left open.
 */
export class TransactionalProducer {
  readonly #cluster: Cluster
  readonly #transactionalId: string
  readonly #transactionTimeoutMs: number
  readonly #deadlineMs: number
  readonly #links: BrokerLinks
  readonly #coordinator: CoordinatorClient
  readonly #sequences = new Sequences()
  #identity: ProducerIdentity = { producerId: -1n, producerEpoch: -1 }
  #phase: Phase = 'new'
  #busy = false

  /** How the open transaction takes in partitions and groups; fixed when it begins. */
  #rules: JoinRules = JOIN_RULES.explicit
  readonly #joinedPartitions = new Set<string>()
  readonly #joinedGroups = new Set<string>()

  /** @internal use `KafkaClient.openProducer` */
  constructor(cluster: Cluster, settings: ProducerSettings) {
    this.#cluster = cluster
    this.#transactionalId = settings.transactionalId
    this.#transactionTimeoutMs = settings.transactionTimeoutMs
    this.#deadlineMs = settings.deadlineMs ?? cluster.settings.requestTimeoutMs
    this.#links = new BrokerLinks(cluster)
    this.#coordinator = new CoordinatorClient(cluster, this.#links, this.#deadlineMs)
  }

  /** The identity that the next request will carry. */
  get identity(): ProducerIdentity {
    return this.#identity
  }

  /**
   * Takes over the transactional id: fences every other producer of it, and returns when its last transaction is
   * decided (an open one is aborted).
   *
   * @throws KafkaError `CONCURRENT_TRANSACTIONS` when the old transaction is not decided within `deadlineMs`
   */
  init(): Promise<ProducerIdentity> {
    return this.#exclusively(['new', 'idle', 'open', 'unusable'], async () => {
      this.#links.close()
      const request = {
        transactionalId: this.#transactionalId,
        transactionTimeoutMs: this.#transactionTimeoutMs,
      }
      const taken = await this.#coordinator.askPatiently(
        'transaction',
        this.#transactionalId,
        async (connection) => {
          const { body } = await connection.request(initProducerId, request)
          throwOnError(body.error, this.#context(initProducerId.name))
          return body
        },
      )
      this.#adopt(taken)
      this.#phase = 'idle'
      return this.#identity
    })
  }

  /**
   * Writes records as part of the transaction. Returns when all in-sync replicas have them.
   *
   * @returns the stored batches: those of the first write, then those of the second, …
   * @throws KafkaError `MESSAGE_TOO_LARGE`, a fencing error, …
   */
  produce(writes: readonly PartitionWrite[]): Promise<ProducedBatch[]> {
    return this.#exclusively(['idle', 'open'], async () => {
      const filled = writes.filter((write) => write.records.recordCount > 0)
      if (filled.length === 0) return []
      await this.#begin()
      const byLeader = await groupByLeader(this.#cluster, filled)
      await this.#joinPartitions(filled)
      const pending = new Map<PartitionWrite, PendingBatch[]>()
      for (const write of filled) pending.set(write, await this.#pendingBatches(write))
      const batchesOf = (write: PartitionWrite): PendingBatch[] => pending.get(write)!
      await Promise.all([...byLeader].map(([brokerId, led]) => this.#send(brokerId, led.flatMap(batchesOf))))
      return filled.flatMap(batchesOf).map(({ topic, partition, records, index, baseOffset }) => ({
        topic,
        partition,
        baseOffset,
        recordCount: records.recordCountOf(index),
      }))
    })
  }

  /**
   * Commits positions of a group as part of the transaction.
   *
   * @throws KafkaError
   */
  commitOffsets(group: string, offsets: readonly GroupOffset[]): Promise<void> {
    return this.#exclusively(['idle', 'open'], async () => {
      if (offsets.length === 0) return
      await this.#begin()
      await this.#joinGroup(group)
      const request = { transactionalId: this.#transactionalId, identity: this.#identity, group, offsets }
      await this.#coordinator.ask('group', group, async (connection) => {
        const { body } = await connection.request(txnOffsetCommit, request, this.#rules.txnOffsetCommit)
        resultsInOrder(offsets, body, { ...this.#context(txnOffsetCommit.name), group })
      })
    })
  }

  /**
   * Commits or aborts the transaction; does nothing when none is open. Returns the identity for the next one.
   *
   * @throws KafkaError `OUTCOME_UNKNOWN` when the coordinator's answer did not arrive: with transaction version 2 the
   * request was repeated for `deadlineMs`, below it a repeat could end a later transaction and is not made
   */
  end(commit: boolean): Promise<ProducerIdentity> {
    return this.#exclusively(['idle', 'open'], async () => {
      if (this.#phase === 'idle') return this.#identity
      const { next } = await this.#endTransaction(commit)
      if (next) this.#adopt(next)
      this.#phase = 'idle'
      return this.#identity
    })
  }

  /** Closes the sockets. A transaction left open is aborted by the coordinator when its time is over. */
  close(): void {
    this.#phase = 'unusable'
    this.#links.close()
  }

  async #begin(): Promise<void> {
    if (this.#phase === 'open') return
    const connection = await this.#coordinator.ask('transaction', this.#transactionalId, async (open) => open)
    const implicit =
      connection.transactionVersion >= 2 && connection.versionOf(endTxn) >= END_TXN_WITH_NEW_EPOCH
    this.#rules = implicit ? JOIN_RULES.implicit : JOIN_RULES.explicit
    this.#joinedPartitions.clear()
    this.#joinedGroups.clear()
    this.#phase = 'open'
  }

  async #joinPartitions(writes: readonly PartitionWrite[]): Promise<void> {
    if (this.#rules.implicit) return
    const names = new Map(writes.map((write) => [`${write.topic}/${write.partition}`, write]))
    const partitions: TopicPartition[] = [...names]
      .filter(([name]) => !this.#joinedPartitions.has(name))
      .map(([, { topic, partition }]) => ({ topic, partition }))
    if (partitions.length === 0) return
    const request = { transactionalId: this.#transactionalId, identity: this.#identity, partitions }
    await this.#coordinator.ask('transaction', this.#transactionalId, async (connection) => {
      const { body } = await connection.request(addPartitionsToTxn, request)
      resultsInOrder(partitions, body, this.#context(addPartitionsToTxn.name))
    })
    for (const name of names.keys()) this.#joinedPartitions.add(name)
  }

  async #joinGroup(group: string): Promise<void> {
    if (this.#rules.implicit || this.#joinedGroups.has(group)) return
    const request = { transactionalId: this.#transactionalId, identity: this.#identity, group }
    await this.#coordinator.ask('transaction', this.#transactionalId, async (connection) => {
      const { body } = await connection.request(addOffsetsToTxn, request)
      throwOnError(body.error, { ...this.#context(addOffsetsToTxn.name), group })
    })
    this.#joinedGroups.add(group)
  }

  async #pendingBatches({ topic, partition, records, topicId }: PartitionWrite): Promise<PendingBatch[]> {
    const id = topicId ?? (await this.#cluster.topicId(topic))
    return Array.from({ length: records.batchCount }, (_, index) => {
      const baseSequence = this.#sequences.take({ topic, partition }, records.recordCountOf(index))
      return { topic, topicId: id, partition, records, index, baseSequence, baseOffset: -1 }
    })
  }

  async #send(brokerId: number, batches: readonly PendingBatch[]): Promise<void> {
    const connection = await this.#links.to(brokerId).connection()
    await sendBatches(connection, queuesOf(batches), {
      transactionalId: this.#transactionalId,
      identity: this.#identity,
      bounds: this.#rules.produce,
      // Half, so that the broker's own time-out is told before ours ends the connection.
      brokerTimeoutMs: Math.floor(this.#cluster.settings.requestTimeoutMs / 2),
      deadlineMs: this.#deadlineMs,
      leads: (partition) => this.#cluster.stillLeads(brokerId, partition),
    })
  }

  async #endTransaction(commit: boolean): Promise<EndTxnResponse> {
    const request = { transactionalId: this.#transactionalId, identity: this.#identity, commit }
    const attempt = async (connection: BrokerConnection): Promise<EndTxnResponse> => {
      const { body } = await connection.request(endTxn, request, this.#rules.endTxn)
      throwOnError(body.error, this.#context(endTxn.name))
      return body
    }
    try {
      return await (this.#rules.implicit
        ? this.#coordinator.askPatiently('transaction', this.#transactionalId, attempt)
        : this.#coordinator.ask('transaction', this.#transactionalId, attempt))
    } catch (error) {
      if (!(error instanceof KafkaError) || !error.retriable) throw error
      throw clientFault('OUTCOME_UNKNOWN', 'no decisive answer to EndTxn', this.#context(endTxn.name), error)
    }
  }

  #adopt({ producerId, producerEpoch }: ProducerIdentity): void {
    if (producerId !== this.#identity.producerId || producerEpoch !== this.#identity.producerEpoch) {
      this.#sequences.reset()
    }
    this.#identity = { producerId, producerEpoch }
  }

  async #exclusively<Result>(allowed: readonly Phase[], operation: () => Promise<Result>): Promise<Result> {
    if (this.#busy || !allowed.includes(this.#phase)) {
      const state = this.#busy ? 'busy with another call' : this.#phase
      throw clientFault('PRODUCER_UNUSABLE', `the producer is ${state}`, this.#context())
    }
    this.#busy = true
    try {
      return await operation()
    } catch (error) {
      const topic = error instanceof KafkaError && error.staleMetadata ? error.context.topic : undefined
      if (topic !== undefined) this.#cluster.forgetTopic(topic)
      this.close()
      throw error
    } finally {
      this.#busy = false
    }
  }

  #context(api?: string): { api?: string; transactionalId: string } {
    return { api, transactionalId: this.#transactionalId }
  }
}

/** The batches of each partition, in order. */
function queuesOf(batches: readonly PendingBatch[]): PendingBatch[][] {
  const queues = new Map<string, PendingBatch[]>()
  for (const batch of batches) {
    const name = `${batch.topic}/${batch.partition}`
    const queue = queues.get(name)
    if (queue) queue.push(batch)
    else queues.set(name, [batch])
  }
  return [...queues.values()]
}
