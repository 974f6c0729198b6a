import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

/** Lines kept of what a process prints, for the case that it fails. */
const KEPT_LINES = 20
const STOP_MS = 10_000
const RESTART_MS = 1_000
/** A process that ends sooner than this after its start would only end again. */
const SHORT_LIFE_MS = 5_000

/** What a child process is started with. */
export interface ChildOptions {
  /** Name for people and of the log file. */
  readonly name: string
  /** Script and arguments, run on the Node that runs this one. */
  readonly command: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** Folder of the log file. */
  readonly logFolder: string
  /** Told when the process has ended unasked, and is started again. Absent: it is not started again. */
  readonly onRestart?: (name: string, how: string) => void
}

/** A part of the product, running as a process of its own; what it prints goes to a file. */
export class Child {
  readonly name: string
  readonly logFile: string
  readonly #options: ChildOptions
  readonly #log: WriteStream
  readonly #over = Promise.withResolvers<void>()
  #process: ChildProcess
  #isOver = false
  #isStopping = false
  #lastLines: string[] = []

  constructor(options: ChildOptions) {
    const { name, logFolder } = options
    this.#options = options
    this.name = name
    this.logFile = path.join(logFolder, `${name}.log`)
    mkdirSync(logFolder, { recursive: true })
    this.#log = createWriteStream(this.logFile)
    this.#process = this.#start()
  }

  /** False once it has ended for good. */
  get alive(): boolean {
    return !this.#isOver
  }

  /** Its process id; that of the newest process, where it was started again. */
  get pid(): number | undefined {
    return this.#process.pid
  }

  /** The end of what it has printed. */
  get lastLines(): string {
    return this.#lastLines.join('\n')
  }

  /** Resolves when it has ended for good, however. */
  ended(): Promise<void> {
    return this.#over.promise
  }

  /** Ends it in order; kills it where that takes too long. */
  async stop(): Promise<void> {
    this.#isStopping = true
    if (this.#isOver) return
    this.#process.kill('SIGTERM')
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), STOP_MS)
    await this.ended()
    clearTimeout(timer)
  }

  #start(): ChildProcess {
    const { command, env } = this.#options
    const started = performance.now()
    const child = spawn(process.execPath, command, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own: Ctrl-C reaches the parent alone, which then stops its children in order.
      detached: process.platform !== 'win32',
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream.pipe(this.#log, { end: false })
      stream.on('data', (data: Buffer) => this.#keep(String(data)))
    }
    child.once('exit', (code, signal) => {
      void this.#onExit(signal ?? `exit code ${code}`, performance.now() - started)
    })
    return child
  }

  async #onExit(how: string, livedMs: number): Promise<void> {
    const { name, onRestart } = this.#options
    if (!this.#isStopping && onRestart !== undefined && livedMs > SHORT_LIFE_MS) {
      onRestart(name, how)
      await sleep(RESTART_MS)
      if (!this.#isStopping) {
        this.#process = this.#start()
        return
      }
    }
    this.#isOver = true
    this.#over.resolve()
  }

  #keep(text: string): void {
    this.#lastLines = [...this.#lastLines, ...text.split('\n').filter(Boolean)].slice(-KEPT_LINES)
  }
}
