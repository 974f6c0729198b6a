import type { Api, TopicPartition } from './api/api.ts'
import type { Cluster } from './cluster.ts'
import { clientFault, type FaultContext, KafkaError, throwOnError } from './errors.ts'
import { backoff, backoffUnlessUnreachable, retrying } from './retry.ts'

/** A request about partitions, which their leaders answer. */
export interface PartitionRequest<Item extends TopicPartition, Request, Result extends TopicPartition> {
  readonly api: Api<Request, readonly (Result & { readonly error: number })[]>
  /** The request for those items that one broker leads. */
  build(items: readonly Item[]): Request
}

/**
 * Items under the id of the broker that leads their partition. Waits for a leader for `requestTimeoutMs`: a partition of
 * a new topic, or of a broker that was just lost, has none for a moment.
 *
 * @throws KafkaError as `Cluster.leaderOf`
 */
export function groupByLeader<Item extends TopicPartition>(
  cluster: Cluster,
  items: readonly Item[],
): Promise<ReadonlyMap<number, Item[]>> {
  const policy = { deadlineMs: cluster.settings.requestTimeoutMs, delayAfter: backoffUnlessUnreachable }
  return retrying(policy, () => groupByKnownLeader(cluster, items))
}

async function groupByKnownLeader<Item extends TopicPartition>(
  cluster: Cluster,
  items: readonly Item[],
): Promise<ReadonlyMap<number, Item[]>> {
  const leaders = await Promise.all(items.map((item) => cluster.leaderOf(item)))
  const groups = new Map<number, Item[]>()
  for (const [index, item] of items.entries()) {
    const leader = leaders[index]!
    const group = groups.get(leader)
    if (group) group.push(item)
    else groups.set(leader, [item])
  }
  return groups
}

/**
 * Asks every leader concerned and gives the results in the order of `items`. Passing faults (a moved leader, a broken
 * connection) are repeated with fresh metadata for `requestTimeoutMs`; all requests sent this way are idempotent.
 *
 * @throws KafkaError the first that does not pass
 */
export function askLeaders<Item extends TopicPartition, Request, Result extends TopicPartition>(
  cluster: Cluster,
  items: readonly Item[],
  { api, build }: PartitionRequest<Item, Request, Result>,
): Promise<Result[]> {
  return retrying({ deadlineMs: cluster.settings.requestTimeoutMs, delayAfter: backoff }, async () => {
    try {
      const groups = await groupByKnownLeader(cluster, items)
      const replies = await Promise.all(
        [...groups].map(([brokerId, led]) => cluster.controlLink(brokerId).request(api, build(led))),
      )
      const results = replies.flatMap((reply) => reply.body)
      return resultsInOrder(items, results, { api: api.name })
    } catch (error) {
      if (error instanceof KafkaError && error.retriable)
        for (const { topic } of items) cluster.forgetTopic(topic)
      throw error
    }
  })
}

/**
 * The results in the order of the items that they are about.
 *
 * @throws KafkaError for the first item that the broker refused, or left out (`MALFORMED_RESPONSE`)
 */
export function resultsInOrder<Result extends TopicPartition & { readonly error: number }>(
  items: readonly TopicPartition[],
  results: readonly Result[],
  context: FaultContext,
): Result[] {
  const byName = new Map(results.map((result) => [`${result.topic}/${result.partition}`, result]))
  return items.map(({ topic, partition }) => {
    const result = byName.get(`${topic}/${partition}`)
    if (!result)
      throw clientFault('MALFORMED_RESPONSE', 'a partition is missing', { ...context, topic, partition })
    throwOnError(result.error, { ...context, topic, partition })
    return result
  })
}
