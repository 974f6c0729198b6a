const faults = {
  STACK_BAD_SETTING: { domain: 'user', retry: 'never' },
  STACK_PORT_TAKEN: { domain: 'user', retry: 'never' },
  STACK_RUNS_ELSEWHERE: { domain: 'user', retry: 'never' },
  STACK_JDK_MISSING: { domain: 'user', retry: 'never' },
  STACK_MAVEN_MISSING: { domain: 'user', retry: 'never' },
  STACK_PROGRAM_MISSING: { domain: 'user', retry: 'never' },
  STACK_PROGRAM_TOO_OLD: { domain: 'user', retry: 'never' },
  STACK_NO_ACCESS: { domain: 'user', retry: 'never' },
  STACK_DOCKER_UNAVAILABLE: { domain: 'user', retry: 'never' },
  STACK_COMMAND_FAILED: { domain: 'external', retry: 'backoff' },
  STACK_SERVER_DIED: { domain: 'external', retry: 'never' },
  STACK_SERVER_NOT_READY: { domain: 'external', retry: 'backoff' },
} as const satisfies Record<
  string,
  { domain: 'user' | 'external' | 'internal'; retry: 'never' | 'backoff' | 'now' }
>

/** What can go wrong with the local servers. */
export type StackErrorCode = keyof typeof faults

/**
 * A fault of the local servers. `message` is one sentence for people that names the cure where there is one;
 * `detail` holds the last lines of a log or of a command's output, empty when there are none.
 */
export class StackError extends Error {
  readonly code: StackErrorCode
  readonly domain: 'user' | 'external' | 'internal'
  readonly retry: 'never' | 'backoff' | 'now'
  readonly detail: string

  constructor(code: StackErrorCode, message: string, options: { detail?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'StackError'
    this.code = code
    this.domain = faults[code].domain
    this.retry = faults[code].retry
    this.detail = options.detail ?? ''
  }
}
