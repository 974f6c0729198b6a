import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { endProcess, logTail, startInBackground } from './background-process.ts'
import type { Command } from './command.ts'
import { withFileLock } from './file-lock.mjs'
import { readPidFile, removePidFile, type ServerProcess, writePidFile } from './pid-file.ts'
import { assertPortFree } from './ports.ts'
import type { ServerName } from './settings.ts'
import { StackError } from './stack-error.ts'

/** What a server is doing while it starts. */
export type StartStep = 'installing' | 'starting' | 'ready' | 'reused'

/** Name of a server that can be run: one of the four, or a part of another one. */
export type RunnableName = ServerName | `flink-${string}`

/** One step of one server. */
export interface StackProgress {
  server: RunnableName
  /** Name for people, such as "Kafka". */
  label: string
  step: StartStep
}

/** How a start reports and is cut short. */
export interface StartOptions {
  report?: (progress: StackProgress) => void
  /** An abort stops what was started and rejects with the signal's reason. */
  signal?: AbortSignal
}

/** What a plan is given while it prepares a start. */
export interface PrepareSteps {
  /** To be called before anything is fetched or installed. */
  installing: () => void
  signal?: AbortSignal
}

/** How to run one kind of server in one folder on one port. */
export interface ServerPlan {
  name: RunnableName
  label: string
  /** Holds the data, the log and the pid file. */
  folder: string
  port: number
  /** Environment variable that chooses the port, named when the port is taken. */
  portVariable: string
  /** What clients are given, such as `127.0.0.1:19092` or `redis://127.0.0.1:16379`. */
  address(): string
  /** The signal on which the server ends cleanly without waiting for its clients. */
  stopSignal: NodeJS.Signals
  /** Gets the server and lays out its folder, then gives the command that runs it. */
  prepare(steps: PrepareSteps): Promise<Command>
  /** Resolves once the server answers a request; rejects while it does not. */
  probe(): Promise<void>
}

/** A real server that can be started, stopped, and killed; any process can do so that knows its folder. */
export interface Server {
  readonly name: RunnableName
  readonly label: string
  readonly folder: string
  readonly port: number
  /** What clients are given; that of Postgres holds its password. */
  address(): string
  /** Pid of the running server; undefined when none runs. */
  pid(): number | undefined
  /** Resolves when the server answers. `reused` means that it ran already. */
  start(options?: StartOptions): Promise<'started' | 'reused'>
  /** Ends the server cleanly; after 30 s with force. Data stays. */
  stop(): Promise<void>
  /** SIGKILL: what a crash of the server looks like to its clients. Data stays. */
  kill(): Promise<void>
}

const startPatienceMs = 120_000
const stopPatienceMs = 30_000
const killPatienceMs = 10_000
const probeEveryMs = 50

/** The server that a plan describes. Nothing runs until `start` is called. */
export function createServer(plan: ServerPlan): Server {
  return new NativeServer(plan)
}

class NativeServer implements Server {
  readonly name: RunnableName
  readonly label: string
  readonly folder: string
  readonly port: number
  readonly #plan: ServerPlan

  constructor(plan: ServerPlan) {
    this.name = plan.name
    this.label = plan.label
    this.folder = plan.folder
    this.port = plan.port
    this.#plan = plan
  }

  address(): string {
    return this.#plan.address()
  }

  pid(): number | undefined {
    return readPidFile(this.folder)?.pid
  }

  async start(options: StartOptions = {}): Promise<'started' | 'reused'> {
    await mkdir(this.folder, { recursive: true })
    const lock = path.join(this.folder, 'start.lock')
    return await withFileLock(lock, () => this.#startAlone(options), { signal: options.signal })
  }

  async stop(): Promise<void> {
    const running = readPidFile(this.folder)
    if (running && !(await endProcess(running, this.#plan.stopSignal, stopPatienceMs))) {
      await endProcess(running, 'SIGKILL', killPatienceMs)
    }
    removePidFile(this.folder)
  }

  async kill(): Promise<void> {
    const running = readPidFile(this.folder)
    if (running) await endProcess(running, 'SIGKILL', killPatienceMs)
    removePidFile(this.folder)
  }

  async #startAlone(options: StartOptions): Promise<'started' | 'reused'> {
    const step = (name: StartStep) => options.report?.({ server: this.name, label: this.label, step: name })
    const running = readPidFile(this.folder)
    if (running) {
      await this.#reuse(running, options.signal)
      step('reused')
      return 'reused'
    }
    await assertPortFree(this.port, this.label, this.#plan.portVariable)
    const command = await this.#plan.prepare({ installing: () => step('installing'), signal: options.signal })
    step('starting')
    await this.#launch(command, options.signal)
    step('ready')
    return 'started'
  }

  async #reuse(running: ServerProcess, signal?: AbortSignal): Promise<void> {
    if (running.port === this.port) return await this.#untilReady(running, signal)
    throw new StackError(
      'STACK_RUNS_ELSEWHERE',
      `${this.label} already runs on port ${running.port}, not on ${this.port}: stop it first with "npm run stack:down", or leave ${this.#plan.portVariable} as it was.`,
    )
  }

  async #launch(command: Command, signal?: AbortSignal): Promise<void> {
    const launched = await startInBackground(command, this.folder)
    if (!launched) throw this.#died()
    const server = { ...launched, port: this.port }
    writePidFile(this.folder, server)
    try {
      await this.#untilReady(server, signal)
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  async #untilReady(server: ServerProcess, signal?: AbortSignal): Promise<void> {
    const deadline = Date.now() + startPatienceMs
    while (!(await this.#answers())) {
      if (readPidFile(this.folder)?.pid !== server.pid) throw this.#died()
      if (Date.now() > deadline) throw this.#notReady()
      signal?.throwIfAborted()
      await sleep(probeEveryMs)
    }
    signal?.throwIfAborted()
  }

  async #answers(): Promise<boolean> {
    try {
      await this.#plan.probe()
      return true
    } catch {
      // Whatever the reason, the server is not ready yet; the deadline and the end of its process bound the wait.
      return false
    }
  }

  #died(): StackError {
    return new StackError(
      'STACK_SERVER_DIED',
      `${this.label} ended while it was starting; its last lines say why.`,
      {
        detail: logTail(this.folder),
      },
    )
  }

  #notReady(): StackError {
    const problem = `${this.label} did not answer within ${startPatienceMs / 1000} s after its start.`
    return new StackError('STACK_SERVER_NOT_READY', problem, { detail: logTail(this.folder) })
  }
}
