import type { FastifyBaseLogger } from 'fastify'
import fp from 'fastify-plugin'
import { Redis } from 'ioredis'

declare module 'fastify' {
  interface FastifyInstance {
    /** For commands: answers or fails within two seconds, also while Redis is down. */
    readonly redis: Redis
  }
}

/** What a connection to Redis is for. */
export type RedisUse =
  /** Commands of requests and loops: fail fast. */
  | 'commands'
  /** A worker of BullMQ: waits until Redis is back. */
  | 'worker'

const USES = {
  commands: { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 2_000 },
  worker: { maxRetriesPerRequest: null, enableOfflineQueue: true },
} as const satisfies Record<RedisUse, object>

/** A connection that keeps trying. Losing and finding Redis is logged once each. */
export function createRedis(url: string, use: RedisUse, log: FastifyBaseLogger): Redis {
  const redis = new Redis(url, {
    ...USES[use],
    lazyConnect: true,
    connectTimeout: 2_000,
    retryStrategy: (attempt: number) => Math.min(attempt * 100, 1_000),
  })
  let isLost = false
  redis.on('error', (error: Error) => {
    if (!isLost) log.warn({ reason: error.message, use }, 'Redis is out of reach')
    isLost = true
  })
  redis.on('ready', () => {
    if (isLost) log.info({ use }, 'Redis answers again')
    isLost = false
  })
  return redis
}

/** Begins to connect and returns when that has succeeded or failed once; after a failure it goes on trying. */
export async function connectRedis(redis: Redis): Promise<void> {
  await redis.connect().catch(() => undefined)
}

/** Redis as `app.redis`, closed with the app. */
export const redisPlugin = fp<{ redisUrl: string }>(
  async (app, { redisUrl }) => {
    const redis = createRedis(redisUrl, 'commands', app.log)
    await connectRedis(redis)
    app.decorate('redis', redis)
    app.addHook('onClose', async () => redis.disconnect())
  },
  { name: 'redis' },
)
