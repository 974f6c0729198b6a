import { randomUUID } from 'node:crypto'
import { LEASE_MS, type Lease } from '@millrace/contracts'
import type { Redis } from 'ioredis'
import { monotonicMs } from '../monotonic.ts'
import type { ToldLease } from '../pod/messages.ts'

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

/**
 * Gives a lease up, if it is ours.
 *
 *   KEYS[1] lease   ARGV[1] its value
 */
const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`

/** Renews a lease of this value; false where somebody else has it. Throws where Redis does not answer. */
export async function renewLease(redis: Redis, key: string, value: string): Promise<boolean> {
  return (await redis.eval(RENEW, 1, key, value, LEASE_MS)) === 1
}

/**
 * The leases of one executor (exactly-once.md P2). They keep executors out of each other's way; safety never rests
 * on them.
 */
export class Leases {
  readonly #redis: Redis
  readonly #owner: string
  readonly #held = new Map<string, { value: string; renewedAt: number }>()

  constructor(redis: Redis, owner: string) {
    this.#redis = redis
    this.#owner = owner
  }

  /** Tries to get a lease that nobody holds. */
  async take(key: string, generation: number): Promise<boolean> {
    const lease: Lease = { owner: this.#owner, token: randomUUID(), generation }
    const value = JSON.stringify(lease)
    const sentAt = monotonicMs()
    if ((await this.#redis.set(key, value, 'PX', LEASE_MS, 'NX')) !== 'OK') return false
    this.#held.set(key, { value, renewedAt: sentAt })
    return true
  }

  /** Renews all leases; returns the keys of those that are somebody else's now. */
  async renewAll(): Promise<string[]> {
    const sentAt = monotonicMs()
    const keys = [...this.#held.keys()]
    const ours = await Promise.all(keys.map((key) => this.#renew(key)))
    const lost = keys.filter((_, i) => !ours[i])
    for (const [i, key] of keys.entries()) {
      const held = this.#held.get(key)
      if (ours[i] && held) held.renewedAt = sentAt
    }
    for (const key of lost) this.#held.delete(key)
    return lost
  }

  /** Asks Redis whether a lease is still ours, and renews it. Throws where Redis does not answer. */
  async confirm(key: string): Promise<boolean> {
    const sentAt = monotonicMs()
    const held = this.#held.get(key)
    if (held === undefined || !(await this.#renew(key))) return false
    held.renewedAt = sentAt
    return true
  }

  /** Gives a lease up. */
  async release(key: string): Promise<void> {
    const held = this.#held.get(key)
    this.#held.delete(key)
    if (held !== undefined) await this.#redis.eval(RELEASE, 1, key, held.value)
  }

  /** A lease with its value and when it was renewed last (`monotonicMs`); undefined where it is not held. */
  held(key: string): ToldLease | undefined {
    return this.#held.get(key)
  }

  async #renew(key: string): Promise<boolean> {
    const held = this.#held.get(key)
    return held !== undefined && renewLease(this.#redis, key, held.value)
  }
}
