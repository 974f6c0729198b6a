import type { FastifyBaseLogger } from 'fastify'
import type { Redis } from 'ioredis'
import { messageOf } from '../errors.ts'

/** One entry of a stream. */
export interface StreamEntry {
  readonly id: string
  /** The text of the field that was asked for. */
  readonly text: string
}

/** What is read from a stream of Redis. */
export interface StreamSource {
  readonly stream: string
  readonly field: string
  /** How far back reading begins, ms; null: with all that is there. */
  readonly backMs: number | null
}

/** Less than the time-out of a command. */
const BLOCK_MS = 1_000
const BATCH = 500
const PAUSE_MS = 1_000

/**
 * Reads a stream of Redis until it is closed, also over outages. An emptied Redis counts its entries by the clock as
 * before, so the position stays good.
 */
export class StreamReader {
  readonly #redis: Redis
  readonly #source: StreamSource
  readonly #accept: (entries: readonly StreamEntry[]) => Promise<void> | void
  readonly #log: FastifyBaseLogger
  #isClosed: boolean
  #done: Promise<void>
  #wake: () => void

  constructor(
    redis: Redis,
    source: StreamSource,
    log: FastifyBaseLogger,
    accept: (entries: readonly StreamEntry[]) => Promise<void> | void,
  ) {
    this.#redis = redis
    this.#source = source
    this.#accept = accept
    this.#log = log
    this.#isClosed = false
    this.#done = Promise.resolve()
    this.#wake = () => undefined
  }

  /** Begins to read. */
  start(): void {
    this.#done = this.#read()
  }

  /** Stops reading; the connection is the caller's to close first. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#wake()
    await this.#done
  }

  async #read(): Promise<void> {
    const { stream } = this.#source
    let position: string | null = null
    while (!this.#isClosed) {
      try {
        position ??= await this.#begin()
        const entries = await this.#entriesAfter(position)
        if (entries.length > 0) await this.#accept(entries)
        position = entries.at(-1)?.id ?? position
      } catch (error) {
        if (this.#isClosed) return
        this.#log.debug({ stream, reason: messageOf(error) }, 'a stream cannot be read now')
        await this.#pause()
      }
    }
  }

  async #entriesAfter(position: string): Promise<StreamEntry[]> {
    const { stream, field } = this.#source
    const found = await this.#redis.xread('COUNT', BATCH, 'BLOCK', BLOCK_MS, 'STREAMS', stream, position)
    return (found?.[0]?.[1] ?? []).map(([id, fields]) => ({ id, text: textOf(fields ?? [], field) }))
  }

  /** Entries are named by the clock of Redis. */
  async #begin(): Promise<string> {
    const { backMs } = this.#source
    if (backMs === null) return '0'
    const [seconds] = await this.#redis.time()
    return `${Number(seconds) * 1_000 - backMs}-0`
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PAUSE_MS)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

function textOf(fields: readonly string[], name: string): string {
  const index = fields.indexOf(name)
  return index < 0 ? '' : (fields[index + 1] ?? '')
}
