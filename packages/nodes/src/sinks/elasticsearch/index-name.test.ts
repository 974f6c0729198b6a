import { describe, expect, it } from 'vitest'
import { dailyIndex, dayOfIndex, isAlias, isExpired, isIndexOf, singleIndex } from './index-name.ts'

const DAY = 86_400_000

describe('an alias', () => {
  it.each(['orders', 'o', '0-a_b', 'a'.repeat(200)])('may be %s', (alias) => {
    expect(isAlias(alias)).toBe(true)
  })

  it.each([
    '',
    '_a',
    '-a',
    '+a',
    'A',
    'ä',
    'a.b',
    '..',
    'a/b',
    'a\\b',
    'a*',
    'a?',
    'a"b',
    'a<b',
    'a>b',
    'a|b',
    'a b',
    'a,b',
    'a#b',
    'a:b',
    'a\n',
    'a'.repeat(201),
  ])('may not be %j', (alias) => {
    expect(isAlias(alias)).toBe(false)
  })
})

describe('the name of an index', () => {
  it('is that of the day in UTC', () => {
    expect(dailyIndex('orders', Date.UTC(2026, 0, 31, 23, 59, 59, 999))).toBe('orders-2026-01-31')
    expect(dailyIndex('orders', -1)).toBe('orders-1969-12-31')
    expect(dailyIndex('orders', Date.UTC(-1, 11, 31) + DAY)).toBe('orders-0000-01-01')
  })

  it('has a year of four digits', () => {
    expect(() => dailyIndex('orders', Date.UTC(10_000, 0, 1))).toThrow('years 0 to 9999')
    expect(() => dailyIndex('orders', Date.UTC(-1, 11, 31))).toThrow('years 0 to 9999')
  })

  it('is told from names of other aliases', () => {
    expect(isIndexOf('orders', 'orders-2026-01-31')).toBe(true)
    expect(isIndexOf('orders', singleIndex('orders'))).toBe(true)
    expect(isIndexOf('orders', 'orders-eu-2026-01-31')).toBe(false)
    expect(isIndexOf('orders', 'orders-2026-02-30')).toBe(false)
    expect(isIndexOf('orders', 'orders')).toBe(false)
  })

  it('gives its day back', () => {
    expect(dayOfIndex('orders', 'orders-1970-01-03')).toBe(2 * DAY)
    expect(dayOfIndex('orders', 'orders-all')).toBe(null)
  })
})

describe('the retention', () => {
  const now = Date.UTC(2026, 0, 10, 12)
  const expired = (index: string, days: number | null) => isExpired('orders', index, days, now)

  it('keeps today and the days before it', () => {
    expect([expired('orders-2026-01-10', 1), expired('orders-2026-01-09', 1)]).toEqual([false, true])
    expect([expired('orders-2026-01-04', 7), expired('orders-2026-01-03', 7)]).toEqual([false, true])
  })

  it('keeps days to come, and all where there is none', () => {
    expect([expired('orders-2027-01-01', 1), expired('orders-1970-01-01', null)]).toEqual([false, false])
  })

  it('has nothing to say of other indices', () => {
    expect([expired('orders-all', 1), expired('orders-eu-2000-01-01', 1)]).toEqual([false, false])
  })
})
