import { describe, expect, it } from 'vitest'
import { demoOracle, type OracleOrder } from './demo-oracle.ts'

const reference = {
  users: new Map([['u-1', { region: 'EU', tier: 'gold' }]]),
  products: new Map([['a', { category: 'books' }]]),
}

function order(change: Partial<OracleOrder>): OracleOrder {
  return { orderId: 'o-1', userId: 'u-1', items: [{ sku: 'a' }, { sku: 'x' }], total: 10, ts: 0, ...change }
}

describe('the oracle of the demo', () => {
  it('adds what is known, and nulls for what is not', () => {
    const { documents } = demoOracle([order({}), order({ orderId: 'o-2', userId: 'u-2' })], reference)
    expect(documents).toEqual([
      {
        ...{ index: 'orders-1970-01-01', orderId: 'o-1', userId: 'u-1', total: 10, ts: 0 },
        ...{ region: 'EU', tier: 'gold', categories: ['books', null] },
      },
      {
        ...{ index: 'orders-1970-01-01', orderId: 'o-2', userId: 'u-2', total: 10, ts: 0 },
        ...{ region: null, tier: null, categories: ['books', null] },
      },
    ])
  })

  it('leaves out probes, and repeats within an hour', () => {
    const { documents } = demoOracle(
      [
        order({ userId: 'healthcheck-eu' }),
        order({ ts: 1_000 }),
        order({ ts: 3_600_999, total: 99 }),
        order({ ts: 3_601_000, total: 5 }),
      ],
      reference,
    )
    expect(documents.map(({ total }) => total)).toEqual([10, 5])
  })

  it('sums up each region over five minutes', () => {
    const { windows } = demoOracle(
      [
        order({ orderId: '1', ts: 299_999, total: 1 }),
        order({ orderId: '2', ts: 0, total: 2 }),
        order({ orderId: '3', ts: 300_000, total: 4 }),
        order({ orderId: '4', ts: -1, userId: 'u-2', total: 8 }),
      ],
      reference,
    )
    expect(windows).toEqual([
      { region: 'EU', window_start: 0, window_end: 300_000, orders: 2, revenue: 3, average: 1.5 },
      { region: 'EU', window_start: 300_000, window_end: 600_000, orders: 1, revenue: 4, average: 4 },
      { region: null, window_start: -300_000, window_end: 0, orders: 1, revenue: 8, average: 8 },
    ])
  })
})
