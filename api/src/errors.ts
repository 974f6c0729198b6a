/** Whose fault it is, and whether it helps to try again. */
interface ErrorKind {
  readonly status: number
  readonly domain: 'user' | 'external' | 'internal'
  readonly retry: 'never' | 'backoff' | 'now'
}

/** Every code that the api answers with. The message says what happened, why, and what to do. */
// biome-ignore format: one row a code, aligned
export const ERRORS = {
  invalid_request:         { status: 400, domain: 'user',     retry: 'never' },
  password_wrong:          { status: 400, domain: 'user',     retry: 'never' },
  secrets_needed:          { status: 400, domain: 'user',     retry: 'never' },
  unknown_template:        { status: 400, domain: 'user',     retry: 'never' },
  start_needed:            { status: 400, domain: 'user',     retry: 'never' },
  start_not_allowed:       { status: 400, domain: 'user',     retry: 'never' },
  query_invalid:           { status: 400, domain: 'user',     retry: 'never' },
  wrong_kind:              { status: 400, domain: 'user',     retry: 'never' },
  sign_in_needed:          { status: 401, domain: 'user',     retry: 'never' },
  sign_in_failed:          { status: 401, domain: 'user',     retry: 'never' },
  link_invalid:            { status: 401, domain: 'user',     retry: 'never' },
  origin_refused:          { status: 403, domain: 'user',     retry: 'never' },
  not_found:               { status: 404, domain: 'user',     retry: 'never' },
  draft_changed:           { status: 409, domain: 'user',     retry: 'never' },
  operation_running:       { status: 409, domain: 'user',     retry: 'never' },
  state_not_acknowledged:  { status: 409, domain: 'user',     retry: 'never' },
  not_published:           { status: 409, domain: 'user',     retry: 'never' },
  not_stopped:             { status: 409, domain: 'user',     retry: 'never' },
  not_running:             { status: 409, domain: 'user',     retry: 'never' },
  nothing_to_answer:       { status: 409, domain: 'user',     retry: 'never' },
  connection_in_use:       { status: 409, domain: 'user',     retry: 'never' },
  changed_meanwhile:       { status: 409, domain: 'user',     retry: 'now' },
  body_too_large:          { status: 413, domain: 'user',     retry: 'never' },
  json_only:               { status: 415, domain: 'user',     retry: 'never' },
  pipeline_invalid:        { status: 422, domain: 'user',     retry: 'never' },
  settings_invalid:       { status: 422, domain: 'user',     retry: 'never' },
  tests_failed:            { status: 422, domain: 'user',     retry: 'never' },
  too_many_requests:       { status: 429, domain: 'user',     retry: 'backoff' },
  internal:                { status: 500, domain: 'internal', retry: 'never' },
  secrets_unreadable:      { status: 500, domain: 'external', retry: 'never' },
  connection_failed:       { status: 502, domain: 'external', retry: 'backoff' },
  database_unavailable:    { status: 503, domain: 'external', retry: 'backoff' },
  redis_unavailable:       { status: 503, domain: 'external', retry: 'backoff' },
} as const satisfies { readonly [code: string]: ErrorKind }

/** A code of `ERRORS`. */
export type ErrorCode = keyof typeof ERRORS

/** What an error may carry beside its message. */
export interface ErrorExtras {
  readonly cause?: unknown
  /** Members of the answer beside code and message, e.g. issues. */
  readonly body?: { readonly [name: string]: unknown }
}

/** A refusal or a fault, as it is answered. Its message is shown to people and never holds a secret. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly body: { readonly [name: string]: unknown }

  constructor(code: ErrorCode, message: string, { cause, body = {} }: ErrorExtras = {}) {
    super(message, { cause })
    this.name = 'AppError'
    this.code = code
    this.body = body
  }

  get status(): number {
    return ERRORS[this.code].status
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
