import { describe, expect, it } from 'vitest'
import { clientFault, namedBrokerError } from './errors.ts'
import { backoff, backoffUnlessUnreachable, retrying } from './retry.ts'

const passing = namedBrokerError('CONCURRENT_TRANSACTIONS', {})
const final = namedBrokerError('MESSAGE_TOO_LARGE', {})
const atOnce = {
  deadlineMs: 10_000,
  delayAfter: (error: { retriable: boolean }) => (error.retriable ? 0 : null),
}

/** Fails with each error in turn, then gives the number of attempts. */
function failing(errors: readonly unknown[]): () => Promise<number> {
  let attempts = 0
  return async () => {
    if (attempts < errors.length) throw errors[attempts++]
    return attempts + 1
  }
}

describe('retrying', () => {
  it('repeats until an attempt succeeds', async () => {
    expect(await retrying(atOnce, failing([passing, passing]))).toBe(3)
  })

  it('gives up at an error that the policy calls final', async () => {
    await expect(retrying(atOnce, failing([passing, final, passing]))).rejects.toBe(final)
  })

  it('gives up at an error that is not of this layer', async () => {
    const bug = new TypeError('a mistake')
    await expect(retrying(atOnce, failing([bug]))).rejects.toBe(bug)
  })

  it('gives up with the last error when the next attempt would be too late', async () => {
    await expect(retrying({ deadlineMs: 50, delayAfter: () => 1_000 }, failing([passing]))).rejects.toBe(
      passing,
    )
  })
})

describe('backoff', () => {
  it('doubles up to a bound', () => {
    expect([0, 1, 2, 5, 6, 1_000].map((attempt) => backoff(passing, attempt))).toEqual([
      10, 20, 40, 320, 320, 320,
    ])
  })

  it('calls errors final that will not pass', () => {
    expect(backoff(final, 0)).toBeNull()
  })

  it('has no patience, where asked so, for a broker that cannot be reached', () => {
    expect(backoffUnlessUnreachable(passing, 0)).toBe(10)
    expect(backoffUnlessUnreachable(clientFault('CONNECTION_FAILED', 'refused'), 0)).toBeNull()
  })
})
