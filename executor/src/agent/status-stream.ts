import { redisKeys, type StatusEvent } from '@millrace/contracts'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'

const KEPT_EVENTS = 10_000

/** Gives a function that writes something for people into the status stream; the api keeps it. */
export function tellStatus(redis: Redis, log: Logger): (event: StatusEvent) => void {
  return (event) => {
    const fields = ['event', JSON.stringify(event)]
    redis.xadd(redisKeys.status, 'MAXLEN', '~', KEPT_EVENTS, '*', ...fields).catch((error: unknown) => {
      log.warn({ err: error, event }, 'a status event could not be told')
    })
  }
}
