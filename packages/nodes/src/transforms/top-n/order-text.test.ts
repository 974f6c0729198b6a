import { compile, type Value } from '@millrace/expr'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stream } from '../../config/definitions.test-helper.ts'
import { COMPARED_CHARACTERS, type OrderBy, orderText } from './order-text.ts'

const { fields } = stream({
  ...{ n: 'int64', d: 'double', s: 'string', t: 'timestamp', m: 'decimal(38, 2)' },
})

function textOf(order: readonly OrderBy[], row: readonly Value[]): Buffer {
  return Buffer.from(orderText(fields, order)(row))
}

/** Rows in order by the evaluator, which shares no code: `a < b`, nulls where they are set. */
function compareValues(field: string, { direction, nulls }: OrderBy, a: Value, b: Value): number {
  if (a === null || b === null) return a === b ? 0 : (a === null) === (nulls === 'first') ? -1 : 1
  const type = fields.find(({ name }) => name === field)?.type
  if (type === undefined) throw new Error(field)
  const pair = ['a', 'b'].map((name) => ({ name, type }))
  const less = (text: string) => {
    const result = compile(text, pair)
    if (!result.ok) throw new Error(result.issues[0]?.message)
    return result.expression.evaluate([a, b], { time: 0 })
  }
  const sign = less('a < b') === true ? -1 : less('a > b') === true ? 1 : 0
  return direction === 'asc' ? sign : 0 - sign
}

const int64 = fc
  .oneof(
    fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
    fc.bigInt(-3n, 3n),
    fc.bigInt(2n ** 53n - 3n, 2n ** 53n + 3n),
  )
  .map((n) => (n >= -(2n ** 53n) + 1n && n < 2n ** 53n ? Number(n) : n))
const decimal = fc
  .oneof(fc.bigInt(-(10n ** 38n) + 1n, 10n ** 38n - 1n), fc.bigInt(-3n, 3n))
  .map((n) => (n >= -(2n ** 53n) + 1n && n < 2n ** 53n ? Number(n) : n))
const row = fc.tuple(
  fc.option(int64),
  fc.option(fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0, 1, -1))),
  fc.option(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 3 }),
      fc.constantFrom('', 'a', 'a\u0000', 'a\u0001', 'ab'),
    ),
  ),
  fc.option(fc.integer({ min: -8.64e15, max: 8.64e15 })),
  fc.option(decimal),
)
const orderBy: fc.Arbitrary<OrderBy[]> = fc.array(
  fc.record({
    field: fc.constantFrom('n', 'd', 's', 't', 'm'),
    direction: fc.constantFrom('asc', 'desc'),
    nulls: fc.constantFrom('first', 'last'),
  }),
  { minLength: 1, maxLength: 3 },
)

describe('the text of an order', () => {
  it('sorts as the rows do, by its bytes and by its characters', () => {
    fc.assert(
      fc.property(orderBy, row, row, (order, a, b) => {
        const signs = order.map((one) => {
          const at = fields.findIndex(({ name }) => name === one.field)
          return compareValues(one.field, one, a[at] as Value, b[at] as Value)
        })
        const wanted = signs.find((sign) => sign !== 0) ?? 0
        const texts = [orderText(fields, order)(a), orderText(fields, order)(b)] as [string, string]
        expect(Buffer.compare(textOf(order, a), textOf(order, b))).toBe(wanted)
        expect(texts[0] < texts[1] ? -1 : Number(texts[0] > texts[1])).toBe(wanted)
      }),
      { numRuns: 3000 },
    )
  }, 60_000)

  it('is none that another one begins with', () => {
    fc.assert(
      fc.property(orderBy, row, row, (order, a, b) => {
        const [left, right] = [orderText(fields, order)(a), orderText(fields, order)(b)]
        expect(left === right || !right.startsWith(left)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  }, 60_000)

  it('puts NaN above all', () => {
    const of = (field: string, direction: 'asc' | 'desc', at: number, values: readonly Value[]) =>
      values
        .map((value) => fields.map((_, i) => (i === at ? value : null)))
        .map((one) => textOf([{ field, direction, nulls: 'last' }], one))
        .map((text) => text.toString('hex'))
    const doubles = of('d', 'asc', 1, [-Infinity, -1, 0, Infinity, Number.NaN])
    expect(doubles.toSorted()).toEqual(doubles)
  })

  it('is bounded', () => {
    const long = (end: string) => ['s'.repeat(COMPARED_CHARACTERS) + end]
    const order: OrderBy = { field: 's', direction: 'asc', nulls: 'last' }
    const text = orderText(stream({ s: 'string' }).fields, [order])
    expect(text(long('a'))).toBe(text(long('b')))
    expect(text(long('').map((one) => one.slice(1)))).not.toBe(text(long('')))
  })
})
