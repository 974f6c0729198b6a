import { type ErrorName, type ErrorTrait, errorCodeOf, errorNumberOf } from './error-codes.ts'

/** Whose fault it is. */
export type FaultDomain = 'user' | 'external' | 'internal'

/** When the same attempt may be made again. */
export type RetryHint = 'never' | 'backoff' | 'now'

interface FaultTraits {
  readonly domain: FaultDomain
  readonly retry: RetryHint
}

/** Faults that this layer finds itself; those that a broker reports carry the broker's own name. */
const CLIENT_FAULTS = {
  /** No connection could be opened. */
  CONNECTION_FAILED: { domain: 'external', retry: 'backoff' },
  /** The connection broke before the reply: whether the broker acted is not known. */
  CONNECTION_LOST: { domain: 'external', retry: 'backoff' },
  /** No reply in time; the connection was given up. */
  REQUEST_TIMEOUT: { domain: 'external', retry: 'backoff' },
  TLS_FAILED: { domain: 'user', retry: 'never' },
  AUTHENTICATION_FAILED: { domain: 'user', retry: 'never' },
  /** The broker does not speak a version of a request that this layer needs. */
  UNSUPPORTED_BROKER: { domain: 'user', retry: 'never' },
  /** The client, fetcher or producer was closed by its owner. */
  CLOSED: { domain: 'internal', retry: 'never' },
  /** The caller's signal ended the fetch. */
  FETCH_ABORTED: { domain: 'internal', retry: 'now' },
  MALFORMED_RESPONSE: { domain: 'external', retry: 'never' },
  /** A record batch whose checksum or structure is wrong. */
  CORRUPT_BATCH: { domain: 'external', retry: 'never' },
  /** A record batch that would unpack to more than the limit. */
  BATCH_OVER_LIMIT: { domain: 'external', retry: 'never' },
  /** An offset or timestamp beyond 2^53, which a number cannot hold exactly. */
  NUMBER_TOO_LARGE: { domain: 'external', retry: 'never' },
  /** EndTxn was sent and never answered: the transaction may be committed or not. Start over with `init`. */
  OUTCOME_UNKNOWN: { domain: 'external', retry: 'now' },
  /** The producer met an error before, or is used out of order. Start over with `init`. */
  PRODUCER_UNUSABLE: { domain: 'internal', retry: 'never' },
} as const satisfies Record<string, FaultTraits>

/** Code of a fault found by this layer. */
export type ClientFault = keyof typeof CLIENT_FAULTS

const BROKER_TRAITS = {
  never: { domain: 'external', retry: 'never' },
  retry: { domain: 'external', retry: 'backoff' },
  refresh: { domain: 'external', retry: 'backoff' },
  user: { domain: 'user', retry: 'never' },
  fenced: { domain: 'external', retry: 'never' },
} as const satisfies Record<ErrorTrait, FaultTraits>

/** What the failing request was about; printed in the message. */
export interface FaultContext {
  readonly api?: string
  readonly broker?: string
  readonly topic?: string
  readonly partition?: number
  readonly offset?: number
  readonly group?: string
  readonly transactionalId?: string
}

/** Every error of the wire layer. `code` is a broker's error name (`NOT_LEADER_OR_FOLLOWER`) or a `ClientFault`. */
export class KafkaError extends Error {
  override readonly name = 'KafkaError'
  readonly code: string
  /** The broker's error number; `undefined` for faults found by the client. */
  readonly number: number | undefined
  readonly domain: FaultDomain
  readonly retry: RetryHint
  /** Another client holds the transactional id now, or its registration expired. */
  readonly fenced: boolean
  /** Cached leaders are out of date. */
  readonly staleMetadata: boolean
  readonly context: FaultContext

  /** Use `brokerError` and `clientFault`. */
  constructor(
    code: string,
    traits: FaultTraits,
    text: string,
    context: FaultContext,
    more: { number?: number; trait?: ErrorTrait; cause?: unknown } = {},
  ) {
    super(`${code}: ${text}${describe(context)}`, { cause: more.cause })
    this.code = code
    this.number = more.number
    this.domain = traits.domain
    this.retry = traits.retry
    this.fenced = more.trait === 'fenced'
    this.staleMetadata = more.trait === 'refresh'
    this.context = context
  }

  /** Whether the same attempt may succeed later. */
  get retriable(): boolean {
    return this.retry !== 'never'
  }
}

/** The error for a broker's error code (not 0). */
export function brokerError(
  number: number,
  context: FaultContext,
  text = 'the broker refused the request',
): KafkaError {
  const { name, trait } = errorCodeOf(number)
  return new KafkaError(name, BROKER_TRAITS[trait], text, context, { number, trait })
}

/** The error that a broker would give under this name. */
export function namedBrokerError(name: ErrorName, context: FaultContext, text?: string): KafkaError {
  return brokerError(errorNumberOf(name), context, text)
}

/** The error for a fault that this layer found itself. */
export function clientFault(
  code: ClientFault,
  text: string,
  context: FaultContext = {},
  cause?: unknown,
): KafkaError {
  return new KafkaError(code, CLIENT_FAULTS[code], text, context, { cause })
}

/** Throws when a response's error code is not 0. */
export function throwOnError(number: number, context: FaultContext, text?: string | null): void {
  if (number !== 0) throw brokerError(number, context, text ?? undefined)
}

function describe(context: FaultContext): string {
  const facts = Object.entries(context).filter(([, fact]) => fact !== undefined)
  return facts.length === 0 ? '' : ` (${facts.map(([name, fact]) => `${name} ${fact}`).join(', ')})`
}
