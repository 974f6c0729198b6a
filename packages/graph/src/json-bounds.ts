import { LIMITS } from './limits.ts'

interface Budget {
  values: number
}

/**
 * Why a value is no JSON that we are ready to walk through, as the end of a sentence; null where it is.
 * Refused: nesting deeper than 40 levels, more than a million values, anything JSON has no words for, and text that
 * UTF-8 or Postgres cannot hold (halves of surrogate pairs, U+0000).
 */
export function explainUnsafeJson(value: unknown): string | null {
  return explain(value, LIMITS.depth, { values: LIMITS.values })
}

function explain(value: unknown, levels: number, budget: Budget): string | null {
  budget.values -= 1
  if (budget.values < 0) return `has more than ${LIMITS.values} values`
  switch (typeof value) {
    case 'string':
      return explainText(value)
    case 'number':
      return Number.isFinite(value) ? null : 'has a number that is not finite'
    case 'boolean':
      return null
    case 'object':
      return value === null ? null : explainParts(value, levels - 1, budget)
    default:
      return `has a value of type ${typeof value}, which JSON does not know`
  }
}

function explainParts(value: object, levels: number, budget: Budget): string | null {
  if (levels < 0) return `is nested deeper than ${LIMITS.depth} levels`
  if (Array.isArray(value)) return firstProblem(value, (item) => explain(item, levels, budget))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null)
    return 'has an object that is not plain'
  return firstProblem(
    Object.entries(value),
    ([name, member]) => explainText(name) ?? explain(member, levels, budget),
  )
}

function firstProblem<T>(items: readonly T[], explainItem: (item: T) => string | null): string | null {
  for (const item of items) {
    const problem = explainItem(item)
    if (problem !== null) return problem
  }
  return null
}

function explainText(text: string): string | null {
  if (text.includes('\0')) return 'has text with the character U+0000'
  return text.isWellFormed() ? null : 'has text with half a character (a lone surrogate)'
}
