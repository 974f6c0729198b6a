import { msg, t } from '../i18n/t.ts'
import { ApiError, errorOfAnswer } from './api-error.ts'

/** What a request may carry. */
export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Sent as JSON. */
  readonly body?: unknown
  readonly signal?: AbortSignal
}

const UNREACHABLE = msg('Millrace does not answer. Check that it runs and that you are online.')

let onUnauthorized: () => void = () => {}

/** Tells what to do when an answer says that nobody is signed in. */
export function whenUnauthorized(handler: () => void): void {
  onUnauthorized = handler
}

/**
 * Asks the api; the path begins behind `/api`. Gives the parsed answer, null for an empty one.
 *
 * @throws ApiError for every answer that is no success, and with status 0 where there is no answer.
 */
export async function request<Answer>(path: string, options: RequestOptions = {}): Promise<Answer> {
  const response = await send(path, options)
  const body = await readBody(response)
  if (response.ok) return body as Answer
  if (response.status === 401) onUnauthorized()
  throw errorOfAnswer(response.status, body)
}

async function send(path: string, { method = 'GET', body, signal }: RequestOptions): Promise<Response> {
  try {
    return await fetch(`/api${path}`, {
      method,
      signal,
      credentials: 'same-origin',
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, 'unreachable', t(UNREACHABLE))
  }
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text()
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** One segment of a path, safe whatever it contains. */
export function segment(text: string): string {
  return encodeURIComponent(text)
}
