import { randomBytes } from 'node:crypto'
import { parseSecretKey } from '@millrace/contracts/secrets'

/** With less a worker does not even start. */
const LEAST_HEAP_MB = 64

/** What an executor is told by its environment. */
export interface Environment {
  readonly redisUrl: string
  /** Shared with the api; secrets of connections are encrypted with it. */
  readonly secretKey: Uint8Array
  /** Unique among the executors of an installation. */
  readonly executorId: string
  readonly logLevel: string
  /** Heap of each worker process, MB: one per pipeline. */
  readonly workerHeapMb: number
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
    workerHeapMb: megabytes(env, 'MILLRACE_WORKER_HEAP_MB', 1_024),
  }
}

function megabytes(env: NodeJS.ProcessEnv, name: string, otherwise: number): number {
  const text = env[name]
  if (!text) return otherwise
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (value < LEAST_HEAP_MB) throw new Error(`${name} must be a number of megabytes from ${LEAST_HEAP_MB}.`)
  return value
}

function required(env: NodeJS.ProcessEnv, name: string, meaning: string): string {
  const value = env[name]
  if (!value) throw new Error(`${name} must be set: ${meaning}.`)
  return value
}
