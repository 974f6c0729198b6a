import { describe, expect, it } from 'vitest'
import { compile } from './compile.ts'
import { LIMITS } from './limits.ts'
import { parse } from './parse.ts'
import { FIELDS } from './testing/outcome.ts'

/** The first issue: the words it is about, what it says and what it offers. */
function issue(text: string) {
  const result = compile(text, FIELDS)
  const first = result.ok ? undefined : result.issues[0]
  if (first === undefined) return undefined
  return { code: first.code, at: text.slice(first.from, first.to), fix: first.fix?.replacement }
}

function codes(text: string): readonly string[] {
  const result = compile(text, FIELDS)
  return result.ok ? [] : result.issues.map((one) => one.code)
}

/** The text with the fix of its first issue applied. */
function mended(text: string): string {
  const result = compile(text, FIELDS)
  const first = result.ok ? undefined : result.issues[0]
  return first?.fix === undefined
    ? text
    : text.slice(0, first.from) + first.fix.replacement + text.slice(first.to)
}

describe('the grammar', () => {
  it.each([
    ['qty > 1 -- only many', 'qty > 1'],
    ['qty /* a *** comment */ > 1', 'qty > 1'],
    ['not qty = 1 and active', '(not (qty = 1)) and active'],
    ['active or active and active', 'active or (active and active)'],
    ['- qty * 2 + 1', '((- qty) * 2) + 1'],
    ["region || 'a' = 'b'", "(region || 'a') = 'b'"],
    ['qty + 1 > 2 and qty is not null', '((qty + 1) > 2) and (qty is not null)'],
    ["region like 'a' || 'b'", "region like ('a' || 'b')"],
    ['qty between 1 and 2 + 3 or active', '(qty between 1 and (2 + 3)) or active'],
    ['CASE WHEN active THEN 1 END', 'case when active then 1 end'],
    ['qty\u00a0>\u20091', 'qty > 1'],
  ])('reads %s as %s', (text, same) => {
    const shape = (source: string) => {
      const result = parse(source)
      return JSON.stringify(result, (key, value) => (key === 'from' || key === 'to' ? undefined : value))
    }
    expect(parse(text).ok).toBe(true)
    expect(shape(text)).toBe(shape(same))
  })
})

