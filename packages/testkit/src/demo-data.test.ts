import { describe, expect, it } from 'vitest'
import {
  DEMO_OUT_OF_ORDERNESS_MS,
  DEMO_PRODUCTS,
  DEMO_USERS,
  type DemoTiming,
  demoClick,
  demoOrder,
  demoProduct,
  demoUser,
} from './demo-data.ts'

const timing: DemoTiming = { seed: 11, start: Date.UTC(2026, 0, 1), perSecond: 200 }
const orders = Array.from({ length: 50_000 }, (_, i) => demoOrder(timing, i))

function share(count: number): number {
  return count / orders.length
}

describe('the orders of the demo', () => {
  it('are the same for the same seed, for ever', () => {
    expect(demoOrder(timing, 41_237)).toEqual(orders[41_237])
    expect(demoOrder({ ...timing, seed: 12 }, 41_237)).not.toEqual(orders[41_237])
    expect(demoOrder(timing, 1)).toEqual({
      orderId: 'o-1',
      ts: 1767225597492,
      userId: 'u-1593',
      items: [
        { sku: 'sku-085', qty: 3, price: 142.93 },
        { sku: 'sku-165', qty: 3, price: 10.57 },
        { sku: 'sku-167', qty: 2, price: 181.8 },
      ],
      total: 824.1,
    })
  })

  it('hold probes, repeats, and users and products that nobody knows', () => {
    const probes = orders.filter(({ userId }) => userId.startsWith('healthcheck'))
    expect(share(probes.length)).toBeGreaterThan(0.025)
    expect(share(probes.length)).toBeLessThan(0.035)
    const repeats = orders.length - new Set(orders.map(({ orderId }) => orderId)).size
    expect(share(repeats)).toBeGreaterThan(0.007)
    expect(share(repeats)).toBeLessThan(0.013)
    expect(share(orders.filter(({ userId }) => userId.startsWith('u-guest')).length)).toBeGreaterThan(0.002)
    expect(orders.flatMap(({ items }) => items).some(({ sku }) => sku.startsWith('sku-gone'))).toBe(true)
  })

  it('repeat an order as it was', () => {
    const byId = Map.groupBy(orders, ({ orderId }) => orderId)
    for (const [first, ...others] of byId.values()) for (const other of others) expect(other).toEqual(first)
  })

  it.each([1, 3, 200, 5_000])('at %d a second come in no more disorder than is said', (perSecond) => {
    let newest = Number.NEGATIVE_INFINITY
    let disorder = 0
    for (let i = 0; i < 20_000; i++) {
      const { ts } = demoOrder({ ...timing, perSecond }, i)
      disorder = Math.max(disorder, newest - ts)
      newest = Math.max(newest, ts)
    }
    expect(disorder).toBeLessThanOrEqual(DEMO_OUT_OF_ORDERNESS_MS)
    expect(disorder).toBeGreaterThan(0)
  })

  it('have totals that are the exact sum of their items', () => {
    for (const { items, total } of orders) {
      const cents = items.reduce((sum, { qty, price }) => sum + qty * Math.round(price * 100), 0)
      expect(Math.round(total * 100)).toBe(cents)
    }
  })

  it('come in the order of time, apart from the disorder', () => {
    expect(orders[0]?.ts).toBeLessThanOrEqual(timing.start)
    expect((orders.at(-1)?.ts ?? 0) - timing.start).toBeGreaterThan(240_000)
  })
})

describe('the reference data of the demo', () => {
  it('knows the users that buy and the products that are bought', () => {
    const users = new Set(Array.from({ length: DEMO_USERS }, (_, i) => demoUser(11, i).userId))
    const products = new Set(Array.from({ length: DEMO_PRODUCTS }, (_, i) => demoProduct(11, i).sku))
    const strangers = orders.filter(({ userId }) => !users.has(userId))
    expect(strangers.every(({ userId }) => /^(healthcheck-|u-guest-)/.test(userId))).toBe(true)
    const unknown = orders.flatMap(({ items }) => items).filter(({ sku }) => !products.has(sku))
    expect(unknown.every(({ sku }) => sku.startsWith('sku-gone-'))).toBe(true)
    expect([users.size, products.size]).toEqual([DEMO_USERS, DEMO_PRODUCTS])
  })

  it('has users in every region', () => {
    const regions = new Set(Array.from({ length: DEMO_USERS }, (_, i) => demoUser(11, i).region))
    expect([...regions].sort()).toEqual(['APAC', 'EU-CENTRAL', 'EU-NORTH', 'US-EAST', 'US-WEST'])
  })
})

describe('the clicks of the demo', () => {
  it('are of users and products that are known', () => {
    for (let i = 0; i < 1_000; i++) {
      expect(demoClick(timing, i)).toMatchObject({
        clickId: `c-${i}`,
        userId: expect.stringMatching(/^u-\d{4}$/),
        sku: expect.stringMatching(/^sku-\d{3}$/),
      })
    }
  })
})
