import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'

/** Lines kept of what a process prints, for the case that it fails. */
const KEPT_LINES = 20
const STOP_MS = 10_000

/** What a child process is started with. */
export interface ChildOptions {
  /** Name for people and of the log file. */
  readonly name: string
  /** Script and arguments, run on the Node that runs this one. */
  readonly command: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** Folder of the log file. */
  readonly logFolder: string
}

/** A part of the product, running as a process of its own; what it prints goes to a file. */
export class Child {
  readonly name: string
  readonly logFile: string
  readonly #process: ChildProcess
  #lastLines: string[] = []

  constructor({ name, command, env, logFolder }: ChildOptions) {
    this.name = name
    this.logFile = path.join(logFolder, `${name}.log`)
    mkdirSync(logFolder, { recursive: true })
    const log = createWriteStream(this.logFile)
    this.#process = spawn(process.execPath, command, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: Ctrl-C reaches the parent alone, which then stops its children in order.
      detached: process.platform !== 'win32',
    })
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.pipe(log, { end: false })
      stream?.on('data', (data: Buffer) => this.#keep(String(data)))
    }
  }

  /** False once it has ended. */
  get alive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null
  }

  /** Its process id. */
  get pid(): number | undefined {
    return this.#process.pid
  }

  /** The end of what it has printed. */
  get lastLines(): string {
    return this.#lastLines.join('\n')
  }

  /** Resolves when it has ended, however. */
  async ended(): Promise<void> {
    if (this.alive) await once(this.#process, 'exit')
  }

  /** Ends it in order; kills it where that takes too long. */
  async stop(): Promise<void> {
    if (!this.alive) return
    this.#process.kill('SIGTERM')
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_MS)
    await this.ended()
    clearTimeout(timer)
  }

  #keep(text: string): void {
    this.#lastLines = [...this.#lastLines, ...text.split('\n').filter(Boolean)].slice(-KEPT_LINES)
  }
}
