import { describe, expect, it } from 'vitest'
import { completions } from './completions.ts'
import { FIELDS } from './testing/outcome.ts'
import type { Value } from './value.ts'

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
    ['items[1].|', ['sku', 'qty']],
    ['element_at(items, 1).sk|', ['sku', 'qty']],
    ['if(active, address, nowhere).|', []],
    ['(address).geo.|', ['lat']],
    ["case when region = 'a' then address.|", ['city', 'zip code', 'geo']],
    ['any(items, i -> i.|', ['sku', 'qty']],
    ['any(items, i -> i.qty > 1 and i.|', ['sku', 'qty']],
    ['any(items, i -> i.|) and active', ['sku', 'qty']],
    ['any(items, (i) -> i.|', ['sku', 'qty']],
    ['all(items, i -> any(items, j -> i.qty = j.|', ['sku', 'qty']],
    ['all(items, i -> any(items, j -> i.|', ['sku', 'qty']],
    ['reduce(items, address, (sum, i) -> sum.|', ['city', 'zip code', 'geo']],
    ['reduce(items, 0, (sum, i) -> sum + i.|', ['sku', 'qty']],
    ['any(filter(items, i -> i.qty > 1), i -> i.|', ['sku', 'qty']],
    ['any(items, i -> true) and i.|', []],
    ['any(missing, i -> i.|', []],
    ['any(i -> i.|', []],
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
    '.|',
    'and .|',
  ])('at %s is nothing', (text) => {
    expect(complete(text)).toBeNull()
  })

  it('have the parameters of the lambdas around the place, before the fields', () => {
    const fields = FIELDS.map((field) => field.name)
    expect(complete('any(items, i -> |')?.fields).toEqual(['i', ...fields])
    expect(complete('any(items, i -> any(tags, t -> t = i|')?.fields).toEqual(['t', 'i', ...fields])
    expect(complete('reduce(items, 0, (sum, i) -> |')?.fields).toEqual(['sum', 'i', ...fields])
    expect(complete('any(items, qty -> |')?.fields).toEqual([
      'qty',
      ...fields.filter((name) => name !== 'qty'),
    ])
    expect(complete('any(items, i -> true) and |')?.fields).toEqual(fields)
  })

  it('show values that were seen, and offer them behind a comparison', () => {
    const seen = new Map<string, readonly Value[]>(
      Object.entries({
        region: ['US-WEST', 'EU', 'US-WEST', null],
        price: [1250],
        'items.qty': [2, 3],
        'items.sku': ["it's", 'x'.repeat(100)],
        ts: [0],
        tags: ['new'],
      }),
    )
    const at = (text: string) =>
      completions(text, text.length, FIELDS, (path) => seen.get(path.join('.')) ?? [])?.options ?? []
    const samples = (text: string, label: string) =>
      at(text).flatMap((option) => (option.kind === 'field' && option.label === label ? option.samples : []))
    const values = (text: string) =>
      at(text).flatMap((option) => (option.kind === 'value' ? [option.insert] : []))
    expect(samples('', 'region')).toEqual(["'US-WEST'", "'EU'"])
    expect(samples('', 'price')).toEqual(['12.50'])
    expect(samples('', 'ts')).toEqual(["'1970-01-01T00:00:00.000Z'"])
    expect(samples('items[1].', 'qty')).toEqual(['2', '3'])
    expect(samples('any(items, i -> i.', 'sku')).toEqual(["'it''s'"])
    expect(samples('any(tags, t -> ', 't')).toEqual(["'new'"])
    expect(samples('if(active, address, address).', 'city')).toEqual([])
    expect(values('region = ')).toEqual(["'US-WEST'", "'EU'"])
    expect(values('qty = 1 and price >= ')).toEqual(['12.50'])
    expect(values('any(items, i -> i.qty < ')).toEqual(['2', '3'])
    expect(values('length(region) = ')).toEqual([])
    expect(values('region ')).toEqual([])
    expect(values('')).toEqual([])
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
