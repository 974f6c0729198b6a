import { describe, expect, it } from 'vitest'
import type { ProduceRequest, ProduceResponseTopic } from './api/produce.ts'
import { type PendingBatch, type ProduceConnection, type SendSettings, sendBatches } from './batch-sender.ts'
import { errorNumberOf } from './error-codes.ts'
import { builderOf } from './testing/batches.ts'

type Verdict = 'stored' | Parameters<typeof errorNumberOf>[0]

/**
 * A leader that gives its verdicts on request. A real one refuses a batch "not leader" or half of a request only by
 * chance.
 */
class ScriptedLeader {
  /** The partitions of each request, in order. */
  readonly requests: number[][] = []
  readonly #verdicts: readonly (readonly Verdict[])[]

  /** @param verdicts per request, per partition in it; after the last everything is stored */
  constructor(verdicts: readonly (readonly Verdict[])[]) {
    this.#verdicts = verdicts
  }

  get connection(): ProduceConnection {
    const request = async (_api: unknown, body: unknown): Promise<unknown> => ({
      version: 13,
      body: this.#answer(body as ProduceRequest),
    })
    return { request: request as ProduceConnection['request'] }
  }

  #answer({ partitions }: ProduceRequest): ProduceResponseTopic[] {
    const verdicts = this.#verdicts[this.requests.length] ?? []
    this.requests.push(partitions.map(({ partition }) => partition))
    return partitions.map(({ topicId, partition }, index) => {
      const verdict = verdicts[index] ?? 'stored'
      const error = verdict === 'stored' ? 0 : errorNumberOf(verdict)
      return {
        topic: topicId,
        partitions: [{ partition, error, baseOffset: error ? -1 : 100, message: null }],
      }
    })
  }
}

function settings(overrides: Partial<SendSettings> = {}): SendSettings {
  return {
    transactionalId: 't',
    identity: { producerId: 1n, producerEpoch: 0 },
    bounds: {},
    brokerTimeoutMs: 1_000,
    deadlineMs: 10_000,
    leads: async () => true,
    ...overrides,
  }
}

/** The batches of one partition, each with one record of so many bytes. */
function queue(partition: number, count = 1, bytes = 1): PendingBatch[] {
  const records = builderOf(
    Array.from({ length: count }, () => ({ value: 'x'.repeat(bytes) })),
    1,
  )
  return Array.from({ length: count }, (_, index) => ({
    topic: 'orders',
    topicId: 'id',
    partition,
    records,
    index,
    baseSequence: index,
    baseOffset: -1,
  }))
}

describe('sendBatches', () => {
  it('sends one batch of each partition per request', async () => {
    const leader = new ScriptedLeader([])
    const queues = [queue(0, 3), queue(1), queue(2, 2)]
    await sendBatches(leader.connection, queues, settings())
    expect(leader.requests).toEqual([[0, 1, 2], [0, 2], [0]])
    expect(queues.flat().map(({ baseOffset }) => baseOffset)).toEqual([100, 100, 100, 100, 100, 100])
  })

  it('keeps requests below 8 MiB', async () => {
    const leader = new ScriptedLeader([])
    const queues = Array.from({ length: 20 }, (_, partition) => queue(partition, 1, 900_000))
    await sendBatches(leader.connection, queues, settings())
    expect(leader.requests.map((partitions) => partitions.length)).toEqual([9, 9, 2])
  })

  it('repeats what is refused for the moment, and only that', async () => {
    const leader = new ScriptedLeader([
      ['stored', 'CONCURRENT_TRANSACTIONS', 'NOT_ENOUGH_REPLICAS'],
      ['NOT_LEADER_OR_FOLLOWER', 'stored'],
    ])
    await sendBatches(leader.connection, [queue(0), queue(1), queue(2)], settings())
    expect(leader.requests).toEqual([[0, 1, 2], [1, 2], [1]])
  })

  it('gives up when the leader has moved', async () => {
    const leader = new ScriptedLeader([['NOT_LEADER_OR_FOLLOWER']])
    const sent = sendBatches(leader.connection, [queue(4)], settings({ leads: async () => false }))
    await expect(sent).rejects.toMatchObject({
      code: 'NOT_LEADER_OR_FOLLOWER',
      staleMetadata: true,
      context: { topic: 'orders', partition: 4 },
    })
    expect(leader.requests).toHaveLength(1)
  })

  it('gives up on a final refusal, whatever else is refused for the moment', async () => {
    const leader = new ScriptedLeader([['CONCURRENT_TRANSACTIONS', 'MESSAGE_TOO_LARGE']])
    await expect(sendBatches(leader.connection, [queue(0), queue(1)], settings())).rejects.toMatchObject({
      code: 'MESSAGE_TOO_LARGE',
      context: { partition: 1 },
    })
  })

  it('gives up after the deadline', async () => {
    const refusals = Array.from({ length: 100 }, () => ['CONCURRENT_TRANSACTIONS' as const])
    const sent = sendBatches(
      new ScriptedLeader(refusals).connection,
      [queue(0)],
      settings({ deadlineMs: 20 }),
    )
    await expect(sent).rejects.toMatchObject({ code: 'CONCURRENT_TRANSACTIONS' })
  })

  it('repeats nothing once a successor is on its way', async () => {
    const leader = new ScriptedLeader([['stored'], ['CONCURRENT_TRANSACTIONS']])
    await expect(sendBatches(leader.connection, [queue(0, 3)], settings())).rejects.toMatchObject({
      code: 'CONCURRENT_TRANSACTIONS',
    })
    expect(leader.requests).toHaveLength(3)
  })

  it('does not take a partition that the reply leaves out for stored', async () => {
    const request = async (): Promise<unknown> => ({ version: 13, body: [] })
    const connection = { request: request as ProduceConnection['request'] }
    await expect(sendBatches(connection, [queue(0)], settings())).rejects.toMatchObject({
      code: 'MALFORMED_RESPONSE',
    })
  })
})
