import { INT64_MAX, INT64_MIN, type Int64, toInt64 } from '@millrace/expr'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addToWide, type Wide, wideAverage, wideTotal } from './wide-sum.ts'

const int64 = fc.bigInt(INT64_MIN, INT64_MAX)

function sumOf(values: readonly bigint[]): Wide {
  return values.reduce<Wide>((sum, value) => addToWide(sum, [toInt64(value) as Int64, 0]), [0, 0])
}

describe('a wide sum', () => {
  it('is exact beyond int64, whatever the order and the grouping', () => {
    fc.assert(
      fc.property(fc.array(int64), fc.array(int64), (one, other) => {
        const expected = [...one, ...other].reduce((a, b) => a + b, 0n)
        expect(wideTotal(sumOf([...one, ...other]))).toBe(expected)
        expect(wideTotal(addToWide(sumOf(other), sumOf(one)))).toBe(expected)
      }),
    )
  })

  it('has parts that an int64 field holds, in canonical form', () => {
    fc.assert(
      fc.property(fc.array(int64, { minLength: 1 }), (values) => {
        for (const part of sumOf(values)) expect(toInt64(BigInt(part))).toBe(part)
      }),
    )
  })
})

describe('an average', () => {
  it('comes from the exact sum', () => {
    expect(wideAverage(sumOf([INT64_MAX, INT64_MAX, -1n]), 3)).toBe(Number((2n * INT64_MAX - 1n) / 3n))
    expect(wideAverage(sumOf([1n, 2n, 4n]), 3)).toBe(7 / 3)
    expect(wideAverage(sumOf([-1n, -2n]), 2)).toBe(-1.5)
  })

  it('of nothing is null', () => {
    expect(wideAverage([0, 0], 0)).toBe(null)
  })
})
