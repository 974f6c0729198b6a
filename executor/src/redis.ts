import { Redis } from 'ioredis'
import type { Logger } from 'pino'

const COMMAND_TIMEOUT_MS = 3_000
const MAX_RECONNECT_MS = 1_000
/** A connection on which nothing comes for so long is broken off: what was asked would pile up in it. */
const SILENCE_MS = 15_000

/** Resolves once the first attempt to connect has come to something: nothing can be asked before. */
export function firstAttempt(redis: Redis): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (redis.status === 'ready') resolve()
  for (const event of ['ready', 'close']) redis.once(event, () => resolve())
  return promise
}

/**
 * Opens a connection that fails fast: nothing is queued while Redis is away and nothing is sent twice, because after
 * an unknown outcome the caller must look anew.
 */
export function openRedis(url: string, name: string, log: Logger): Redis {
  const redis = new Redis(url, {
    connectionName: name,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SILENCE_MS,
    retryStrategy: (attempt) => Math.min(100 * attempt, MAX_RECONNECT_MS),
  })
  redis.on('error', (error) => log.debug({ err: error }, 'connection to Redis'))
  return redis
}
