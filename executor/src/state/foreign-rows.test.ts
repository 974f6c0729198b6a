import { expect, it } from 'vitest'
import { ForeignRows } from './foreign-rows.ts'

it('gives each key once, without those that were deleted since', () => {
  const foreign = new ForeignRows()
  for (const [offset, key] of ['a', 'b', 'a', 'c'].entries()) foreign.note(offset, key, false)
  foreign.note(4, 'b', true)
  expect([foreign.take(1), foreign.take(9), foreign.take(9)]).toEqual([['a'], ['c'], []])
  expect(foreign.unreadFrom).toBeNull()
})

it('holds no more than it may, and says where the others begin once it is empty', () => {
  const foreign = new ForeignRows(2)
  for (const [offset, key] of ['a', 'b', 'c', 'b', 'd'].entries()) foreign.note(offset, key, false)
  expect(foreign.unreadFrom).toBeNull()
  expect(foreign.take(9)).toEqual(['a', 'b'])
  expect(foreign.unreadFrom).toBe(2)
  foreign.begin()
  for (const [i, key] of ['c', 'b', 'd'].entries()) foreign.note(2 + i, key, false)
  expect(foreign.take(9)).toEqual(['c', 'b'])
  expect(foreign.unreadFrom).toBe(4)
})
