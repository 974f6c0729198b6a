import { describe, expect, test } from 'vitest'
import { IdleClock } from './idle-clock.ts'
import { InputCursor } from './input-cursor.ts'

function cursorAtEnd(): InputCursor {
  const position = { topic: 't', topicId: 'id', partition: 0, next: 5 }
  const cursor = new InputCursor({ name: 'source:s', kind: 'source', input: 0, nodeId: 's', position })
  cursor.lastStable = 5
  cursor.highWatermark = 5
  return cursor
}

describe('the idle clock', () => {
  test('runs while everything that exists was read', () => {
    const clock = new IdleClock(1_000)
    const cursor = cursorAtEnd()
    expect(clock.look(cursor, false, 0)).toBe(false)
    expect(clock.look(cursor, false, 999)).toBe(false)
    expect(clock.look(cursor, false, 1_000)).toBe(true)
  })

  test('of a timeout of 0 strikes with the first look that finds everything read', () => {
    const clock = new IdleClock(0)
    const cursor = cursorAtEnd()
    cursor.done = 4
    expect(clock.look(cursor, false, 0)).toBe(false)
    cursor.done = 5
    expect(clock.look(cursor, true, 1)).toBe(false)
    expect(clock.look(cursor, false, 2)).toBe(true)
  })

  test('begins anew with each record', () => {
    const clock = new IdleClock(1_000)
    const cursor = cursorAtEnd()
    clock.look(cursor, false, 0)
    clock.look(cursor, true, 900)
    clock.look(cursor, false, 950)
    expect(clock.look(cursor, false, 1_900)).toBe(false)
    expect(clock.look(cursor, false, 1_950)).toBe(true)
  })

  test.each([
    ['behind', (cursor: InputCursor) => Object.assign(cursor, { lastStable: 9, highWatermark: 9 })],
    ['held up by an open transaction', (cursor: InputCursor) => Object.assign(cursor, { highWatermark: 9 })],
    ['paused', (cursor: InputCursor) => Object.assign(cursor, { paused: 'back_pressure' })],
    [
      'not fetched yet',
      (cursor: InputCursor) => Object.assign(cursor, { lastStable: -1, highWatermark: -1 }),
    ],
  ])('stands while the partition is %s', (_, change) => {
    const clock = new IdleClock(1_000)
    const cursor = change(cursorAtEnd())
    clock.look(cursor, false, 0)
    expect(clock.look(cursor, false, 5_000)).toBe(false)
  })

  test('stands while the partition cannot be read, and goes on where it stood', () => {
    const clock = new IdleClock(1_000)
    const cursor = cursorAtEnd()
    clock.look(cursor, false, 0)
    clock.look(cursor, false, 600)
    clock.stop()
    expect(clock.look(cursor, false, 60_000)).toBe(false)
    expect(clock.look(cursor, false, 60_400)).toBe(true)
  })

  test('without a timeout never says idle', () => {
    const clock = new IdleClock(null)
    clock.look(cursorAtEnd(), false, 0)
    expect(clock.look(cursorAtEnd(), false, 1e12)).toBe(false)
  })
})
