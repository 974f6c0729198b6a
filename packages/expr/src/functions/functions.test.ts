import { describe, expect, it } from 'vitest'
import { functionDocs } from '../function-docs.ts'
import { FUNCTION_ROWS } from '../testing/function-rows/index.ts'
import { type Outcome, outcome } from '../testing/outcome.ts'
import { functionNames, functionRows } from './table.ts'

function isFailure(expected: Outcome): boolean {
  return typeof expected === 'object' && expected !== null && ('fails' in expected || 'refused' in expected)
}

describe.each(functionNames())('%s', (name) => {
  const rows = FUNCTION_ROWS[name] ?? []

  it.each(rows)('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected)
  })

  it('has rows for what is usual, for null, and for what is refused or fails', () => {
    expect(rows.length).toBeGreaterThanOrEqual(4)
    expect(rows.every(([text]) => text.includes(`${name}(`))).toBe(true)
    expect(rows.some(([text, expected]) => expected === null || /null|nothing/i.test(text))).toBe(true)
    expect(rows.some(([, expected]) => isFailure(expected))).toBe(true)
  })

  it.each((functionRows(name) ?? []).map((row) => row.example))(
    'has an example that is true: %s',
    (example) => {
      expect(outcome(example)).toBe(true)
      expect(example).toContain(`${name}(`)
    },
  )
})

describe('the function table', () => {
  it('has no row for a function that does not exist', () => {
    expect(Object.keys(FUNCTION_ROWS).filter((name) => !functionNames().includes(name))).toEqual([])
  })

  it('documents every function in one sentence, with its signatures', () => {
    const docs = functionDocs()
    expect(docs.map((doc) => doc.name).toSorted()).toEqual([...functionNames()].toSorted())
    for (const doc of docs) expect(doc.documentation).toMatch(/^[A-Z1].*[^.]\.$/)
    expect(docs.find((doc) => doc.name === 'substring')?.signatures).toEqual([
      'substring(string, int64) → string',
      'substring(string, int64, int64) → string',
    ])
  })

  it('reads names of functions without regard to case', () => {
    expect(outcome('ABS(-1)')).toBe(1)
  })
})
