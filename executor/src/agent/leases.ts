import { randomUUID } from 'node:crypto'
import { LEASE_MS, type Lease } from '@millrace/contracts'
import type { Redis } from 'ioredis'
import { monotonicMs } from '../monotonic.ts'
import { HeldLeases } from './held-leases.ts'

/**
 * Gives a lease up, if it is ours.
 *
 *   KEYS[1] lease   ARGV[1] its value
 */
const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`

/**
 * The leases of one executor (exactly-once.md P2). They keep executors out of each other's way; safety never rests
 * on them.
 */
export class Leases extends HeldLeases {
  readonly #owner: string

  constructor(redis: Redis, owner: string) {
    super(redis)
    this.#owner = owner
  }

  /** Tries to get a lease that nobody holds. */
  async take(key: string, generation: number): Promise<boolean> {
    const lease: Lease = { owner: this.#owner, token: randomUUID(), generation }
    const value = JSON.stringify(lease)
    const renewedAt = monotonicMs()
    if ((await this.redis.set(key, value, 'PX', LEASE_MS, 'NX')) !== 'OK') return false
    this.hold(key, { value, renewedAt })
    return true
  }

  /** Renews all leases; returns the keys of those that are somebody else's now. */
  async renewAll(): Promise<string[]> {
    const { keys } = this
    const ours = await Promise.all(keys.map((key) => this.confirm(key)))
    const lost = keys.filter((_, i) => !ours[i])
    for (const key of lost) this.forget(key)
    return lost
  }

  /** Gives a lease up. */
  async release(key: string): Promise<void> {
    const lease = this.get(key)
    this.forget(key)
    if (lease !== undefined) await this.redis.eval(RELEASE, 1, key, lease.value)
  }
}
