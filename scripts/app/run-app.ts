import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StackAddresses } from '@millrace/stack'
import { Child } from './child-process.ts'
import { runCommand } from './run-command.ts'

const ROOT = path.join(import.meta.dirname, '../..')
const API = path.join(ROOT, 'api/src')
const EXECUTOR = path.join(ROOT, 'executor/src/main.ts')
const UP_MS = 60_000
const LOOK_MS = 100

/** Where the product runs. */
export interface AppPlace {
  readonly addresses: StackAddresses
  readonly port: number
  /** `MILLRACE_SECRET_KEY` */
  readonly secretKey: string
  /** More environment for every process. */
  readonly env?: NodeJS.ProcessEnv
  /** Ends a start or a command that is under way; what was started by then is stopped. */
  readonly signal?: AbortSignal
}

/** What the product is started with. */
export interface AppOptions extends AppPlace {
  readonly executors: number
  readonly logFolder: string
  /** Told when a process has ended unasked, and is started again. Absent: none is started again. */
  readonly onRestart?: (name: string, how: string) => void
}

/** Runs a command of the api; resolves with what it printed. */
export type ApiCommand = (...args: string[]) => Promise<string>

/** Api and executors, running. */
export interface RunningApp {
  readonly url: string
  readonly children: readonly Child[]
  readonly command: ApiCommand
  /** Stops executors, then the api. */
  stop(): Promise<void>
}

/** A part of the product did not come up. */
export class AppError extends Error {}

/** Migrates the database and starts api and executors; resolves when the api answers. */
export async function runApp(options: AppOptions): Promise<RunningApp> {
  const env = environmentOf(options)
  const command = apiCommand(options)
  await command('migrate')
  const { logFolder, onRestart } = options
  const api = new Child({ name: 'api', command: [path.join(API, 'main.ts')], env, logFolder, onRestart })
  const executors = Array.from({ length: options.executors }, (_, i) => {
    const name = `executor-${i + 1}`
    const own = { MILLRACE_EXECUTOR_ID: name, DATABASE_URL: undefined }
    return new Child({
      name,
      command: ['--disable-proto=throw', EXECUTOR],
      env: { ...env, ...own },
      logFolder,
      onRestart,
    })
  })
  const stop = async () => {
    await Promise.all(executors.map((executor) => executor.stop()))
    await api.stop()
  }
  const url = `http://127.0.0.1:${options.port}`
  try {
    await answers(url, api, options.signal)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, children: [api, ...executors], command, stop }
}

/** The commands of the api at a place, from whatever process. */
export function apiCommand(place: AppPlace): ApiCommand {
  return async (...args) => {
    try {
      return await runCommand([path.join(API, 'cli.ts'), ...args], environmentOf(place), place.signal)
    } catch (error) {
      // What the command complained of is meant for people.
      throw new AppError((error as Error).message, { cause: error })
    }
  }
}

function environmentOf({ addresses, port, secretKey, env }: AppPlace): NodeJS.ProcessEnv {
  return {
    DATABASE_URL: addresses.postgres,
    MILLRACE_REDIS_URL: addresses.redis,
    MILLRACE_HTTP_PORT: String(port),
    MILLRACE_SECRET_KEY: secretKey,
    ...env,
  }
}

async function answers(url: string, api: Child, signal?: AbortSignal): Promise<void> {
  const deadline = Date.now() + UP_MS
  while (Date.now() < deadline && api.alive) {
    const response = await fetch(`${url}/api/health`).catch(() => null)
    if (response?.ok) return
    await sleep(LOOK_MS, undefined, { signal })
  }
  throw new AppError(`The api did not come up; ${api.logFile} ends with:\n${api.lastLines}`)
}
