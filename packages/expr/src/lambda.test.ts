import { describe, expect, it } from 'vitest'
import { compile } from './compile.ts'
import { LIMITS } from './limits.ts'
import { FIELDS, fails, type Outcome, outcome, ROW, refused } from './testing/outcome.ts'
import { arrayOf, type Field, scalar } from './type.ts'
import { formatType } from './type-text.ts'
import type { Value } from './value.ts'

function compiled(text: string, fields: readonly Field[] = FIELDS) {
  const result = compile(text, fields)
  if (!result.ok) throw new Error(result.issues[0]?.message)
  return result.expression
}

function firstIssue(text: string) {
  const result = compile(text, FIELDS)
  const issue = result.ok ? undefined : result.issues[0]
  return (
    issue && { at: text.slice(issue.from, issue.to), message: issue.message, fix: issue.fix?.replacement }
  )
}

describe('lambdas', () => {
  it.each<[string, Outcome]>([
    ['any(items, i -> i.qty > qty - 2)', true],
    ['any(items, i -> i.sku = region)', false],
    ['any(items, (i) -> i.qty = 2)', true],
    ['any(items, "i" -> i.qty = 2)', true],
    ['ANY(items, i -> i.qty = 2)', true],
    ['array_length(filter(items, i -> i.qty is null))', 1],
    ['filter(items, i -> true)[2].sku', 'sku-2'],
    ['any(items, i -> any(numbers, n -> n + 1 = i.qty))', true],
    ['all(items, i -> any(items, j -> j.sku = i.sku))', true],
    [
      'transform(items, i -> reduce(numbers, coalesce(i.qty, 0), (sum, n) -> sum + n))[2]',
      9_007_199_254_740_994n,
    ],
    ["any(transform(items, i -> i.sku), s -> s like '%-2')", true],
    ['case when any(items, i -> i.qty > 1) then 1 else 0 end', 1],
    ['any(items, i -> extract(year from ts) = 2026)', true],
    ['any(items, i -> case when i.qty = 2 then active end)', true],
    ['false and any(numbers, n -> abs(-9223372036854775807 - n) > 0)', false],
    ['any(numbers, n -> abs(-9223372036854775807 - n) > 0)', fails('int64_overflow')],
  ])('%s', (text, expected) => {
    expect(outcome(text)).toEqual(expected)
  })

  it.each([
    ['filter(items, i -> i.qty > 1)', 'array<struct<sku string not null, qty int64>>'],
    ['filter(tags, t -> true)', 'array<string> not null'],
    ['transform(tags, t -> 1)', 'array<int64 not null> not null'],
    ['transform(items, i -> i.qty * 1.5)', 'array<double>'],
    ['any(tags, t -> t is null)', 'boolean not null'],
    ['any(tags, t -> t = region)', 'boolean'],
    ['reduce(tags, 0, (n, t) -> n + 1)', 'int64 not null'],
    ['reduce(tags, 0, (n, t) -> n + length(t))', 'int64'],
    ['reduce(items, 0, (n, i) -> n + 0.5)', 'double'],
    ['reduce(amounts, 0, (sum, a) -> sum + a)', 'decimal(38, 2)'],
    ["reduce(amounts, decimal '1.000', (product, a) -> product * a)", 'decimal(38, 5)'],
    ['reduce(amounts, 0e0, (sum, a) -> sum + a)', 'double'],
  ])('%s is %s', (text, type) => {
    expect(formatType(compiled(text).type)).toBe(type)
  })

  it('may name their parameters like fields: the innermost name is meant', () => {
    expect(outcome('any(items, qty -> qty.qty = 2)')).toBe(true)
    expect(outcome('any(numbers, qty -> qty = 1) and qty = 3')).toBe(true)
    expect(outcome("any(numbers, x -> any(tags, x -> x = 'new') and x = 1)")).toBe(true)
    expect(compiled('any(numbers, qty -> qty = 1)').reads).toEqual([['numbers']])
  })

  it('read the fields that they name', () => {
    expect(compiled('any(items, i -> i.qty > qty and address.geo.lat > 0)').reads).toEqual([
      ['items'],
      ['qty'],
      ['address', 'geo', 'lat'],
    ])
  })

  it('are evaluated for the elements that are needed, from the first on', () => {
    expect(outcome('any(numbers, n -> if(n = 1, true, abs(-9223372036854775807 - n) > 0))')).toBe(true)
    expect(outcome('all(numbers, n -> if(n = 1, false, abs(-9223372036854775807 - n) > 0))')).toBe(false)
  })

  it('keep nothing from one row for the next', () => {
    const fields = [{ name: 'a', type: arrayOf(scalar('int64')) }]
    const { evaluate } = compiled('reduce(a, 0, (sum, n) -> sum + n)', fields)
    expect([[1, 2], [3], []].map((a) => evaluate([a], { time: 0 }))).toEqual([3, 3, 0])
  })

  it.each([
    ['any(items, i -> i.qyt > 1)', 'qyt', 'qty'],
    ['any(items, item -> itme.qty > 1)', 'itme', 'item'],
    ['any(items, i => i.qty > 1)', '=>', '->'],
    ['reduce(items, 0, (a, i) => a)', '=>', '->'],
    ['any(items, i -> abs(i.sku) > 1)', 'i.sku', undefined],
    ['any(items, i -> i.qty)', 'i.qty', undefined],
    ['any(items, i)', 'i', 'if'],
    ['any(qty, i -> true)', 'qty', undefined],
    ['i -> i', '->', undefined],
    ['abs(i -> i)', 'i -> i', undefined],
    ['any(i -> true, items)', 'i -> true', undefined],
    ['exists(items, i -> true)', 'exists', 'any'],
    ['map(items, i -> i.sku)', 'map', 'transform'],
    ['any(items, i -> j -> true)', '->', undefined],
    ['any(items, 1 -> true)', '->', undefined],
    ['any(items, () -> true)', ')', undefined],
  ])('%s is refused at %s', (text, at, fix) => {
    expect(firstIssue(text)).toMatchObject(fix === 'if' ? {} : { at, fix })
  })

  it('say what they are for', () => {
    expect(firstIssue('filter(items)')?.message).toBe(
      'filter takes an array and a condition on its elements, such as x -> x > 0, found 1 argument',
    )
    expect(firstIssue('i -> 1')?.message).toContain('the last argument of a function of arrays')
    expect(firstIssue('reduce(numbers, 0, (sum, n) -> true)')?.message).toBe(
      'The lambda of reduce expects to make int64 like its first value, found boolean',
    )
  })
})