describe('mistakes in the text', () => {
  it.each([
    ['', 'empty', ''],
    ['  -- nothing', 'empty', '  -- nothing'],
    ['qty >', 'syntax', '>'],
    ['(qty', 'syntax', 'y'],
    ['qty qty', 'syntax', 'qty'],
    ['qty )', 'syntax', ')'],
    ["region = 'US", 'syntax', "'"],
    ['"qty', 'syntax', '"'],
    ['case when active then 1', 'syntax', '1'],
    ['qty /* open', 'syntax', '/*'],
    ['qty % 2', 'syntax', '%'],
    ['qty in ()', 'syntax', ')'],
    ['tags[1', 'syntax', '1'],
    ['[1]', 'syntax', '['],
    ['length(year from region)', 'syntax', 'from'],
    ['extract(year from)', 'syntax', ')'],
    ['f(a, b -> )', 'syntax', ')'],
    ['qty is', 'syntax', 's'],
    ['and', 'syntax', 'and'],
    ['qty > 1; drop', 'syntax', ';'],
    ['5abc', 'syntax', 'abc'],
    ["naem 'x'", 'invalid_literal', "naem 'x'"],
  ])('%s is refused at the place', (text, code, at) => {
    expect(issue(text)).toMatchObject({ code, at })
  })

  it.each([
    ['qty == 3', 'qty = 3'],
    ['qty !== 3', 'qty <> 3'],
    ['qty => 3', 'qty >= 3'],
    ['qty =< 3', 'qty <= 3'],
    ['active && active', 'active  and  active'],
    ['!active', 'not active'],
    ['regoin = 1', 'region = 1'],
    ['address.ctiy', 'address.city'],
    ['address."zip cod"', 'address."zip code"'],
    ['lenght(region)', 'length(region)'],
    ['substr(region, 1)', 'substring(region, 1)'],
    ['NVL(qty, 1)', 'coalesce(qty, 1)'],
    ['cast(qty as varchar)', 'cast(qty as string)'],
    ['cast(qty as strin)', 'cast(qty as string)'],
    ["qty > '5'", 'qty > 5'],
    ["price > '5.5'", 'price > 5.5'],
    ['region || qty', 'region || cast(qty as string)'],
    ['region || (qty + 1)', 'region || (cast(qty + 1 as string))'],
    ['length(price)', 'length(cast(price as string))'],
    ['upper(active)', 'upper(cast(active as string))'],
    ['qty = region', 'qty = cast(region as int64)'],
    ['price in (1, region)', 'price in (1, cast(region as decimal(10, 2)))'],
    ['ts > region', 'ts > cast(region as timestamp)'],
    ['tags[region]', 'tags[cast(region as int64)]'],
    ['labels[qty]', 'labels[cast(qty as string)]'],
    ["any(items, i -> i.sku || i.qty = 'a')", "any(items, i -> i.sku || cast(i.qty as string) = 'a')"],
    ['region = 5', "region = '5'"],
    ['region = "EU"', "region = 'EU'"],
    ['end > 1', '"end" > 1'],
  ])('%s is offered as %s', (text, offered) => {
    expect(mended(text)).toBe(offered)
  })

  it.each([
    ['‘abc’', "'"],
    ['“qty”', '"'],
    ['`qty`', '"'],
  ])('%s is offered another quote', (text, fix) => {
    expect(issue(text)?.fix).toBe(fix)
  })

  it('are all reported, each once', () => {
    expect(codes("abs('x') > unknown and length(1) = 2 and (missing or 5)")).toEqual([
      'type_mismatch',
      'unknown_field',
      'type_mismatch',
      'unknown_field',
      'type_mismatch',
    ])
  })

  it('say what was expected and what was found', () => {
    const result = compile("abs('x')", FIELDS)
    expect(result.ok ? '' : result.issues[0]?.message).toBe(
      'abs expects int64, decimal or double, found string',
    )
  })

  it('offer no cast that there is not, and none where several types would do', () => {
    for (const text of ['abs(region)', 'qty = ts', 'not items', 'length(items)', 'active + 1']) {
      const result = compile(text, FIELDS)
      expect(result.ok ? 'ok' : result.issues[0]?.fix, text).toBeUndefined()
    }
  })

  it('say how a field of an array of structs is read', () => {
    const result = compile('items.sku', FIELDS)
    expect(result.ok ? '' : result.issues[0]?.message).toContain('items[1].sku')
  })
})

describe('limits', () => {
  const nested = (depth: number) => `${'('.repeat(depth - 1)}qty${')'.repeat(depth - 1)}`

  it('are 4,096 characters of text', () => {
    expect(codes('qty'.padEnd(LIMITS.textLength))).toEqual([])
    expect(codes('qty'.padEnd(LIMITS.textLength + 1))).toEqual(['too_long'])
  })

  it('are 32 levels of nesting', () => {
    expect(codes(nested(32))).toEqual([])
    expect(codes(nested(33))).toEqual(['too_deep'])
    expect(codes(`${'not '.repeat(31)}active`)).toEqual([])
    expect(codes(`${'not '.repeat(32)}active`)).toEqual(['too_deep'])
  })

  it('are 500 parts, of which a chain of operators may have all', () => {
    expect(codes(`qty${' + 1'.repeat(249)}`)).toEqual([])
    expect(codes(`qty${' + 1'.repeat(250)}`)).toEqual(['too_many_nodes'])
    expect(codes(`qty${'+1'.repeat(2000)}`)).toEqual(['too_many_nodes'])
    expect(codes(`qty${'.a'.repeat(2000)}`)).toEqual(['too_many_nodes'])
    expect(codes(`active${' or active'.repeat(400)}`)).toEqual([])
    expect(codes(`qty in (1${', 1'.repeat(497)})`)).toEqual([])
    expect(codes(`qty in (1${', 1'.repeat(498)})`)).toEqual(['too_many_nodes'])
  })
})
