import type { ApiErrorBody } from '@millrace/contracts'
import type { Issue } from '@millrace/graph'
import { t } from '../i18n/t.ts'

/**
 * A request that was refused or failed. `status` 0: the api could not be reached at all (code `unreachable`). The
 * message says what happened and what to do, and may be shown as it is.
 */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly issues: readonly Issue[]
  /** The answer's body, where it was JSON. */
  readonly body: unknown

  constructor(status: number, code: string, message: string, body: unknown = null) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.body = body
    this.issues = issuesOf(body)
  }

  /** True where trying again later may help. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502
  }
}

function issuesOf(body: unknown): readonly Issue[] {
  const issues = isObject(body) ? body.issues : undefined
  return Array.isArray(issues) ? (issues as Issue[]) : []
}

/** The error that an answer stands for. */
export function errorOfAnswer(status: number, body: unknown): ApiError {
  if (isErrorBody(body)) return new ApiError(status, body.code, body.message, body)
  const message =
    status >= 500
      ? 'The server failed to answer. Try again; if it goes on, look at its log.'
      : t('The server refused the request.')
  return new ApiError(status, `http_${status}`, message, body)
}

/** The words of any error, for a notice. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : t('Something went wrong.')
}

function isErrorBody(body: unknown): body is ApiErrorBody {
  return isObject(body) && typeof body.code === 'string' && typeof body.message === 'string'
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
