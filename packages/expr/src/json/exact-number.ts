/**
 * Numbers of which a double does not tell the whole truth. JSON.parse gives the nearest double; that is wrong for an
 * int64 where the digits say a whole number beyond 2^53, or a fraction so fine that the double is whole.
 */

/** A number with a fraction whose nearest double is whole. */
export class FineFraction {
  readonly double: number

  constructor(double: number) {
    this.double = double
  }
}

/** A reviver of JSON.parse: whole numbers beyond 2^53 as bigints, fractions that look whole as `FineFraction`. */
export function reviveExactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (!Number.isInteger(value) || context?.source === undefined) return value
  const exact = exactInteger(context.source)
  if (exact === 'fraction') return new FineFraction(value as number)
  return exact === 'large' || Number.isSafeInteger(value) ? value : exact
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/** An int64 has at most 19 digits; a whole number with more is out of range, whatever they are. */
const MAX_DIGITS = 20

/** The exact value of a JSON number's text: a whole number, or that it is a fraction or has more than 20 digits. */
export function exactInteger(source: string): bigint | 'fraction' | 'large' {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(source) ?? []
  const digits = (whole + fraction).replace(/^0+/, '')
  const shift = Number(exponent) - fraction.length
  if (digits === '') return 0n
  if (digits.length + shift > MAX_DIGITS) return 'large'
  if (shift >= 0) return BigInt(sign + digits + '0'.repeat(shift))
  return /^0*$/.test(digits.slice(shift)) ? BigInt(`${sign}${digits.slice(0, shift)}`) : 'fraction'
}

/** Every run of 16 bytes, the shortest number of interest, covers two neighbours of the bytes that are looked at. */
const STRIDE = 8

/** A longer number is not looked at more closely. */
const MAX_LENGTH = 1000

/** 1 for the bytes of which numbers are made. */
const NUMBER_BYTES = bytesIn('0123456789.eE+-')

/** 1 for the bytes that may stand before a number in JSON; before a piece of a text stands a quote or another character. */
const BYTES_BEFORE = bytesIn(':,[ \t\r\n')

function bytesIn(characters: string): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) =>
    characters.includes(String.fromCharCode(byte)) ? 1 : 0,
  )
}

/**
 * True where a record has a number whose nearest double is whole although the number is not. Such a number has at least
 * 16 characters (or is next to zero; then it is not found), so one byte in eight is looked at.
 */
export function hasFineFraction(bytes: Uint8Array): boolean {
  for (let i = STRIDE - 1; i + STRIDE < bytes.length; i += STRIDE) {
    if (NUMBER_BYTES[bytes[i] as number] === 1 && NUMBER_BYTES[bytes[i + STRIDE] as number] === 1) {
      if (isFineFraction(bytes, i)) return true
    }
  }
  return false
}

/** `at` is the first byte of the number that was looked at, or one behind it. */
function isFineFraction(bytes: Uint8Array, at: number): boolean {
  let start = at
  while (at - start < 2 * STRIDE && NUMBER_BYTES[bytes[start - 1] as number] === 1) start--
  if (BYTES_BEFORE[bytes[start - 1] as number] !== 1) return false
  let end = at
  while (end - start <= MAX_LENGTH && NUMBER_BYTES[bytes[end] as number] === 1) end++
  if (end - start > MAX_LENGTH) return true
  if (end - start < 2 * STRIDE) return false
  const source = String.fromCharCode(...bytes.subarray(start, end))
  return /[.eE]/.test(source) && Number.isInteger(Number(source)) && exactInteger(source) === 'fraction'
}
