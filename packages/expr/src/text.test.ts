import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryText } from './testing/arbitraries.ts'
import { codePointLength, compareText, replaceText, sliceCodePoints, splitPart, trimSpaces } from './text.ts'

const codePoints = (text: string) => Array.from(text, (character) => character.codePointAt(0) as number)

describe('texts are made of code points', () => {
  it('when they are counted', () => {
    fc.assert(
      fc.property(arbitraryText, (text) => void expect(codePointLength(text)).toBe(codePoints(text).length)),
    )
  })

  it('when they are cut', () => {
    const position = fc.integer({ min: -3, max: 12 })
    fc.assert(
      fc.property(arbitraryText, position, position, (text, start, end) => {
        const expected = Array.from(text).slice(Math.max(0, start), Math.max(0, end)).join('')
        expect(sliceCodePoints(text, start, end)).toBe(expected)
      }),
    )
  })

  it('when they are compared', () => {
    fc.assert(
      fc.property(arbitraryText, arbitraryText, (a, b) => {
        const [left, right] = [codePoints(a), codePoints(b)]
        const at = left.findIndex((code, i) => code !== right[i])
        const expected = at === -1 ? left.length - right.length : (left[at] as number) - (right[at] ?? -1)
        expect(Math.sign(compareText(a, b))).toBe(Math.sign(expected))
      }),
    )
  })
})

describe('the pieces of texts', () => {
  const short = fc.string({ unit: fc.constantFrom('a', 'b', ',', ' '), maxLength: 8 })

  it('are split and replaced as the platform does', () => {
    fc.assert(
      fc.property(short, short, fc.integer({ min: 1, max: 9 }), (text, delimiter, index) => {
        fc.pre(delimiter !== '')
        expect(splitPart(text, delimiter, index)).toBe(text.split(delimiter)[index - 1] ?? null)
        expect(replaceText(text, delimiter, '$&')).toBe(text.split(delimiter).join('$&'))
      }),
    )
  })

  it('lose their spaces at the ends asked for', () => {
    fc.assert(
      fc.property(short, (text) => {
        expect(trimSpaces(text, true, false)).toBe(text.replace(/^ +/, ''))
        expect(trimSpaces(text, false, true)).toBe(text.replace(/ +$/, ''))
        expect(trimSpaces(text, true, true)).toBe(text.replace(/^ +/, '').replace(/ +$/, ''))
      }),
    )
  })
})
