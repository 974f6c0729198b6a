import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { redisKeys } from '@millrace/contracts'
import { type StackAddresses, stackPlace, startStack } from '@millrace/stack'
import { Redis } from 'ioredis'
import { KafkaForTests } from '../../tests/support/kafka.ts'
import type { BenchContext } from './bench-case.ts'

/** The root of the checkout. */
export const ROOT = path.join(import.meta.dirname, '../..')

/** Real servers for one case, with the clients that it uses. */
export interface BenchServers {
  readonly addresses: StackAddresses
  readonly kafka: KafkaForTests
  readonly redis: Redis
}

/** The four servers on free ports, in a folder of their own; they and their data are gone when the case ends. */
export async function startBenchServers({ atEnd, say }: BenchContext): Promise<BenchServers> {
  say('starting servers')
  const dataDir = await mkdtemp(path.join(tmpdir(), 'millrace-bench-'))
  atEnd(() => rm(dataDir, { recursive: true, force: true }))
  const abort = new AbortController()
  const { cacheDir } = stackPlace(ROOT)
  const starting = startStack({ dataDir, cacheDir, ports: 'free', signal: abort.signal })
  atEnd(async () => {
    abort.abort(new Error('the case has ended'))
    await (await starting.catch(() => null))?.stop()
  })
  const { addresses } = await starting
  const kafka = await KafkaForTests.connect(addresses.kafka)
  atEnd(() => kafka.close())
  const redis = new Redis(addresses.redis)
  atEnd(() => redis.disconnect())
  await redis.set(redisKeys.incarnation, JSON.stringify({ id: 'bench', at: 0 }))
  return { addresses, kafka, redis }
}
