import { setTimeout as sleep } from 'node:timers/promises'
import { KafkaError } from './errors.ts'

/** How long and how often to repeat an attempt. */
export interface RetryPolicy {
  /** Milliseconds after which the last error is final. */
  readonly deadlineMs: number
  /** Milliseconds to wait before the next attempt (`attempt` counts from 0), or `null` when the error is final. */
  delayAfter(error: KafkaError, attempt: number): number | null
}

/**
 * Repeats `attempt` as the policy says.
 *
 * @throws the last error, when the policy calls it final or the deadline is over
 */
export async function retrying<Result>(policy: RetryPolicy, attempt: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + policy.deadlineMs
  for (let tries = 0; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      const delay = error instanceof KafkaError ? policy.delayAfter(error, tries) : null
      if (delay === null || performance.now() + delay > deadline) throw error
      await sleep(delay)
    }
  }
}

const BACKOFF = { firstMs: 10, lastMs: 320 } as const

/** Doubling delay for faults that pass by themselves, such as a leader election. */
export function backoff(error: KafkaError, attempt: number): number | null {
  return error.retriable ? Math.min(BACKOFF.lastMs, BACKOFF.firstMs * 2 ** Math.min(attempt, 10)) : null
}

/** As `backoff`, but without patience for brokers that do not answer at all. */
export function backoffUnlessUnreachable(error: KafkaError, attempt: number): number | null {
  return error.number === undefined ? null : backoff(error, attempt)
}
