import type { FastifyBaseLogger } from 'fastify'
import { messageOf } from './errors.ts'

/** Something that is done again and again until the app closes; a failure is logged once, until it works again. */
export class Loop {
  readonly #name: string
  readonly #intervalMs: number
  readonly #action: () => Promise<void>
  readonly #log: FastifyBaseLogger
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | null
  #isDue: boolean
  #isClosed: boolean
  #isFailing: boolean

  constructor(name: string, intervalMs: number, log: FastifyBaseLogger, action: () => Promise<void>) {
    this.#name = name
    this.#intervalMs = intervalMs
    this.#log = log
    this.#action = action
    this.#running = null
    this.#isDue = false
    this.#isClosed = false
    this.#isFailing = false
  }

  /** Does it now, or once more after the round under way. */
  kick(): void {
    if (this.#isClosed) return
    clearTimeout(this.#timer)
    if (this.#running !== null) {
      this.#isDue = true
      return
    }
    this.#running = this.#round().finally(() => this.#next())
  }

  /** Ends it, and waits for the round under way. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#running
  }

  #next(): void {
    this.#running = null
    if (this.#isClosed) return
    const delay = this.#isDue ? 0 : this.#intervalMs
    this.#isDue = false
    this.#timer = setTimeout(() => this.kick(), delay)
  }

  async #round(): Promise<void> {
    try {
      await this.#action()
      if (this.#isFailing) this.#log.info({ loop: this.#name }, 'it works again')
      this.#isFailing = false
    } catch (error) {
      if (!this.#isFailing)
        this.#log.warn({ loop: this.#name, reason: messageOf(error) }, 'it does not work now')
      this.#isFailing = true
    }
  }
}
