const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/** An int64 has at most 19 digits; a whole number with more is out of range, whatever they are. */
const MAX_DIGITS = 20

/**
 * The exact value of a JSON number's text, where that is a whole number of at most 20 digits; else null. `1.5e1` is
 * the whole number 15.
 */
export function exactInteger(source: string): bigint | null {
  const match = NUMBER.exec(source)
  if (match === null) return null
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match
  const digits = (whole + fraction).replace(/^0+/, '')
  const shift = Number(exponent) - fraction.length
  if (digits === '') return 0n
  if (digits.length + shift > MAX_DIGITS) return null
  if (shift >= 0) return BigInt(sign + digits + '0'.repeat(shift))
  return /^0*$/.test(digits.slice(shift)) ? BigInt(`${sign}${digits.slice(0, shift)}`) : null
}
