/** 64 characters in the order of their bytes. */
const DIGITS = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'

const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]))

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
  return digitsOf(high - LEAST_HIGH, HIGH_DIGITS) + digitsOf(time - high * LOW, LOW_DIGITS)
}

/** The time whose text a sub-key begins with; throws where it begins with none. */
export function timeOfSubKey(subKey: string): number {
  const high = LEAST_HIGH + numberOf(subKey.slice(0, HIGH_DIGITS), subKey)
  return high * LOW + numberOf(subKey.slice(HIGH_DIGITS, TIME_DIGITS), subKey)
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
  const length = VALUES.get(subKey[TIME_DIGITS] ?? '')
  const digits = subKey.slice(TIME_DIGITS + 1)
  if (length !== digits.length || digits.length === 0)
    throw new Error(`${subKey} is no sub-key of time and number`)
  return { time, sequence: numberOf(digits, subKey) }
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

function numberOf(digits: string, subKey: string): number {
  let value = 0
  for (const digit of digits) {
    const next = VALUES.get(digit)
    if (next === undefined) throw new Error(`${subKey} is no sub-key of time and number`)
    value = value * 64 + next
  }
  return value
}
