import type { Completion, Completions } from '@millrace/expr'

const KIND_RANK = { value: 0, field: 1, function: 2, keyword: 3 } as const

/** What is offered at the caret. */
export interface Suggestions {
  readonly from: number
  readonly to: number
  readonly options: readonly Completion[]
}

/**
 * Chooses from what can be written: what begins with the typed word, values before fields, functions and keywords.
 * Unless asked for, nothing where no word was begun, or where only the word itself is left.
 */
export function suggestionsAt(
  text: string,
  caret: number,
  found: Completions | null,
  isAsked: boolean,
): Suggestions | null {
  if (found === null) return null
  const word = text.slice(found.from, caret).replace(/^"/, '').toLowerCase()
  const isMember = text[found.from - 1] === '.'
  if (word === '' && !isAsked && !isMember) return null
  const options = found.options
    .filter(({ label }) => label.toLowerCase().startsWith(word))
    .toSorted((a, b) => KIND_RANK[a.kind] - KIND_RANK[b.kind])
  const isWhole = options.length === 1 && options[0]?.insert === text.slice(found.from, found.to)
  return options.length === 0 || (isWhole && !isAsked) ? null : { from: found.from, to: found.to, options }
}
