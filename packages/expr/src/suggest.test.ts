import { describe, expect, it } from 'vitest'
import { suggest } from './suggest.ts'

describe('suggest', () => {
  it.each([
    ['regoin', 'region'],
    ['REGION', 'region'],
    ['ordrId', 'orderId'],
    ['qyt', 'qty'],
    ['custommer_id', 'customer_id'],
  ])('%s means %s', (name, meant) => {
    expect(suggest(name, ['qty', 'region', 'orderId', 'customer_id'])).toBe(meant)
  })

  it('takes the nearest', () => {
    expect(suggest('total', ['totals', 'tota', 'TOTAL'])).toBe('TOTAL')
    expect(suggest('customers', ['custmer', 'customer'])).toBe('customer')
  })

  it.each(['', 'zzz', 'x', 'regionalOffice'])('%j is near to nothing', (name) => {
    expect(suggest(name, ['qty', 'region'])).toBeNull()
  })

  it('does not look at names of absurd length or number', () => {
    expect(suggest('a'.repeat(65), ['a'.repeat(65)])).toBeNull()
    expect(suggest('region', [...Array.from({ length: 5000 }, () => 'x'), 'region'])).toBeNull()
  })
})
