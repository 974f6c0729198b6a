import type { Redis } from 'ioredis'
import { renewLease } from '../agent/leases.ts'
import { monotonicMs } from '../monotonic.ts'
import type { ToldLease } from '../pod/messages.ts'

/** The leases of a worker's tasks. The supervisor holds them and tells when it renewed them. */
export class ToldLeases {
  readonly #redis: Redis
  readonly #leases = new Map<string, { value: string; renewedAt: number }>()

  constructor(redis: Redis) {
    this.#redis = redis
  }

  /** A lease is held. */
  hold(key: string, lease: ToldLease): void {
    this.#leases.set(key, { ...lease })
  }

  /** The supervisor has renewed it. */
  renewed(key: string, at: number): void {
    const lease = this.#leases.get(key)
    if (lease !== undefined) lease.renewedAt = Math.max(lease.renewedAt, at)
  }

  /** A lease is no longer needed. */
  forget(key: string): void {
    this.#leases.delete(key)
  }

  /** Asks Redis whether a lease is still ours, and renews it. Throws where Redis does not answer. */
  async confirm(key: string): Promise<boolean> {
    const lease = this.#leases.get(key)
    const sentAt = monotonicMs()
    if (lease === undefined || !(await renewLease(this.#redis, key, lease.value))) return false
    this.renewed(key, sentAt)
    return true
  }

  /** When the lease was renewed last, `monotonicMs`; undefined where it is not held. */
  renewedAt(key: string): number | undefined {
    return this.#leases.get(key)?.renewedAt
  }
}
