/** Why a change does not fit the document. */
export type ChangeErrorCode =
  | 'unknown_change'
  | 'unknown_node'
  | 'unknown_edge'
  | 'unknown_part'
  | 'duplicate_id'
  | 'invalid_group'
  | 'invalid_id'
  | 'invalid_index'
  | 'too_deep'

/** A change that does not fit the document it is applied to. The document is unharmed. */
export class ChangeError extends Error {
  readonly code: ChangeErrorCode
  readonly domain = 'internal'
  readonly retry = 'never'

  constructor(code: ChangeErrorCode, message: string) {
    super(message)
    this.name = 'ChangeError'
    this.code = code
  }
}
