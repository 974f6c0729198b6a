import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Looks until what it sees is as expected, for at most 30 s.
 *
 * @throws Error with what was seen last
 */
export async function until<T>(look: () => Promise<T> | T, isExpected: (seen: T) => boolean): Promise<T> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const seen = await look()
    if (isExpected(seen)) return seen
    if (Date.now() > deadline) throw new Error(`it never came true: ${JSON.stringify(seen)}`)
    await sleep(50)
  }
}
