import type { FastifyBaseLogger } from 'fastify'
import { pino } from 'pino'
import type { Config } from './environment.ts'

/** The log of the api: JSON lines, in which control characters are escaped and nothing secret stands. */
export function createLog({ logLevel }: Pick<Config, 'logLevel'>): FastifyBaseLogger {
  return pino({
    level: logLevel,
    base: null,
    redact: ['*.password', '*.secrets', '*.token', 'headers.cookie', 'headers.authorization', '*.headers'],
    // A request says only which one it is: its address may hold the token of a sign-in link.
    serializers: { req: ({ id }: { id: string }) => ({ id }) },
  })
}
