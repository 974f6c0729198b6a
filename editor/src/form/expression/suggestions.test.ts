import { completions, scalar, structOf } from '@millrace/expr'
import { describe, expect, test } from 'vitest'
import { suggestionsAt } from './suggestions.ts'

const fields = [
  { name: 'lower bound', type: scalar('double') },
  { name: 'total', type: scalar('double') },
  { name: 'address', type: structOf([{ name: 'city', type: scalar('string') }]) },
]

function labels(text: string, isAsked = false) {
  const found = suggestionsAt(text, text.length, completions(text, text.length, fields), isAsked)
  return found?.options.map(({ label }) => label) ?? []
}

describe('suggestionsAt', () => {
  test('offers what begins with the typed word, fields first', () => {
    expect(labels('low')).toEqual(['lower bound', 'lower'])
    expect(labels('total > 1 and to')[0]).toBe('total')
  })

  test('offers the members of a struct behind its point', () => {
    expect(labels('address.')).toEqual(['city'])
  })

  test('stays closed where no word was begun, unless asked', () => {
    expect(labels('total > ')).toEqual([])
    expect(labels('total > ', true)).toContain('address')
  })

  test('offers values of the sample first, once it is asked behind a comparison', () => {
    const text = 'total > '
    const found = completions(text, text.length, fields, () => [12.5, 3])
    expect(
      suggestionsAt(text, text.length, found, true)
        ?.options.slice(0, 3)
        .map(({ label }) => label),
    ).toEqual(['12.5', '3.0', 'lower bound'])
  })

  test('tells of a complete word when asked', () => {
    expect(labels('address.city', true)).toEqual(['city'])
  })

  test('closes once the word is complete, and within texts', () => {
    expect(labels('address.city')).toEqual([])
    expect(labels("'tot")).toEqual([])
  })
})
