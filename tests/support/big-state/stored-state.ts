import { type DeploymentSpec, redisKeys, topicNames } from '@millrace/contracts'
import { parseStateKey } from '@millrace/engine'
import type { Redis } from 'ioredis'
import type { KafkaForTests } from '../kafka.ts'

/** Rows and timers in the Redis copies of a stage's tasks, without the stamps. */
export async function storedRows(
  redis: Redis,
  { deployment }: DeploymentSpec,
  tasks: number,
): Promise<{ readonly rows: number; readonly timers: number }> {
  let [rows, timers] = [0, 0]
  for (let task = 0; task < tasks; task++) {
    for (const key of await redis.keys(`${redisKeys.taskState(deployment, 's1', task)}*`)) {
      if (key.includes(':state:')) rows += Math.max(0, (await redis.hlen(key)) - 1)
      if (key.includes(':timers:')) timers += Math.max(0, (await redis.zcard(key)) - 1)
    }
  }
  return { rows, timers }
}

/** Bytes that Redis holds. */
export async function redisBytes(redis: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1])
}

/** Rows of the changelog whose last record is no tombstone: what compaction would keep. */
export async function rowsInChangelog(
  kafka: KafkaForTests,
  spec: DeploymentSpec,
  keys: number,
): Promise<number> {
  const topic = topicNames.changelog(spec, 's1')
  const [description] = await kafka.client.describeTopics([topic], { refresh: true })
  const alive = new Map<string, Uint8Array>()
  let others = 0
  const fetcher = kafka.client.openFetcher()
  for (const { partition, leader } of description?.partitions ?? []) {
    const [end] = await kafka.client.listOffsets([{ topic, partition }], 'last-stable')
    for (let at = 0; at < (end?.offset ?? 0); ) {
      const options = { isolation: 'read_committed', maxWaitMs: 50 } as const
      const [fetched] = await fetcher.fetch(leader, [{ topic, partition, offset: at }], options)
      if (!fetched || fetched.error) throw fetched?.error ?? new Error('a fetch gave nothing')
      const cursor = fetched.records()
      while (cursor.next()) {
        const parsed = parseStateKey(cursor.keyText() ?? '')
        if (parsed === null) continue
        const user = /u(\d+)/.exec(parsed.name)
        const isThere = cursor.value() !== null
        if (user === null) others += isThere ? 1 : -1
        else rowsOf(alive, parsed.nodeId, keys)[Number(user[1])] = isThere ? 1 : 0
      }
      at = fetched.nextOffset
    }
  }
  fetcher.close()
  return [...alive.values()].reduce((sum, rows) => sum + rows.reduce((all, one) => all + one, 0), others)
}

function rowsOf(alive: Map<string, Uint8Array>, nodeId: string, keys: number): Uint8Array {
  const rows = alive.get(nodeId) ?? new Uint8Array(keys)
  alive.set(nodeId, rows)
  return rows
}
