import { setTimeout as sleep } from 'node:timers/promises'
import { type MetricBatch, redisKeys } from '@millrace/contracts'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { DriftBoard } from './drift-board.ts'

/** Less than the time-out of a command. */
const BLOCK_MS = 1_000
const PAUSE_MS = 1_000
const BATCH = 500

/** Reads the metric frames of all executors for the board, as long as somebody asks it. */
export class FrameReader {
  readonly #redis: Redis
  readonly #board: DriftBoard
  readonly #log: Logger
  readonly #closing = new AbortController()

  /** `redis` is a connection of its own: reading waits. */
  constructor(redis: Redis, board: DriftBoard, log: Logger) {
    this.#redis = redis
    this.#board = board
    this.#log = log
  }

  /** Begins to read. */
  start(): void {
    void this.#read()
  }

  /** Stops reading, and closes the connection. */
  close(): void {
    this.#closing.abort()
    this.#redis.disconnect()
  }

  async #read(): Promise<void> {
    let last = '$'
    while (!this.#closing.signal.aborted) {
      try {
        if (this.#board.isWanted) last = await this.#readBehind(last)
        else {
          last = '$'
          await this.#pause()
        }
      } catch (error) {
        this.#log.debug({ err: error }, 'metric frames cannot be read now')
        await this.#pause()
      }
    }
  }

  async #readBehind(last: string): Promise<string> {
    const found = await this.#redis.xread(
      'COUNT',
      BATCH,
      'BLOCK',
      BLOCK_MS,
      'STREAMS',
      redisKeys.metrics,
      last,
    )
    const entries = found?.[0]?.[1] ?? []
    for (const [, fields] of entries) {
      const text = fields?.[(fields?.indexOf('batch') ?? -1) + 1]
      if (text !== undefined) this.#board.note(JSON.parse(text) as MetricBatch)
    }
    return entries.at(-1)?.[0] ?? last
  }

  #pause(): Promise<void> {
    return sleep(PAUSE_MS, undefined, { signal: this.#closing.signal }).catch(() => {})
  }
}
