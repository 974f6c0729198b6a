import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addDecimals,
  canonicalDecimal,
  cutOff,
  decimalOfShortNumber,
  decimalToDouble,
  divideDecimals,
  fitsPrecision,
  formatDecimal,
  multiplyDecimals,
  negateDecimal,
  readDecimal,
  remainderOfDecimals,
  rescale,
  subtractDecimals,
} from './decimal.ts'
import { toWhole, type Whole } from './value.ts'

const whole = fc
  .oneof(
    fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }),
    fc.bigInt({ min: -1000n, max: 1000n }),
    fc.constantFrom(2n ** 53n, 2n ** 53n - 1n, -(2n ** 53n), 2n ** 53n + 1n, 10n ** 15n, 10n ** 16n),
  )
  .map(toWhole)

/** The nearest whole number to a fraction, by comparing with both neighbours. */
function nearest(numerator: bigint, denominator: bigint): bigint {
  const [n, d] = denominator < 0n ? [-numerator, -denominator] : [numerator, denominator]
  const below = n / d - (n % d < 0n ? 1n : 0n)
  const [down, up] = [n - below * d, (below + 1n) * d - n]
  if (down === up) return n < 0n ? below : below + 1n
  return down < up ? below : below + 1n
}

function isCanonical(value: Whole): boolean {
  return typeof value === 'number'
    ? Number.isSafeInteger(value) && !Object.is(value, -0)
    : toWhole(value) === value
}

