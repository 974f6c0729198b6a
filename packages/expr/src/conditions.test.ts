import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCondition } from './compile.ts'
import {
  formatSimpleConditions,
  parseSimpleConditions,
  type SimpleCondition,
  type SimpleConditions,
  type SimpleOperand,
  type SimpleOperator,
  simpleOperators,
} from './conditions.ts'
import { formatDecimal } from './decimal.ts'
import { isKeyType } from './key.ts'
import { parse } from './parse.ts'
import {
  arbitraryDecimal,
  arbitraryDecimalType,
  arbitraryName,
  arbitraryScalarValue,
} from './testing/arbitraries.ts'
import { arrayOf, decimal, mapOf, SCALAR_KINDS, scalar, structOf } from './type.ts'
import type { Whole } from './value.ts'

/** The work is bounded, but how long it takes depends on the machine. */
const PATIENCE = 120_000

describe('parseSimpleConditions', () => {
  it('reads a flat list of comparisons of a field with literals', () => {
    const text = `userId like 'healthcheck%' or total < 0.01 or address."zip code" in (1, -2) or ts between '2026-01-01' and timestamp '2026-02-01' or note is not null`
    expect(parseSimpleConditions(text)).toEqual({
      conjunction: 'or',
      rows: [
        { path: ['userId'], operator: 'starts with', operands: [{ kind: 'string', value: 'healthcheck' }] },
        { path: ['total'], operator: '<', operands: [{ kind: 'double', value: 0.01 }] },
        {
          path: ['address', 'zip code'],
          operator: 'in',
          operands: [
            { kind: 'int64', value: 1 },
            { kind: 'int64', value: -2 },
          ],
        },
        {
          path: ['ts'],
          operator: 'between',
          operands: [
            { kind: 'string', value: '2026-01-01' },
            { kind: 'timestamp', value: 1_769_904_000_000 },
          ],
        },
        { path: ['note'], operator: 'is not null', operands: [] },
      ],
    })
  })

  it.each([
    ["a like 'x%'", 'starts with', 'x'],
    ["a like '%x'", 'ends with', 'x'],
    ["a not like '%x%'", 'not contains', 'x'],
    ["a like '50\\%%' escape '\\'", 'starts with', '50%'],
    ["a like '%'", 'starts with', ''],
    ["a like 'x'", 'like', 'x'],
    ["a not like 'x_y%'", 'not like', 'x_y%'],
  ])('reads %s as a row of its shape', (text, operator, value) => {
    expect(parseSimpleConditions(text)?.rows).toEqual([
      { path: ['a'], operator, operands: [{ kind: 'string', value }] },
    ])
  })

  it.each([
    'a = 1 and (b = 2 or (c = 3 and d = 4))',
    'a = 1 and (b = 2 or not c = 3)',
    'not a = 1',
    'a',
    'a = b',
    '1 = a',
    'a = null',
    'a in (1, null)',
    'abs(a) = 1',
    'a + 1 = 2',
    'f(a).b = 1',
    'a = 1 -- because',
    "a like 'x!_y' escape '!'",
    "a like 'x!' escape '!'",
    'a is distinct from 1',
    'a =',
    "ts > event_time() - interval '5' minute",
  ])('leaves %s to the expression editor', (text) => {
    expect(parseSimpleConditions(text)).toBeNull()
  })

  it.each([
    ['a = 1 and (b = 2 or c = 3)', 'and', 'a = 1 and (b = 2 or c = 3)'],
    ['a = 1 or b = 2 and c = 3', 'or', 'a = 1 or (b = 2 and c = 3)'],
    ['(a = 1 and b = 2) and c = 3', 'and', '(a = 1 and b = 2) and c = 3'],
    ['(a = 1 and b = 2)', 'and', 'a = 1 and b = 2'],
    ['(a = 1) or ((b = 2))', 'or', 'a = 1 or b = 2'],
  ])('reads %s as rows and groups', (text, conjunction, written) => {
    const read = parseSimpleConditions(text)
    expect(read?.conjunction).toBe(conjunction)
    expect(read && formatSimpleConditions(read)).toBe(written)
  })

  it('leaves out groups without rows, and takes a group of one row for the row', () => {
    const row = { path: ['a'], operator: 'is null', operands: [] } as const
    const groups = [[], [row], [row, row]].map((rows) => ({ conjunction: 'or' as const, rows }))
    const text = formatSimpleConditions({ conjunction: 'and', rows: groups })
    expect(text).toBe('a is null and (a is null or a is null)')
    expect(parseSimpleConditions(text)).toEqual({ conjunction: 'and', rows: [row, groups[2]] })
  })

  it('takes an empty text for no rows', () => {
    expect(parseSimpleConditions(' \n')).toEqual({ conjunction: 'and', rows: [] })
    expect(formatSimpleConditions({ conjunction: 'and', rows: [] })).toBe('')
  })
})

