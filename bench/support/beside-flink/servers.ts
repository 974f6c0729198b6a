import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { KafkaPort } from '@millrace/nodes'
import { createKafkaPort } from '@millrace/nodes/connectors'
import {
  createElasticsearch,
  createKafka,
  createRedis,
  freePort,
  type Server,
  stackPlace,
} from '@millrace/stack'
import { Redis } from 'ioredis'
import { KafkaForTests } from '../../../tests/support/kafka.ts'
import type { BenchContext } from '../bench-case.ts'
import { ROOT } from '../bench-servers.ts'
import { bindProcess, type Cores } from './cores.ts'

/** What both engines work with, and what Millrace alone does. */
export interface SharedServers {
  /** Empty and its own; gone when the case ends. */
  readonly folder: string
  readonly cacheDir: string
  readonly kafka: KafkaForTests
  /** To delete topics. */
  readonly port: KafkaPort
  readonly redis: Redis
  readonly redisUrl: string
  readonly redisPid: number
}

/** Kafka on the cores of the rest, and Redis, which only Millrace needs, on those of the engine. */
export async function startSharedServers({ atEnd, say }: BenchContext, cores: Cores): Promise<SharedServers> {
  say('starting Kafka and Redis')
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-bench-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  const { cacheDir } = stackPlace(ROOT)
  const kafkaServer = createKafka({ folder: path.join(folder, 'kafka'), cacheDir, port: await freePort() })
  const redisServer = createRedis({ folder: path.join(folder, 'redis'), port: await freePort() })
  atEnd(() => Promise.all([kafkaServer.stop(), redisServer.stop()]))
  await Promise.all([kafkaServer.start(), redisServer.start()])
  bindProcess(pidOf(kafkaServer), cores.rest)
  bindProcess(pidOf(redisServer), cores.engine)
  bindProcess(process.pid, cores.rest)
  const kafka = await KafkaForTests.connect(kafkaServer.address())
  atEnd(() => kafka.close())
  const port = createKafkaPort({ brokers: kafkaServer.address() }, {})
  atEnd(() => port.close())
  const redis = new Redis(redisServer.address())
  atEnd(() => redis.disconnect())
  return {
    ...{ folder, cacheDir, kafka, port, redis },
    ...{ redisUrl: redisServer.address(), redisPid: pidOf(redisServer) },
  }
}

/** Elasticsearch on the cores of the rest; gives its URL. */
export async function startElasticsearch(
  { atEnd }: BenchContext,
  { folder, cacheDir }: SharedServers,
  cores: Cores,
): Promise<string> {
  const place = { folder: path.join(folder, 'elasticsearch'), cacheDir, port: await freePort() }
  const server = createElasticsearch(place)
  atEnd(() => server.stop())
  await server.start()
  bindProcess(pidOf(server), cores.rest)
  return server.address()
}

function pidOf(server: Server): number {
  const pid = server.pid()
  if (pid === undefined) throw new Error(`${server.label} has ended`)
  return pid
}
