/** Postgres out of reach, or stopping: Prisma's own codes, those of the driver and of sockets, SQLSTATE classes. */
const DATABASE_DOWN = /^(P1001|P1002|P1008|P1017|P2024|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|08...|57P0.)$/
const DATABASE_DOWN_TEXT =
  /connection terminated|timeout exceeded when trying to connect|Connection ended|DatabaseNotReachable|SocketTimeout|ConnectionClosed|Can't reach database|starting up|shutting down/i

const REDIS_DOWN_TEXT =
  /^(Connection is closed|Stream isn't writeable|Command timed out|connect E|read E|write E|LOADING |Reached the max retries)/

/** True where an error says that Postgres is out of reach. */
export function isDatabaseDown(error: unknown): boolean {
  if (!isFromPrisma(error)) return false
  return [...causes(error)].some(
    ({ code, message }) => DATABASE_DOWN.test(code) || DATABASE_DOWN_TEXT.test(message),
  )
}

/** True where an error says that Redis is out of reach. */
export function isRedisDown(error: unknown): boolean {
  return error instanceof Error && REDIS_DOWN_TEXT.test(error.message)
}

function isFromPrisma(error: unknown): boolean {
  return error instanceof Error && /^(Prisma|DriverAdapter)/.test(error.name)
}

interface Cause {
  readonly code: string
  readonly message: string
}

/** The error and what it says it was caused by, at most five deep. */
function* causes(error: unknown): Generator<Cause> {
  let current = error
  for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth++) {
    const { code, errorCode, kind, message, originalCode, meta, cause } = current as Record<string, unknown>
    for (const name of [code, errorCode, kind, originalCode])
      yield { code: String(name ?? ''), message: `${String(name ?? '')} ${String(message ?? '')}` }
    current = cause ?? (meta as { driverAdapterError?: unknown } | undefined)?.driverAdapterError
  }
}
