import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

const MAIN = path.join(import.meta.dirname, '../../executor/src/main.ts')
const BREAKABLE = path.join(import.meta.dirname, '../faults/sabotage/executor.ts')
/** Groups that would outlive a test process that ends early. */
const started = new Set<number>()
process.once('exit', () => {
  for (const pid of started) killGroup(pid)
})

const TEST_KEY = Buffer.alloc(32, 7).toString('base64')

/** A real executor process. */
export class ExecutorProcess {
  readonly id: string
  readonly #child: ChildProcess
  #output = ''

  private constructor(id: string, child: ChildProcess) {
    this.id = id
    this.#child = child
    started.add(this.pid)
    child.once('exit', () => started.delete(this.pid))
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data) => (this.#output += String(data)))
  }

  /**
   * Starts one; more environment variables arm fail-points.
   *
   * @param launcher a command in front that becomes the executor, such as `taskset -c 1`
   */
  static start(
    id: string,
    redisUrl: string,
    env: NodeJS.ProcessEnv = {},
    launcher: readonly string[] = [],
  ): ExecutorProcess {
    return ExecutorProcess.#spawn(
      [...launcher, process.execPath, '--disable-proto=throw', MAIN],
      id,
      redisUrl,
      env,
    )
  }

  /** Starts one that is broken where `env` says so; see `faults/sabotage/worker.ts`. */
  static startBreakable(id: string, redisUrl: string, env: NodeJS.ProcessEnv): ExecutorProcess {
    return ExecutorProcess.#spawn([process.execPath, '--disable-proto=throw', BREAKABLE], id, redisUrl, env)
  }

  static #spawn(
    command: readonly string[],
    id: string,
    redisUrl: string,
    env: NodeJS.ProcessEnv,
  ): ExecutorProcess {
    const [file = '', ...args] = command
    const child = spawn(file, args, {
      env: {
        ...process.env,
        ...{ MILLRACE_REDIS_URL: redisUrl, MILLRACE_SECRET_KEY: TEST_KEY, MILLRACE_EXECUTOR_ID: id },
        ...env,
      },
      // A group of its own: a kill takes the worker processes too.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    return new ExecutorProcess(id, child)
  }

  /** Its process id. */
  get pid(): number {
    return this.#child.pid as number
  }

  /** What it has printed. */
  get output(): string {
    return this.#output
  }

  /** True until it has ended. */
  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** SIGKILL to all of its processes: nothing is handed over. */
  async kill(): Promise<void> {
    if (!this.alive) return
    killGroup(this.pid)
    await once(this.#child, 'exit')
  }

  /** SIGTERM; returns the exit code. */
  async stop(): Promise<number | null> {
    if (!this.alive) return this.#child.exitCode
    this.#child.kill('SIGTERM')
    await once(this.#child, 'exit')
    return this.#child.exitCode
  }

  /** Waits until it has ended by itself. */
  async ended(): Promise<void> {
    if (this.alive) await once(this.#child, 'exit')
  }
}

/** SIGKILL to a process and all that it started; nothing where they are gone. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended in between.
  }
}
