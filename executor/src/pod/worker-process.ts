import { type ChildProcess, fork } from 'node:child_process'
import type { FromWorker, ToWorker } from './messages.ts'

/** How a worker process is started. */
export interface WorkerSettings {
  readonly executor: string
  /** The file that it runs. */
  readonly main: string
  /** Heap of the process; one that needs more ends. */
  readonly heapMb: number
}

/** Who hears of a worker process. */
export interface WorkerListener {
  told(message: FromWorker): void
  /** Told once. `how` is a clause such as "signal SIGKILL". */
  ended(how: string): void
}

/** One worker process: a child that is spoken to by messages. It ends when its supervisor does. */
export class WorkerProcess {
  readonly #child: ChildProcess
  readonly #settings: WorkerSettings
  #listener: WorkerListener | null = null
  #isReady = false
  #end: string | null = null

  constructor(settings: WorkerSettings) {
    this.#settings = settings
    this.#child = fork(settings.main, {
      execArgv: ['--disable-proto=throw', `--max-old-space-size=${settings.heapMb}`],
      env: { ...process.env, MILLRACE_EXECUTOR_ID: settings.executor },
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    this.#child.on('message', (message) => {
      this.#isReady = true
      this.#listener?.told(message as FromWorker)
    })
    // A process that could not be started or spoken to is killed, and its end told below.
    this.#child.on('error', () => this.kill())
    this.#child.once('exit', (code, signal) => this.#ended(code, signal))
  }

  /** Its process id; undefined where it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid
  }

  /** True until it has ended. */
  get alive(): boolean {
    return this.#end === null
  }

  /** True once it has said something: it has loaded everything. */
  get isReady(): boolean {
    return this.#isReady
  }

  /** Says who hears of it from now on. Of its end also where that was before. */
  listen(listener: WorkerListener): void {
    this.#listener = listener
    if (this.#end !== null) listener.ended(this.#end)
  }

  /** Says something; nothing happens where it has ended. */
  send(message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message, () => {})
  }

  /** Lets it close its connections and end. */
  close(): void {
    if (this.#child.connected) this.#child.disconnect()
  }

  /** SIGKILL. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }

  #ended(code: number | null, signal: NodeJS.Signals | null): void {
    this.#end = this.#wordsFor(code, signal)
    this.#listener?.ended(this.#end)
  }

  /** V8 aborts the process when its heap is full. */
  #wordsFor(code: number | null, signal: NodeJS.Signals | null): string {
    if (signal === 'SIGABRT' || code === 134)
      return `it needed more memory than its ${this.#settings.heapMb} MB`
    return signal === null ? `exit code ${code}` : `signal ${signal}`
  }
}
