import { errors } from '@elastic/elasticsearch'
import { type FaultTraits, PortError } from '../../port-error.ts'

const REFUSED: FaultTraits = { domain: 'user', retry: 'never' }
const PASSING: FaultTraits = { domain: 'external', retry: 'backoff' }

interface Fault {
  readonly code: string
  readonly traits: FaultTraits
  readonly message: string
}

/** Faults by the HTTP status of the answer; any other status is one that passes, or is for nobody to mend. */
const FAULTS: Readonly<Record<number, Fault>> = {
  400: { code: 'invalid_request', traits: REFUSED, message: 'Elasticsearch does not take the request' },
  401: {
    code: 'authentication_failed',
    traits: REFUSED,
    message: 'Elasticsearch does not accept the user name and password or the API key',
  },
  403: { code: 'not_authorized', traits: REFUSED, message: 'Elasticsearch does not allow this to the user' },
  404: { code: 'not_found', traits: REFUSED, message: 'Elasticsearch has no such index' },
  413: { code: 'too_large', traits: REFUSED, message: 'The request is too large for Elasticsearch' },
  429: { code: 'overloaded', traits: PASSING, message: 'Elasticsearch is overloaded' },
}

const UNAVAILABLE: Fault = { code: 'unavailable', traits: PASSING, message: 'Elasticsearch is not ready' }
const UNREACHABLE: Fault = {
  code: 'unreachable',
  traits: PASSING,
  message: 'Elasticsearch cannot be reached',
}
const TIMEOUT: Fault = { code: 'timeout', traits: PASSING, message: 'Elasticsearch did not answer in time' }

/** The error of a call to Elasticsearch. It holds no request: that may be full of documents. */
export function toPortError(error: unknown): PortError {
  if (error instanceof PortError) return error
  const { code, traits, message } = faultOf(error)
  return new PortError(code, traits, `${message}: ${reasonOf(error)}`, withoutRequest(error))
}

/** The HTTP status of the answer that an error tells of; null where there was no answer. */
export function statusOf(error: unknown): number | null {
  return error instanceof errors.ResponseError ? (error.statusCode ?? null) : null
}

/** The type of error that Elasticsearch names, such as `index_not_found_exception`. */
export function typeOf(error: unknown): string | null {
  if (!(error instanceof errors.ResponseError)) return null
  const { error: body } = (error.body ?? {}) as { error?: { type?: string } | string }
  return (typeof body === 'object' && body.type) || null
}

function faultOf(error: unknown): Fault {
  const status = statusOf(error)
  if (status !== null) return FAULTS[status] ?? UNAVAILABLE
  return error instanceof errors.TimeoutError ? TIMEOUT : UNREACHABLE
}

/** The reason that Elasticsearch gives, in words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof errors.ResponseError)) return error instanceof Error ? error.message : String(error)
  const { error: body } = (error.body ?? {}) as { error?: Reason | string }
  return typeof body === 'object' ? describeReason(body) : error.message
}

/** An error as Elasticsearch describes it. */
export interface Reason {
  readonly type?: string
  readonly reason?: string | null
  readonly root_cause?: readonly Reason[]
  readonly caused_by?: Reason
}

const MAX_REASON = 1_000

/** An error of Elasticsearch in words, of bounded length. */
export function describeReason({ type, reason, root_cause: [root] = [], caused_by: cause }: Reason): string {
  const told = [root?.reason ?? reason ?? type, cause?.reason].filter((text) => text != null)
  return [...new Set(told)].join('; ').slice(0, MAX_REASON)
}

function withoutRequest(error: unknown): Error {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error))
  return Object.assign(new Error(message), { name, stack })
}
