import { exactJson } from './exact-json.ts'

/**
 * Compares two lists in which order means nothing. Returns what is wrong in words, or null where they are the same.
 */
export function compareLists<Actual, Expected>(
  what: string,
  actual: readonly Actual[],
  expected: readonly Expected[],
  same: (actual: Actual, expected: Expected) => boolean,
): string | null {
  const unexpected = [...actual]
  const missing = expected.filter((item) => {
    const found = unexpected.findIndex((candidate) => same(candidate, item))
    if (found >= 0) unexpected.splice(found, 1)
    return found < 0
  })
  if (missing.length === 0 && unexpected.length === 0) return null
  const list = (title: string, items: readonly unknown[]) =>
    items.map((item) => `\n  ${title} ${exactJson(item)}`)
  return [`${what} differ:`, ...list('missing   ', missing), ...list('unexpected', unexpected)].join('')
}
