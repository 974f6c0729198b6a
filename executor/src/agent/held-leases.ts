import { LEASE_MS } from '@millrace/contracts'
import type { Redis } from 'ioredis'
import { monotonicMs } from '../monotonic.ts'

/**
 * Renews a lease, or creates it again where it is gone (Redis was emptied).
 *
 *   KEYS[1] lease   ARGV[1] its value   ARGV[2] expiry ms
 *   → 1: ours, 0: somebody else's
 */
const RENEW = `
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`

/** A lease that is held. */
export interface HeldLease {
  /** Its value in Redis: owner, token and generation. */
  readonly value: string
  /** When the last successful renewal was sent (`monotonicMs`). */
  readonly renewedAt: number
}

/** Leases that are held for tasks of this process, whoever took them. */
export class HeldLeases {
  protected readonly redis: Redis
  readonly #held = new Map<string, HeldLease>()

  constructor(redis: Redis) {
    this.redis = redis
  }

  /** Their keys. */
  get keys(): readonly string[] {
    return [...this.#held.keys()]
  }

  /** A lease; undefined where it is not held. */
  get(key: string): HeldLease | undefined {
    return this.#held.get(key)
  }

  /** A lease is held from now on. */
  hold(key: string, lease: HeldLease): void {
    this.#held.set(key, lease)
  }

  /** A renewal was sent at this time, and succeeded; nothing where the lease is not held any more. */
  renewed(key: string, renewedAt: number): void {
    const lease = this.#held.get(key)
    if (lease !== undefined && renewedAt > lease.renewedAt) this.#held.set(key, { ...lease, renewedAt })
  }

  /** A lease is held no longer. */
  forget(key: string): void {
    this.#held.delete(key)
  }

  /** Asks Redis whether a lease is still ours, and renews it. Throws where Redis does not answer. */
  async confirm(key: string): Promise<boolean> {
    const lease = this.#held.get(key)
    const sentAt = monotonicMs()
    if (lease === undefined || (await this.redis.eval(RENEW, 1, key, lease.value, LEASE_MS)) !== 1)
      return false
    this.renewed(key, sentAt)
    return true
  }
}