describe('limits of lambdas', () => {
  const fields: readonly Field[] = [
    { name: 'a', type: arrayOf(scalar('int64', false), false) },
    { name: 's', type: scalar('string', false) },
  ]
  const arrayOfLength = (length: number) => Array.from({ length }, (_, i) => i)
  const run = (text: string, ...row: Value[]) => outcome(text, fields, row)

  it('are 10,000 elements in one evaluation, whatever they are spread over', () => {
    expect(run('any(a, x -> x < 0)', arrayOfLength(LIMITS.steps), '')).toBe(false)
    expect(run('any(a, x -> x < 0)', arrayOfLength(LIMITS.steps + 1), '')).toEqual(fails('step_limit'))
    expect(run('any(a, x -> x = 0)', arrayOfLength(LIMITS.steps + 1), '')).toBe(true)
    expect(run('any(a, x -> x < 0) or any(a, x -> x < 0)', arrayOfLength(5001), '')).toEqual(
      fails('step_limit'),
    )
    expect(run('all(a, x -> all(a, y -> y >= 0))', arrayOfLength(99), '')).toBe(true)
    expect(run('all(a, x -> all(a, y -> y >= 0))', arrayOfLength(100), '')).toEqual(fails('step_limit'))
    for (const text of ['filter(a, x -> true)', 'transform(a, x -> x)', 'reduce(a, 0, (n, x) -> n)'])
      expect(run(text, arrayOfLength(1_000_000), '')).toEqual(fails('step_limit'))
  })

  it('count for every row anew', () => {
    const { evaluate } = compiled('any(a, x -> x < 0)', fields)
    for (let i = 0; i < 3; i++) expect(evaluate([arrayOfLength(LIMITS.steps), ''], { time: 0 })).toBe(false)
  })

  it('are a million characters that a new array holds', () => {
    const text = 'x'.repeat(65_536)
    expect(run('array_length(transform(a, x -> s))', arrayOfLength(16), text)).toBe(16)
    expect(run('array_length(transform(a, x -> s))', arrayOfLength(17), text)).toEqual(
      fails('result_too_long'),
    )
    expect(run('array_length(transform(a, x -> transform(a, y -> s)))', arrayOfLength(5), text)).toEqual(
      fails('result_too_long'),
    )
  })

  it('are four levels', () => {
    const nested = (depth: number) =>
      `${Array.from({ length: depth }, (_, i) => `any(a, x${i} -> `).join('')}true${')'.repeat(depth)}`
    expect(run(nested(4), [1], '')).toBe(true)
    expect(run(nested(5), [1], '')).toEqual(refused('too_deep'))
    const reductions = (depth: number) =>
      `${Array.from({ length: depth }, (_, i) => `reduce(a, 0, (n${i}, x${i}) -> `).join('')}0.5${')'.repeat(depth)}`
    expect(run(reductions(4), [1], '')).toBe(0.5)
    expect(run(reductions(12), [1], '')).toEqual(refused('too_deep'))
  })

  it('do not weigh on expressions without lambdas', () => {
    expect(compiled('qty + 1').evaluate(ROW, { time: 0 })).toBe(4)
  })
})
