import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { FreshClone } from './fresh-clone.ts'

/** A step that `npm start` reports. */
export interface StartStep {
  readonly title: string
  readonly seconds: number
}

/** `npm start` in a clone, as a person in a terminal has it. */
export class NpmStart {
  readonly #child: ChildProcess
  readonly #began = performance.now()
  readonly #address: Promise<number>
  #output = ''

  constructor({ folder, env }: FreshClone) {
    this.#child = spawn('npm', ['start'], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, as a terminal gives a command: Ctrl-C reaches all of it.
      detached: true,
    })
    this.#address = new Promise((resolve, reject) => {
      for (const stream of [this.#child.stdout, this.#child.stderr]) {
        stream?.on('data', (data: Buffer) => {
          this.#output += String(data)
          if (/http:\/\/\S+/.test(this.#output)) resolve(this.elapsed)
        })
      }
      this.#child.once('exit', () => reject(this.#ended()))
    })
    this.#address.catch(() => {})
  }

  /** Seconds since it began. */
  get elapsed(): number {
    return (performance.now() - this.#began) / 1000
  }

  /** Throws what it printed where it has ended. */
  assertRuns(): void {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) throw this.#ended()
  }

  /** Seconds until it printed the address. Rejects where it ended before. */
  address(): Promise<number> {
    return this.#address
  }

  /** What it reported so far. The installation comes before the first step and is no step of its own. */
  get steps(): StartStep[] {
    const lines = this.#output.matchAll(/^✓ (.*) \(([\d.]+) s\)$/gm)
    return [...lines].map(([, title = '', seconds]) => ({ title, seconds: Number(seconds) }))
  }

  /** Ctrl-C; returns the seconds until it has ended. */
  async interrupt(): Promise<number> {
    const began = performance.now()
    const { pid, exitCode, signalCode } = this.#child
    if (pid === undefined || exitCode !== null || signalCode !== null) return 0
    process.kill(-pid, 'SIGINT')
    await once(this.#child, 'exit')
    return (performance.now() - began) / 1000
  }

  #ended(): Error {
    return new Error(`npm start has ended:\n${this.#output.slice(-3_000)}`)
  }
}
