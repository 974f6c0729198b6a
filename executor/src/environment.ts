import { randomBytes } from 'node:crypto'
import { parseSecretKey } from '@millrace/contracts/secrets'

/** What an executor is told by its environment. */
export interface Environment {
  readonly redisUrl: string
  /** Shared with the api; secrets of connections are encrypted with it. */
  readonly secretKey: Uint8Array
  /** Unique among the executors of an installation. */
  readonly executorId: string
  readonly logLevel: string
  /** Only for the test that shows what the comparison of stamps is for. */
  readonly withoutStampCheck: boolean
}

/** Reads the environment; throws with the variable's name and what it must hold. */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  return {
    redisUrl: required(env, 'MILLRACE_REDIS_URL', 'the address of Redis, as in redis://127.0.0.1:16379'),
    secretKey: parseSecretKey(
      required(env, 'MILLRACE_SECRET_KEY', '32 random bytes in base64, the same as the api has'),
    ),
    executorId: env.MILLRACE_EXECUTOR_ID ?? `executor-${randomBytes(4).toString('hex')}`,
    logLevel: env.MILLRACE_LOG_LEVEL ?? 'info',
    withoutStampCheck: env.NODE_ENV === 'test' && env.MILLRACE_SABOTAGE === 'no-stamp-check',
  }
}

function required(env: NodeJS.ProcessEnv, name: string, meaning: string): string {
  const value = env[name]
  if (!value) throw new Error(`${name} must be set: ${meaning}.`)
  return value
}
