import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkProperty } from '../testing/check-property.ts'
import { parseSequenceSubKey, sequenceSubKey, timeOfSubKey, timeSubKey } from './sub-key.ts'
import { compareUtf8 } from './utf8-order.ts'

const time = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -3, max: 3 }),
  fc.integer({ min: 0, max: 2 ** 41 }),
)
const sequence = fc.oneof(fc.maxSafeNat(), fc.nat(200))

describe('a sub-key of time and number', () => {
  it.each([
    [0, 0, 'V--------0-'],
    [0, 63, 'V--------0z'],
    [0, 64, 'V--------10-'],
    [-1, 5, 'Uzzzzzzzz04'],
  ])('of %d and %d is %s', (at, number, text) => {
    expect(sequenceSubKey(at, number)).toBe(text)
    expect(parseSequenceSubKey(text)).toEqual({ time: at, sequence: number })
  })

  it('sorts as time and number do, and is read back', () =>
    checkProperty(
      fc.property(fc.tuple(time, sequence), fc.tuple(time, sequence), (a, b) => {
        const [left, right] = [sequenceSubKey(...a), sequenceSubKey(...b)]
        expect(Math.sign(compareUtf8(left, right))).toBe(Math.sign(a[0] - b[0]) || Math.sign(a[1] - b[1]))
        expect(parseSequenceSubKey(left)).toEqual({ time: a[0], sequence: a[1] })
        expect(timeOfSubKey(timeSubKey(a[0]))).toBe(a[0])
      }),
      1_000,
    ))

  it('lies between the texts of the times around it', () =>
    checkProperty(
      fc.property(time, time, sequence, (bound, at, number) => {
        const isBelow = compareUtf8(sequenceSubKey(at, number), timeSubKey(bound)) < 0
        expect(isBelow).toBe(at < bound)
      }),
      1_000,
    ))

  it.each(['', 'V--------', 'V--------0', 'V-------!0-', 'V--------1-', 'V---------'])(
    'is not %j',
    (text) => {
      expect(() => parseSequenceSubKey(text)).toThrow('is no sub-key')
    },
  )
})

/** Characters at the bounds of one to four bytes, and around the surrogates. */
const anyText = fc.string({
  unit: fc.constantFrom(
    'a',
    '\u007f',
    '\u0080',
    '\u07ff',
    '\u0800',
    '\ud7ff',
    '\ue000',
    '\uffff',
    '\u{10000}',
    '\u{10ffff}',
  ),
  maxLength: 4,
})

describe('the order of texts', () => {
  it('is that of their UTF-8 bytes', () =>
    checkProperty(
      fc.property(anyText, anyText, (a, b) => {
        const expected = compareBytes(a, b)
        expect(Math.sign(compareUtf8(a, b))).toBe(expected)
      }),
      1_000,
    ))

  it('puts characters beyond U+FFFF last', () => {
    expect(['\u{10000}', '\uffff', 'a', '\ue000'].sort(compareUtf8)).toEqual([
      'a',
      '\ue000',
      '\uffff',
      '\u{10000}',
    ])
  })
})

function compareBytes(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => [...new TextEncoder().encode(text)]) as [number[], number[]]
  for (const [i, byte] of left.entries()) {
    const other = right[i]
    if (other === undefined) return 1
    if (byte !== other) return Math.sign(byte - other)
  }
  return left.length === right.length ? 0 : -1
}
