import { describe, expect, it } from 'vitest'
import { rowDifference, rowText } from './result-rows.ts'

const columns = [
  { name: 'home', type: 'STRING' },
  { name: 'window_start', type: 'TIMESTAMP(3)' },
  { name: 'revenue', type: 'DOUBLE' },
] as const

describe('rowText', () => {
  it.each([
    '2026-01-01T00:05:00',
    '2026-01-01 00:05:00',
    '2026-01-01T00:05:00.000Z',
    Date.UTC(2026, 0, 1, 0, 5),
  ])('writes a time in one way: %s', (time) => {
    expect(rowText({ revenue: 1.25, window_start: time, home: 'EU' }, columns)).toBe(
      '["EU",1767225900000,1.25]',
    )
  })

  it('takes a value that is not written for null, and leaves other fields out', () => {
    expect(rowText({ revenue: 1, more: 2 }, columns)).toBe('[null,null,1]')
  })
})

describe('rowDifference', () => {
  const rows = (...texts: string[]) =>
    new Map(
      Object.entries(Object.groupBy(texts, (text) => text)).map(([text, all]) => [text, all?.length ?? 0]),
    )

  it('finds none in the same rows in another order', () => {
    expect(
      rowDifference({ name: 'A', rows: rows('1', '2', '2') }, { name: 'B', rows: rows('2', '1', '2') }),
    ).toBeNull()
  })

  it('counts the rows that only one of them has, also where it has them more often', () => {
    expect(
      rowDifference({ name: 'A', rows: rows('1', '2', '2', '2') }, { name: 'B', rows: rows('1', '2', '3') }),
    ).toBe('2 rows only of A, such as 2; 1 rows only of B, such as 3')
  })
})
