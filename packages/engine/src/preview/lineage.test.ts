import { expect, it } from 'vitest'
import { seededNumber } from '../seeded.ts'
import { eventsOf, intersects, type Lineage, sizeOf, union } from './lineage.ts'

it('holds the events of both, one, a few or many', () => {
  expect(eventsOf(union(3, 70))).toEqual([3, 70])
  expect(union(3, 3)).toBe(3)
  expect(union(null, 3)).toBe(3)
  expect(union(null, null)).toBe(null)
  const few = union(1, 2)
  expect(union(few, 2)).toBe(few)
  expect([sizeOf(null), sizeOf(7), sizeOf(few)]).toEqual([0, 1, 2])
})

it('does with bits what sets do', () => {
  let drawn = 0
  const random = () => seededNumber(7, drawn++, 0)
  const numbers = () => Array.from({ length: Math.floor(random() * 6) }, () => Math.floor(random() * 100))
  const of = (events: readonly number[]) => events.reduce<Lineage>((all, event) => union(all, event), null)
  for (let round = 0; round < 2_000; round++) {
    const [a, b] = [numbers(), numbers()]
    const both = new Set([...a, ...b])
    expect(eventsOf(union(of(a), of(b)))).toEqual([...both].sort((x, y) => x - y))
    expect(intersects(of(a), of(b))).toBe(a.some((event) => b.includes(event)))
    expect(sizeOf(of(a))).toBe(new Set(a).size)
  }
})
