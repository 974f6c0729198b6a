/** 64 characters in the order of their bytes. */
const DIGITS = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'

/** Their character codes, and by character code their values: −1 for other characters. */
const CODES = Uint8Array.from(DIGITS, (digit) => digit.charCodeAt(0))
const VALUES = new Int8Array(128).fill(-1)
for (const [value, code] of CODES.entries()) VALUES[code] = value

/** A time, from −2^53 on, fills 54 bits: more than a number can hold at once, so it is cut in two. */
const HIGH_DIGITS = 5
const LOW_DIGITS = 4
const TIME_DIGITS = HIGH_DIGITS + LOW_DIGITS
const LOW = 2 ** 24
const LEAST_HIGH = -(2 ** 29)

/**
 * The text of a time, epoch ms as a safe integer, negative ones too: texts sort as the times do, and have one length. Use
 * it as a bound of a range of sub-keys: those from `timeSubKey(a)` on and below `timeSubKey(b)` have times in [a, b).
 */
export function timeSubKey(time: number): string {
  const high = Math.floor(time / LOW)
  const a = high - LEAST_HIGH
  const b = time - high * LOW
  // biome-ignore format: the digits of both parts
  return String.fromCharCode(
    codeOf(a >> 24), codeOf(a >> 18), codeOf(a >> 12), codeOf(a >> 6), codeOf(a),
    codeOf(b >> 18), codeOf(b >> 12), codeOf(b >> 6), codeOf(b),
  )
}

/** The time whose text stands in a sub-key, from a position on; throws where none does. */
export function timeOfSubKey(subKey: string, at = 0): number {
  const high = LEAST_HIGH + numberIn(subKey, at, at + HIGH_DIGITS)
  return high * LOW + numberIn(subKey, at + HIGH_DIGITS, at + TIME_DIGITS)
}

/**
 * A sub-key of a time and a number that orders rows of one time, such as that of their arrival: sub-keys sort by time,
 * then by number.
 *
 * @param sequence a safe integer from 0 on
 */
export function sequenceSubKey(time: number, sequence: number): string {
  return timeSubKey(time) + numberText(sequence)
}

/** The time and the number of a sub-key that `sequenceSubKey` made; throws for any other text. */
export function parseSequenceSubKey(subKey: string): { readonly time: number; readonly sequence: number } {
  const time = timeOfSubKey(subKey)
  const length = VALUES[subKey.charCodeAt(TIME_DIGITS)]
  const digits = subKey.length - TIME_DIGITS - 1
  if (length !== digits || digits === 0) throw new Error(`${subKey} is no sub-key of time and number`)
  return { time, sequence: numberIn(subKey, TIME_DIGITS + 1, subKey.length) }
}

/** A number led by its length: the longer one is the larger. */
function numberText(value: number): string {
  let length = 1
  for (let rest = Math.floor(value / 64); rest > 0; rest = Math.floor(rest / 64)) length++
  return DIGITS[length] + digitsOf(value, length)
}

function digitsOf(value: number, length: number): string {
  let text = ''
  let rest = value
  for (let i = 0; i < length; i++) {
    const next = Math.floor(rest / 64)
    text = DIGITS[rest - next * 64] + text
    rest = next
  }
  return text
}

/** The number whose digits stand between two positions. */
function numberIn(subKey: string, from: number, to: number): number {
  let value = 0
  for (let i = from; i < to; i++) {
    // Behind the end there is no code.
    const next = VALUES[subKey.charCodeAt(i)] ?? -1
    if (next < 0) throw new Error(`${subKey} is no sub-key of time and number`)
    value = value * 64 + next
  }
  return value
}

/** The character of the last six bits. */
function codeOf(bits: number): number {
  return CODES[bits & 63] as number
}
