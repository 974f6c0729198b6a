import rateLimit, { type CreateRateLimitOptions } from '@fastify/rate-limit'
import { counted } from '@millrace/graph'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { RateLimitStore } from './rate-limit-store.ts'
import { tokenHash } from './token.ts'

const WINDOW_MS = 5 * 60_000

/** Failed attempts from one network in five minutes; an IPv6 /64 counts as one network. */
export const NETWORK_ATTEMPTS = 30
/** Failed attempts at one account in five minutes, from wherever. */
export const ACCOUNT_ATTEMPTS = 10

declare module 'fastify' {
  interface FastifyRequest {
    /** The counters that this attempt to sign in was counted by. */
    attemptKeys: string[]
  }
}

/** Refuses an attempt where there were too many. It counts as failed until it is forgiven. */
type Limit = (request: FastifyRequest) => Promise<void>

/** Handlers that refuse who fails to sign in too often. */
export interface SignInLimits {
  readonly network: Limit
  readonly account: Limit
  /** Takes a successful attempt out of the count. */
  forgive(request: FastifyRequest): Promise<void>
}

/** The limits of the routes that sign in. */
export async function signInLimits(app: FastifyInstance): Promise<SignInLimits> {
  const { redis } = app
  const store = new RateLimitStore(redis)
  app.decorateRequest('attemptKeys')
  app.addHook('onRequest', async (request) => {
    request.attemptKeys = []
  })
  // The library makes its store by itself; ours is shared.
  class Shared extends RateLimitStore {
    constructor() {
      super(redis)
      // biome-ignore lint/correctness/noConstructorReturn: all limits count in one store
      return store as this & Shared
    }
  }
  await app.register(rateLimit, { global: false, store: Shared })
  const create = (options: CreateRateLimitOptions): Limit => {
    const count = app.createRateLimit({ timeWindow: WINDOW_MS, ...options })
    return async (request) => {
      const limit = await count(request)
      if (limit.isAllowed) return
      request.attemptKeys.push(limit.key)
      if (!limit.isExceeded) return
      const message = `Too many attempts to sign in. Try again in ${counted(limit.ttlInSeconds, 'second')}.`
      throw new AppError('too_many_requests', message)
    }
  }
  return {
    network: create({ max: NETWORK_ATTEMPTS }),
    account: create({
      max: ACCOUNT_ATTEMPTS,
      keyGenerator: ({ body }) => `account:${tokenHash((body as { email: string }).email.toLowerCase())}`,
    }),
    forgive: async ({ attemptKeys }) => {
      await Promise.all(attemptKeys.map((key) => store.forgive(key)))
    },
  }
}
