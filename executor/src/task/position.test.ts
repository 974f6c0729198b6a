import { describe, expect, test } from 'vitest'
import { decodeAnchor, decodePosition, encodeAnchor, encodePosition, type Position } from './position.ts'

const position: Position = {
  generation: 3,
  fence: 7,
  sealed: false,
  births: { window: 2 },
  inputs: { 'source:orders': { topic: 'orders', topicId: 'abc', partition: 1, next: 42 } },
  progress: {
    inputs: { 'source:orders': { 's1/1': [null, false] } },
    operators: { window: 1_000 },
    counters: {},
  },
}

describe('a position record', () => {
  test('comes back as it was', () => {
    expect(decodePosition(Buffer.from(encodePosition(position)))).toEqual(position)
  })

  test.each(['', 'null', '[]', '{"version":2}', 'no json'])('is null for %j', (text) => {
    expect(decodePosition(Buffer.from(text))).toBeNull()
  })
})

describe('an anchor', () => {
  test('comes back as it was, sealed or not', () => {
    for (const sealed of [false, true]) {
      const anchor = { fence: 2, generation: 5, sealed }
      expect(decodeAnchor(encodeAnchor(anchor))).toEqual(anchor)
    }
  })

  test.each(['', 'null', '3', 'no json', '{"f":1}'])('is null for %j', (text) => {
    expect(decodeAnchor(text)).toBeNull()
  })
})
