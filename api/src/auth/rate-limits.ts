import rateLimit, { type CreateRateLimitOptions } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { RateLimitStore } from './rate-limit-store.ts'
import { tokenHash } from './token.ts'

const WINDOW_MS = 5 * 60_000

/** Attempts from one network in five minutes; an IPv6 /64 counts as one network. */
export const NETWORK_ATTEMPTS = 30
/** Attempts at one account in five minutes, from wherever. */
export const ACCOUNT_ATTEMPTS = 10

type Limit = (request: FastifyRequest) => Promise<void>

/** Handlers that refuse who tries to sign in too often. */
export async function signInLimits(app: FastifyInstance): Promise<{ network: Limit; account: Limit }> {
  const { redis } = app
  class Store extends RateLimitStore {
    constructor() {
      super(redis)
    }
  }
  await app.register(rateLimit, { global: false, store: Store })
  const create = (options: CreateRateLimitOptions): Limit => {
    const count = app.createRateLimit({ timeWindow: WINDOW_MS, ...options })
    return async (request) => {
      const limit = await count(request)
      if (limit.isAllowed || !limit.isExceeded) return
      const message = `Too many attempts to sign in. Try again in ${limit.ttlInSeconds} seconds.`
      throw new AppError('too_many_requests', message)
    }
  }
  return {
    network: create({ max: NETWORK_ATTEMPTS }),
    account: create({
      max: ACCOUNT_ATTEMPTS,
      keyGenerator: ({ body }) => `account:${tokenHash((body as { email: string }).email.toLowerCase())}`,
    }),
  }
}
