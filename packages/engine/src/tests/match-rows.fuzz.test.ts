import { type Field, scalar } from '@millrace/expr'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkProperty } from '../testing/check-property.ts'
import { differingPaths, pairInAnyOrder, type RowMatcher, rowMatcher } from './match-rows.ts'
import type { SideRow } from './side-rows.ts'

const FIELDS: readonly Field[] = ['a', 'b'].map((name) => ({ name, type: scalar('int64') }))

const small = fc.integer({ min: 0, max: 2 })
const actual = fc.array(
  fc.tuple(small, small).map((row): SideRow => ({ row, time: null })),
  { maxLength: 5 },
)
const expected = fc.array(
  fc
    .record({ a: small, b: small }, { requiredKeys: [] })
    .map((row) => rowMatcher({ row }, FIELDS) as RowMatcher),
  { maxLength: 5 },
)

/** The most rows that can be paired, by trying everything. */
function mostPairs(matchers: readonly RowMatcher[], rows: readonly SideRow[]): number {
  const [first, ...rest] = matchers
  if (first === undefined) return 0
  const without = mostPairs(rest, rows)
  const taken = rows.map((row, i) =>
    differingPaths(first, row).length === 0 ? 1 + mostPairs(rest, rows.toSpliced(i, 1)) : 0,
  )
  return Math.max(without, ...taken)
}

describe('pairing rows in any order', () => {
  it('pairs as many as can be, each row once', async () => {
    await checkProperty(
      fc.property(expected, actual, (matchers, rows) => {
        const { actualOf } = pairInAnyOrder(matchers, rows)
        const used = actualOf.filter((at) => at >= 0)
        expect(new Set(used).size).toBe(used.length)
        for (const [i, at] of actualOf.entries()) {
          if (at >= 0) expect(differingPaths(matchers[i] as RowMatcher, rows[at] as SideRow)).toEqual([])
        }
        expect(used.length).toBe(mostPairs(matchers, rows))
      }),
      300,
    )
  })
})
