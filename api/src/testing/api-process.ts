import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

const MAIN = path.join(import.meta.dirname, '..', 'main.ts')

/** The real api as a process of its own. */
export interface ApiProcess {
  readonly url: string
  /** Resolves with the signal that ended it, null where it ended by itself. */
  readonly ended: Promise<NodeJS.Signals | null>
  kill(signal: NodeJS.Signals): Promise<void>
  /** Sends a signal, and waits for nothing. */
  signal(signal: NodeJS.Signals): void
}

/** Starts the api and resolves when it listens. */
export async function startApi(env: NodeJS.ProcessEnv): Promise<ApiProcess> {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, MILLRACE_LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit').then(([, signal]) => signal as NodeJS.Signals | null)
  const url = await addressOf(child)
  return {
    url,
    ended,
    signal: (signal) => {
      child.kill(signal)
    },
    kill: async (signal) => {
      child.kill(signal)
      await ended
    },
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const deadline = Date.now() + 30_000
  for (;;) {
    const [, address] = /"address":"(http[^"]+)"/.exec(output) ?? []
    if (address !== undefined) return address
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the api did not start: ${output}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
