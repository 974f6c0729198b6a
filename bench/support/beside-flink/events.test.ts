import { partitionOfKey } from '@millrace/engine'
import { describe, expect, it } from 'vitest'
import {
  closingOrders,
  closingPayments,
  isClosing,
  OUT_OF_ORDERNESS_MS,
  order,
  PARTITIONS,
  payment,
  users,
} from './events.ts'

interface Event {
  readonly orderId: string
  readonly userId: string
  readonly ts: number
}

const parse = ({ value }: { readonly value: string }) => JSON.parse(value) as Event
const orders = Array.from({ length: 50_000 }, (_, i) => parse(order(i)))
const payments = Array.from({ length: 50_000 }, (_, i) => payment(i)).flatMap((record) =>
  record ? parse(record) : [],
)

describe('the events', () => {
  it.each([
    ['orders', orders],
    ['payments', payments],
  ])('of %s come in no more disorder than is said', (_, events) => {
    let newest = 0
    for (const { ts } of events) {
      expect(newest - ts).toBeLessThanOrEqual(OUT_OF_ORDERNESS_MS)
      newest = Math.max(newest, ts)
    }
  })

  it('are 260 bytes, some of them probes, repeats, or of users that nobody knows', () => {
    expect(new Set(Array.from({ length: 1_000 }, (_, i) => order(i).value.length))).toEqual(new Set([260]))
    const share = (count: number) => count / orders.length
    expect(share(orders.filter(({ userId }) => userId.startsWith('healthcheck')).length)).toBeCloseTo(0.03, 2)
    expect(share(orders.length - new Set(orders.map(({ orderId }) => orderId)).size)).toBeCloseTo(0.01, 2)
    expect(share(orders.filter(({ userId }) => userId.startsWith('u-guest')).length)).toBeCloseTo(0.005, 2)
  })

  it('of payments belong to orders before them', () => {
    const times = new Map(orders.map(({ orderId, ts }) => [orderId, ts]))
    expect(payments.every(({ orderId, ts }) => ts - (times.get(orderId) ?? 0) >= 3_000)).toBe(true)
    expect(payments.length / orders.length).toBeCloseTo(0.9, 2)
  })
})

describe('the closing events', () => {
  it('come last in every partition, two in each, of one user', () => {
    for (const closing of [closingOrders(), closingPayments()]) {
      const byPartition = Map.groupBy(closing, ({ key }) => partitionOfKey(Buffer.from(key), PARTITIONS))
      expect([...byPartition.keys()].toSorted()).toEqual([0, 1, 2, 3])
      for (const records of byPartition.values()) {
        expect(new Set(records.map(({ key }) => key)).size).toBe(1)
        expect(records.every(({ key }) => isClosing(key))).toBe(true)
        const [first, second] = records.map((record) => parse(record).ts)
        expect((second ?? 0) - (first ?? 0)).toBe(86_400_000)
      }
    }
  })

  it('are of users with homes in every partition', () => {
    const homes = users().map(({ value }) => (JSON.parse(value) as { home: string }).home)
    const closing = homes.filter(isClosing)
    expect(new Set(closing.map((home) => partitionOfKey(Buffer.from(home), PARTITIONS))).size).toBe(
      PARTITIONS,
    )
  })
})
