import { expect, test } from 'vitest'
import { GeneratorClock } from './generator-clock.ts'
import { InputCursor } from './input-cursor.ts'

function cursorSince(start: number, next = 0): InputCursor {
  const position = { topic: '', topicId: '', partition: 1, next, start }
  return new InputCursor({ name: 'source:g', kind: 'generator', input: 0, nodeId: 'g', position })
}

test('gives each partition its share of the rate', () => {
  const clock = new GeneratorClock(100, 4)
  const due = clock.due(cursorSince(1_000), 2_000)
  expect(due.map(({ offset }) => offset)).toEqual(Array.from({ length: 25 }, (_, i) => i))
})

test('goes on where it stopped and makes no event twice', () => {
  const clock = new GeneratorClock(10, 1)
  const cursor = cursorSince(0, 3)
  expect(clock.due(cursor, 500).map(({ offset }) => offset)).toEqual([3, 4])
  expect(clock.due(cursor, 500)).toEqual([])
  expect(clock.due(cursor, 600).map(({ offset }) => offset)).toEqual([5])
})

test('catches up in steps after a long pause', () => {
  const clock = new GeneratorClock(1_000, 1)
  const cursor = cursorSince(0)
  expect(clock.due(cursor, 60_000)).toHaveLength(1_000)
  expect(clock.due(cursor, 60_000)[0]?.offset).toBe(1_000)
})
