/** Every way in which a record can fail to be decoded. */
export type DecodeErrorCode =
  | 'not_json'
  | 'not_object'
  | 'too_deep'
  | 'too_large'
  | 'missing_field'
  | 'wrong_type'
  | 'out_of_range'

/** A record that cannot be decoded: it goes to dead letters with this code and text. */
export class DecodeError extends Error {
  readonly code: DecodeErrorCode
  /** Where in the record, such as `items[2].qty`; empty for the record as a whole. */
  readonly path: string

  constructor(code: DecodeErrorCode, path: string, message: string) {
    super(path === '' ? message : `${path}: ${message}`)
    this.name = 'DecodeError'
    this.code = code
    this.path = path
  }
}
