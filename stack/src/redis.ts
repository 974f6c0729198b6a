import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { Redis } from 'ioredis'
import { type Command, runCommand } from './command.ts'
import { loopback } from './ports.ts'
import { createServer, type PrepareSteps, type Server } from './server.ts'
import { redisSettings } from './settings.ts'
import { StackError } from './stack-error.ts'
import { ensureRedisServer } from './system-packages.ts'

/** Where a Redis server runs. */
export interface RedisOptions {
  folder: string
  port: number
}

/** A real Redis server on loopback. Its address is a `redis:` URL. */
export function createRedis(options: RedisOptions): Server {
  const address = `redis://${loopback}:${options.port}`
  return createServer({
    name: 'redis',
    label: redisSettings.label,
    folder: options.folder,
    port: options.port,
    portVariable: redisSettings.portVariable,
    address: () => address,
    stopSignal: 'SIGTERM',
    prepare: (steps) => prepareRedis(options, steps),
    probe: () => probeRedis(options.port),
  })
}

async function prepareRedis(options: RedisOptions, steps: PrepareSteps): Promise<Command> {
  const file = await ensureRedisServer(steps)
  requireRedisVersion(
    await runCommand({ file, args: ['--version'] }, 'redis-server does not run.', steps.signal),
  )
  const data = path.join(options.folder, 'data')
  await mkdir(data, { recursive: true })
  const flags = { port: String(options.port), bind: loopback, dir: data, ...redisSettings.flags }
  return { file, args: Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]) }
}

/**
 * Refuses a Redis that is too old for Millrace.
 *
 * @param answer what `redis-server --version` printed
 */
export function requireRedisVersion(answer: string): void {
  const found = /v=(\d+)\.(\d+)/.exec(answer)
  const [major = 0, minor = 0] = redisSettings.minimumVersion.split('.').map(Number)
  if (found && (Number(found[1]) > major || (Number(found[1]) === major && Number(found[2]) >= minor))) return
  throw new StackError(
    'STACK_PROGRAM_TOO_OLD',
    `Redis ${redisSettings.minimumVersion} or newer is needed: update the redis-server on PATH.`,
  )
}

/** While Redis loads its data it answers LOADING, which rejects. */
async function probeRedis(port: number): Promise<void> {
  const redis = new Redis({
    host: loopback,
    port,
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
    retryStrategy: () => null,
  })
  // Without a listener ioredis prints each failed attempt.
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    await redis.ping()
  } finally {
    redis.disconnect()
  }
}
