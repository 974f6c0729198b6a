import { describe, expect, it } from 'vitest'
import { completions } from './completions.ts'
import { FIELDS } from './testing/outcome.ts'

/** Completes at the bar: the text that would be replaced, and the labels by kind. */
function complete(marked: string) {
  const position = marked.indexOf('|')
  const text = marked.replace('|', '')
  const found = completions(text, position, FIELDS)
  if (found === null) return null
  const labels = (kind: string) =>
    found.options.filter((option) => option.kind === kind).map((option) => option.label)
  return {
    replaces: text.slice(found.from, found.to),
    fields: labels('field'),
    functions: labels('function'),
    keywords: labels('keyword'),
  }
}

describe('completions', () => {
  it.each([
    ['|', ''],
    ['re|', 're'],
    ['re|gion', 'region'],
    ['qty > 1 and re|', 're'],
    ['abs(|', ''],
    ['qty + |', ''],
    ['"zip c|', '"zip c'],
    ['"reg|ion" = 1', '"region"'],
    ["region = 'a' and |", ''],
    ['-- why\n|', ''],
    ['case when |', ''],
  ])('at %s are fields, functions and keywords', (text, replaces) => {
    const found = complete(text)
    expect(found?.replaces).toBe(replaces)
    expect(found?.fields).toEqual(FIELDS.map((field) => field.name))
    expect(found?.functions).toContain('coalesce')
    expect(found?.keywords).toContain('between')
  })

  it.each([
    ['address.|', ['city', 'zip code', 'geo']],
    ['address . zi|', ['city', 'zip code', 'geo']],
    ['qty > address."geo".|', ['lat']],
    ['items.|', []],
    ['region.|', []],
    ['missing.|', []],
    ['address.constructor.|', []],
  ])('at %s are the fields of the struct', (text, fields) => {
    expect(complete(text)).toMatchObject({ fields, functions: [], keywords: [] })
  })

  it.each([
    "region = 'U|",
    "region = 'US'|",
    "'it''s |",
    'qty -- no|',
    'qty /* |',
    'qty /* a */|',
    '12|',
    '1.5|',
    'element_at(items, 1).|',
  ])('at %s is nothing', (text) => {
    expect(complete(text)).toBeNull()
  })

  it('tell a field’s type and how it is written, and a function’s signatures and documentation', () => {
    const options = completions('', 0, FIELDS)?.options ?? []
    expect(options.find((option) => option.label === 'qty')).toMatchObject({
      insert: 'qty',
      type: 'int64 not null',
    })
    const zip = completions('address.', 8, FIELDS)?.options.find((option) => option.label === 'zip code')
    expect(zip).toMatchObject({ insert: '"zip code"', type: 'int64' })
    const round = options.find((option) => option.label === 'round')
    expect(round).toMatchObject({
      insert: 'round(',
      doc: { group: 'math', example: 'round(1.005, 2) = 1.01' },
    })
    expect(round?.kind === 'function' && round.doc.signatures).toContain('round(double, int64) → double')
  })
})
