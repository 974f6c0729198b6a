import { quoteName } from '../names.ts'
import { DecodeError, type DecodeErrorCode } from './decode-error.ts'
import { MARK, NumberText } from './long-number.ts'

/**
 * A value that does not fit its type, on its way up to the record. Each array and struct that it passes adds its step
 * to the path, so nothing is spent on paths while values fit.
 */
export class Mismatch {
  readonly #code: DecodeErrorCode
  readonly #message: string
  #path = ''

  constructor(code: DecodeErrorCode, message: string) {
    this.#code = code
    this.#message = message
  }

  /** The same mismatch, seen from the struct with this field or the array with this index. */
  within(step: string | number): this {
    const head = typeof step === 'number' ? `[${step}]` : quoteName(step)
    const joint = this.#path === '' || this.#path.startsWith('[') ? '' : '.'
    this.#path = head + joint + this.#path
    return this
  }

  toError(): DecodeError {
    return new DecodeError(this.#code, this.#path, this.#message)
  }
}

/** A value of another JSON type than expected. */
export function wrongType(expected: string, found: unknown): Mismatch {
  return new Mismatch('wrong_type', `expected ${expected}, found ${nameOf(found)}`)
}

/** A fraction where only whole numbers will do. */
export function notWhole(expected: string): Mismatch {
  return wrongType(expected, 0.5)
}

/** A number that the type cannot hold. */
export function outOfRange(type: string): Mismatch {
  return new Mismatch('out_of_range', `the number is beyond the range of ${type}`)
}

/** A member that is needed but absent or null. */
export function missing(): Mismatch {
  return new Mismatch('missing_field', 'a value is needed here')
}

/** The JSON type of a value in words. Values themselves are not told: they may be confidential. */
function nameOf(value: unknown): string {
  if (value instanceof NumberText || (typeof value === 'string' && value.startsWith(MARK))) return 'a number'
  if (typeof value === 'string') return 'a text'
  if (typeof value === 'boolean') return 'true or false'
  if (typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object'
  return Number.isInteger(value) ? 'a whole number' : 'a number with a fraction'
}
