import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeKey, encodeKey, isKeyType, keyText, readKeyText } from './key.ts'
import { arbitraryDecimalType, arbitraryText, presentValue } from './testing/arbitraries.ts'
import { arrayOf, type DataType, decimal, mapOf, SCALAR_KINDS, scalar, structOf } from './type.ts'
import type { Value } from './value.ts'

const text = scalar('string')
const anyTypes = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...SCALAR_KINDS).map((kind): DataType => scalar(kind)) },
    arbitraryDecimalType(),
  ),
  { maxLength: 4 },
)

function valuesOf(types: readonly DataType[]): fc.Arbitrary<Value[]> {
  return fc.tuple(...types.map((type) => fc.option(presentValue(type), { freq: 4 })))
}

/** Values that count as one key: −0 is 0. */
function normal(values: readonly Value[]): Value[] {
  return values.map((value) => (value === 0 ? 0 : value))
}

describe('encodeKey', () => {
  it.each<[string, Value[], DataType[], string]>([
    ['one string as it is', ['u-1'], [text], 'u-1'],
    ['the empty string', [''], [text], ''],
    ['null of one string', [null], [text], '\u0000'],
    ['a string that looks like null', ['\u0000'], [text], '\u0000\u0001\u0000'],
    ['two strings', ['a_b', 'c'], [text, text], '3:a_b1:c'],
    ['the same letters cut elsewhere', ['a', 'b_c'], [text, text], '1:a3:b_c'],
    ['null beside the empty string', [null, ''], [text, text], '-0:'],
    ['an int64 beyond 2^53', [9_007_199_254_740_993n], [scalar('int64')], '16:9007199254740993'],
    ['−0', [-0], [scalar('double')], '1:0'],
    ['a decimal', [1250], [decimal(4, 2)], '4:12.5'],
    ['a decimal without a fraction', [1200], [decimal(4, 2)], '2:12'],
    ['the same number of another scale', [12], [decimal(4, 0)], '2:12'],
    ['zero of a scale', [0], [decimal(4, 2)], '1:0'],
    ['NaN', [Number.NaN], [scalar('double')], '3:NaN'],
    [
      'boolean, timestamp and bytes',
      [true, -5, Uint8Array.of(1)],
      [scalar('boolean'), scalar('timestamp'), scalar('bytes')],
      '1:t2:-54:AQ==',
    ],
    ['nothing', [], [], ''],
  ])('writes %s', (_, values, types, key) => {
    expect(encodeKey(values, types)).toBe(key)
  })

  it('is read back by decodeKey', () => {
    const keys = anyTypes.chain((types) => fc.tuple(fc.constant(types), valuesOf(types)))
    fc.assert(
      fc.property(keys, ([types, values]) => {
        expect(decodeKey(encodeKey(values, types), types)).toEqual(normal(values))
      }),
      { numRuns: 2000 },
    )
  })

  it('gives different keys different texts, and different UTF-8', () => {
    const pairs = anyTypes.chain((types) => fc.tuple(valuesOf(types), valuesOf(types), fc.constant(types)))
    const texts = fc.tuple(
      fc.tuple(fc.option(arbitraryText)),
      fc.tuple(fc.option(arbitraryText)),
      fc.constant([text]),
    )
    fc.assert(
      fc.property(fc.oneof(pairs, texts), ([a, b, types]) => {
        const [first, second] = [encodeKey(a, types), encodeKey(b, types)]
        expect(first.isWellFormed()).toBe(true)
        let equal = true
        try {
          expect(normal(a)).toEqual(normal(b))
        } catch {
          equal = false
        }
        expect(first === second).toBe(equal)
      }),
      { numRuns: 2000 },
    )
  })

  it('takes scalar types and decimals only', () => {
    expect(SCALAR_KINDS.every((kind) => isKeyType(scalar(kind)))).toBe(true)
    expect(isKeyType(decimal(4, 2))).toBe(true)
    expect([arrayOf(text), mapOf(scalar('string'), text), structOf([])].some(isKeyType)).toBe(false)
    expect(() => encodeKey([['a']], [arrayOf(text)])).toThrow('array')
    expect(() => encodeKey([[]], [mapOf(scalar('string'), text)])).toThrow('map')
  })
})

describe('decodeKey', () => {
  it.each(['1', '5:abc', 'x:a', '1:ab', '-1:b2:cc', '1:a', ''])('refuses %j', (key) => {
    expect(() => decodeKey(key, [text, text])).toThrow('no key')
  })

  it('refuses a part that is no value of its type', () => {
    expect(() => decodeKey('1:x', [scalar('int64')])).toThrow('no key')
    expect(() => decodeKey('19:9999999999999999999', [scalar('int64')])).toThrow('no key')
    expect(() => decodeKey('4:1.50', [scalar('double')])).toThrow('no key')
    expect(() => decodeKey('1:x', [scalar('boolean')])).toThrow('no key')
    expect(() => decodeKey('1:x', [scalar('bytes')])).toThrow('no key')
    for (const key of ['1:x', '3:1.0', '5:1.005', '3:100', '2:+1'])
      expect(() => decodeKey(key, [decimal(4, 2)])).toThrow('no key')
  })
})

describe('keyText', () => {
  it('is the text of one value, which readKeyText reads back', () => {
    const cases = arbitraryDecimalType().chain((type) => fc.tuple(fc.constant(type), presentValue(type)))
    fc.assert(
      fc.property(cases, ([type, value]) => {
        expect(readKeyText(keyText(value, type), type)).toBe(value)
      }),
    )
    expect(keyText('a', text)).toBe('a')
    expect(readKeyText('1.50', decimal(4, 2))).toBeUndefined()
  })
})