describe('simpleOperators', () => {
  const types = [
    ...SCALAR_KINDS.map((kind) => scalar(kind)),
    decimal(10, 2),
    arrayOf(scalar('string')),
    mapOf(scalar('string'), scalar('string')),
    structOf([]),
  ]
  const all = simpleOperators(scalar('string'))
  const samples = {
    boolean: true,
    int64: 1,
    decimal: '1.50',
    double: 1.5,
    string: 'a',
    timestamp: 0,
    bytes: Uint8Array.of(1),
  } as const

  it.each(types)('are those that compile for $kind', (type) => {
    const kind = isKeyType(type) ? (type.kind as keyof typeof samples) : 'string'
    const compiles = (operator: SimpleOperator) => {
      const count = operator.startsWith('is ') ? 0 : operator.endsWith('between') ? 2 : 1
      const operands = Array.from({ length: count }, () => ({ kind, value: samples[kind] }))
      const text = formatSimpleConditions({ conjunction: 'and', rows: [{ path: ['a'], operator, operands }] })
      return compileCondition(text, [{ name: 'a', type }]).ok
    }
    expect(all.filter(compiles)).toEqual(simpleOperators(type))
  })
})

describe('formatSimpleConditions', () => {
  const scalarOperand = fc
    .constantFrom(...SCALAR_KINDS)
    .chain((kind) =>
      arbitraryScalarValue[kind]
        .filter((value) => !(typeof value === 'number' && !Number.isFinite(value)) && !Object.is(value, -0))
        .map((value) => ({ kind, value })),
    )
  const decimalOperand = arbitraryDecimalType().chain((type) =>
    arbitraryDecimal(type).map((value) => ({
      kind: 'decimal' as const,
      value: formatDecimal(value as Whole, type.scale),
    })),
  )
  const operand: fc.Arbitrary<SimpleOperand> = fc.oneof(
    { weight: 6, arbitrary: scalarOperand },
    decimalOperand,
  )
  const plainText = arbitraryScalarValue.string
    .filter((value) => value !== '')
    .map((value) => ({ kind: 'string' as const, value }))
  const rowWith = (
    operators: readonly SimpleCondition['operator'][],
    operands: fc.Arbitrary<SimpleCondition['operands']>,
  ) =>
    fc.record({
      path: fc.array(arbitraryName, { minLength: 1, maxLength: 3 }),
      operator: fc.constantFrom(...operators),
      operands,
    })
  const row: fc.Arbitrary<SimpleCondition> = fc.oneof(
    rowWith(['=', '<>', '<', '<=', '>', '>='], fc.tuple(operand)),
    rowWith(['in', 'not in'], fc.array(operand, { minLength: 1, maxLength: 4 })),
    rowWith(['between', 'not between'], fc.tuple(operand, operand)),
    rowWith(['is null', 'is not null'], fc.constant([])),
    rowWith(
      ['starts with', 'not starts with', 'ends with', 'not ends with', 'contains', 'not contains'],
      fc.tuple(plainText),
    ),
    rowWith(
      ['like', 'not like'],
      fc.tuple(
        fc.constantFrom('a_b', '_', 'x', 'a%b', '%a%b').map((value) => ({ kind: 'string' as const, value })),
      ),
    ),
  )
  const conjunction = fc.constantFrom('and' as const, 'or' as const)
  const group = fc.record({ conjunction, rows: fc.array(row, { minLength: 2, maxLength: 3 }) })
  const conditions: fc.Arbitrary<SimpleConditions> = fc.oneof(
    fc.record({ conjunction: fc.constant('and' as const), rows: fc.array(row, { maxLength: 1 }) }),
    fc.record({
      conjunction,
      rows: fc.array(fc.oneof({ weight: 3, arbitrary: row }, group), { minLength: 2, maxLength: 5 }),
    }),
  )

  it(
    'writes what is read as the same rows, and so as the same text',
    () => {
      fc.assert(
        fc.property(conditions, (rows) => {
          const text = formatSimpleConditions(rows)
          fc.pre(parse(text).ok || rows.rows.length === 0)
          const read = parseSimpleConditions(text)
          expect(read).toEqual(rows)
          expect(formatSimpleConditions(read as SimpleConditions)).toBe(text)
        }),
        { numRuns: 1000 },
      )
    },
    PATIENCE,
  )

  it('keeps every digit of a number that no double tells', () => {
    const text = "price > decimal '12345678901234567.89' and price < decimal '1.50'"
    const plain = 'price > 12345678901234567.89 and price < 1.50'
    expect(parseSimpleConditions(plain)?.rows.map((row) => 'operands' in row && row.operands)).toEqual([
      [{ kind: 'decimal', value: '12345678901234567.89' }],
      [{ kind: 'double', value: 1.5 }],
    ])
    expect(formatSimpleConditions(parseSimpleConditions(text) as SimpleConditions)).toBe(text)
  })

  it('writes plain text', () => {
    const rows: SimpleCondition[] = [
      { path: ['region'], operator: '=', operands: [{ kind: 'string', value: 'US-WEST' }] },
      { path: ['code'], operator: 'contains', operands: [{ kind: 'string', value: '50%' }] },
    ]
    expect(formatSimpleConditions({ conjunction: 'and', rows })).toBe(
      "region = 'US-WEST' and code like '%50\\%%' escape '\\'",
    )
  })
})
