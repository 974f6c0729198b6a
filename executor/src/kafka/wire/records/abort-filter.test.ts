import { describe, expect, it } from 'vitest'
import { AbortFilter } from './abort-filter.ts'

const A = 1n
const B = 2n

function data(lastOffset: number, producerId: bigint): Parameters<AbortFilter['hides']>[0] {
  return { lastOffset, producerId, transactional: true, control: false }
}

function marker(lastOffset: number, producerId: bigint): Parameters<AbortFilter['hides']>[0] {
  return { lastOffset, producerId, transactional: true, control: true }
}

describe('AbortFilter', () => {
  it('hides both of two interleaved aborted transactions, listed in the order of their completion', () => {
    const filter = new AbortFilter([
      { producerId: B, firstOffset: 2 },
      { producerId: A, firstOffset: 0 },
    ])
    const batches = [
      data(1, A),
      data(2, B),
      data(3, A),
      marker(4, B),
      data(5, A),
      marker(6, A),
      data(7, A),
      data(8, B),
    ]
    expect(batches.map((batch) => filter.hides(batch))).toEqual([
      true,
      true,
      true,
      false,
      true,
      false,
      false,
      false,
    ])
  })

  it('hides two aborted transactions of one producer and shows the committed one between them', () => {
    const filter = new AbortFilter([
      { producerId: A, firstOffset: 0 },
      { producerId: A, firstOffset: 4 },
    ])
    const batches = [data(0, A), marker(1, A), data(2, A), marker(3, A), data(4, A), marker(5, A), data(6, A)]
    expect(batches.map((batch) => filter.hides(batch))).toEqual([
      true,
      false,
      false,
      false,
      true,
      false,
      false,
    ])
  })

  it('goes on hiding a transaction that began before the fetch', () => {
    const filter = new AbortFilter([{ producerId: A, firstOffset: 10 }])
    expect(
      [data(500, A), data(501, B), marker(502, A), data(503, A)].map((batch) => filter.hides(batch)),
    ).toEqual([true, false, false, false])
  })

  it('shows what is not transactional, whatever its producer aborts', () => {
    const filter = new AbortFilter([{ producerId: A, firstOffset: 0 }])
    expect(filter.hides({ lastOffset: 0, producerId: A, transactional: false, control: false })).toBe(false)
  })

  it('starts a transaction whose first offset lies inside the batch', () => {
    const filter = new AbortFilter([{ producerId: A, firstOffset: 95 }])
    expect(filter.hides(data(99, A))).toBe(true)
  })
})
