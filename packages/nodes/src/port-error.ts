/** Whose fault it is that a server did not do what it was asked. */
export type FaultDomain = 'user' | 'external' | 'internal'

/** When the same call may be made again. */
export type RetryHint = 'never' | 'backoff' | 'now'

/** What kind of fault it is. */
export interface FaultTraits {
  readonly domain: FaultDomain
  readonly retry: RetryHint
}

/** A call to a server that failed. */
export class PortError extends Error {
  readonly code: string
  readonly domain: FaultDomain
  readonly retry: RetryHint

  constructor(code: string, { domain, retry }: FaultTraits, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'PortError'
    this.code = code
    this.domain = domain
    this.retry = retry
  }
}