describe('arithmetic of decimals', () => {
  it('is that of whole numbers, in their canonical form', () => {
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        const results: readonly (readonly [Whole, bigint])[] = [
          [addDecimals(a, b), BigInt(a) + BigInt(b)],
          [subtractDecimals(a, b), BigInt(a) - BigInt(b)],
          [multiplyDecimals(a, b), BigInt(a) * BigInt(b)],
          [negateDecimal(a), -BigInt(a)],
          ...(b === 0 ? [] : [[remainderOfDecimals(a, b), BigInt(a) % BigInt(b)] as const]),
        ]
        for (const [found, wanted] of results) {
          expect(BigInt(found)).toBe(wanted)
          expect(isCanonical(found)).toBe(true)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('rounds quotients to the nearest, halves away from zero', () => {
    fc.assert(
      fc.property(whole, whole, fc.integer({ min: -40, max: 40 }), (a, b, shift) => {
        fc.pre(b !== 0)
        const [up, down] = [10n ** BigInt(Math.max(shift, 0)), 10n ** BigInt(Math.max(-shift, 0))]
        const found = divideDecimals(a, b, shift)
        expect(BigInt(found)).toBe(nearest(BigInt(a) * up, BigInt(b) * down))
        expect(isCanonical(found)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('rounds and cuts off digits', () => {
    fc.assert(
      fc.property(whole, fc.integer({ min: 0, max: 40 }), (a, digits) => {
        const power = 10n ** BigInt(digits)
        expect(BigInt(rescale(a, -digits))).toBe(nearest(BigInt(a), power))
        expect(BigInt(cutOff(a, digits))).toBe(BigInt(a) / power)
        expect(BigInt(rescale(a, digits))).toBe(BigInt(a) * power)
        for (const found of [rescale(a, -digits), cutOff(a, digits), rescale(a, digits)])
          expect(isCanonical(found)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    [25, -1, 3],
    [-25, -1, -3],
    [24, -1, 2],
    [-24, -1, -2],
    [5, -1, 1],
    [4, -1, 0],
    [-4, -1, 0],
    [99, -3, 0],
  ] as const)('%s with %s digits is %s', (value, digits, expected) => {
    expect(Object.is(rescale(value, digits), expected)).toBe(true)
  })

  it('knows how many digits fit', () => {
    fc.assert(
      fc.property(whole, fc.integer({ min: 1, max: 38 }), (a, precision) => {
        expect(fitsPrecision(a, precision)).toBe(String(a).replace('-', '').length <= precision || a === 0)
      }),
    )
    expect(fitsPrecision(99, 2)).toBe(true)
    expect(fitsPrecision(-100, 2)).toBe(false)
    expect(fitsPrecision(10n ** 38n, 38)).toBe(false)
    expect(fitsPrecision(10n ** 38n - 1n, 38)).toBe(true)
  })
})

describe('texts of decimals', () => {
  it.each([
    [1250, 2, '12.50', '12.5'],
    [-5, 2, '-0.05', '-0.05'],
    [0, 2, '0.00', '0'],
    [100, 0, '100', '100'],
    [100, 2, '1.00', '1'],
    [10n ** 37n, 38, `0.1${'0'.repeat(37)}`, '0.1'],
    [-(10n ** 20n), 20, `-1.${'0'.repeat(20)}`, '-1'],
  ] as const)('%s of scale %s is %s, canonical %s', (value, scale, text, canonical) => {
    expect(formatDecimal(value, scale)).toBe(text)
    expect(canonicalDecimal(value, scale)).toBe(canonical)
  })

  it.each([
    ['12.5', 4, 2, { value: 1250, exact: true }],
    ['+12.5', 4, 2, { value: 1250, exact: true }],
    ['.5', 4, 2, { value: 50, exact: true }],
    ['5.', 4, 2, { value: 500, exact: true }],
    ['0012.500', 4, 2, { value: 1250, exact: true }],
    ['-12.345', 4, 2, { value: -1235, exact: false }],
    ['12.344999', 4, 2, { value: 1234, exact: false }],
    ['0.004', 4, 2, { value: 0, exact: false }],
    ['-0.004', 4, 2, { value: 0, exact: false }],
    ['0.005', 4, 2, { value: 1, exact: false }],
    ['0.00049', 4, 2, { value: 0, exact: false }],
    ['-0', 4, 2, { value: 0, exact: true }],
    ['0e999999999999', 4, 2, { value: 0, exact: true }],
    ['1.25e1', 4, 2, { value: 1250, exact: true }],
    ['1250e-2', 4, 2, { value: 1250, exact: true }],
    ['1e-999999999999999999999', 4, 2, { value: 0, exact: false }],
    ['1e999999999999999999999', 4, 2, 'overflow'],
    ['99.994', 4, 2, { value: 9999, exact: false }],
    ['99.995', 4, 2, 'overflow'],
    ['100', 4, 2, 'overflow'],
    ['9'.repeat(38), 38, 0, { value: 10n ** 38n - 1n, exact: true }],
    ['9'.repeat(39), 38, 0, 'overflow'],
    ['9007199254740993', 38, 0, { value: 9_007_199_254_740_993n, exact: true }],
    ['', 4, 2, null],
    ['.', 4, 2, null],
    ['-', 4, 2, null],
    ['1e', 4, 2, null],
    ['1 ', 4, 2, null],
    ['1,5', 4, 2, null],
    ['NaN', 4, 2, null],
    ['0x10', 4, 2, null],
  ] as const)('%s is read as decimal(%s, %s): %o', (text, precision, scale, expected) => {
    expect(readDecimal(text, precision, scale)).toEqual(expected)
  })

  it('of a million digits are read in linear time', () => {
    expect(readDecimal('9'.repeat(1e6), 38, 2)).toBe('overflow')
    expect(readDecimal(`0.${'0'.repeat(1e6)}1`, 38, 2)).toEqual({ value: 0, exact: false })
    expect(readDecimal(`1.${'0'.repeat(1e6)}`, 38, 2)).toEqual({ value: 100, exact: true })
  })

  it('read back what was written', () => {
    fc.assert(
      fc.property(whole, fc.integer({ min: 0, max: 38 }), (value, scale) => {
        fc.pre(fitsPrecision(value, 38))
        expect(readDecimal(formatDecimal(value, scale), 38, scale)).toEqual({ value, exact: true })
        expect(readDecimal(canonicalDecimal(value, scale), 38, scale)).toEqual({ value, exact: true })
      }),
    )
  })
})

describe('decimals and doubles', () => {
  it('a decimal becomes the double that its text says', () => {
    fc.assert(
      fc.property(whole, fc.integer({ min: 0, max: 38 }), (value, scale) => {
        expect(decimalToDouble(value, scale)).toBe(Number(formatDecimal(value, scale)))
      }),
      { numRuns: 2000 },
    )
  })

  it('a number of up to 15 digits is told by its double alone', () => {
    const digits = fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n }).map(Number)
    const shorter = fc
      .tuple(digits, fc.integer({ min: 0, max: 14 }))
      .map(([n, cut]) => Math.trunc(n / 10 ** cut))
    const exponent = fc.integer({ min: -30, max: 30 })
    fc.assert(
      fc.property(shorter, exponent, fc.integer({ min: 0, max: 38 }), (number, shift, scale) => {
        const source = `${number}e${shift}`
        const exact = readDecimal(source, 38, scale)
        const short = decimalOfShortNumber(Number(source), scale)
        const read = readDecimal(String(Number(source)), 38, scale)
        expect(read).toEqual(exact)
        if (short !== null) expect({ value: short, exact: true }).toEqual(exact)
      }),
      { numRuns: 5000 },
    )
  })

  it.each([
    [1.005, 3, 1005],
    [0.1, 1, 1],
    [-0, 2, 0],
    [1.005, 2, null],
    [123456789012345, 0, 123456789012345],
    [1e15, 0, null],
    [0.5, 16, null],
  ] as const)('the double %s is known with %s digits as %s', (double, scale, expected) => {
    expect(Object.is(decimalOfShortNumber(double, scale), expected)).toBe(true)
  })
})
