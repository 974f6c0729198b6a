import type { Row } from '@millrace/expr'
import type { RowCodec } from '../codec/row-codec.ts'
import { decodeStateRow, encodeStateRow } from '../codec/state-codec.ts'
import type { KeyedState } from '../operator.ts'
import { rowName, stateKeyPrefix } from './state-key.ts'
import { type Timer, TimerQueue } from './timer-queue.ts'

/** Fetches rows that are not in memory, by full state key; null where there is no such row. */
export type FetchRows = (stateKeys: readonly string[]) => Promise<readonly (Uint8Array | null)[]>

/** A row that changed since the last commit; a null value is a deletion. */
export interface StateChange {
  readonly stateKey: string
  readonly value: Uint8Array | null
  readonly timer: number | undefined
}

interface Entry {
  row: Row | undefined
  timer: number | undefined
  dirty: boolean
}

/** What a node's state is made with. */
export interface NodeStateOptions {
  readonly nodeId: string
  readonly birth: number
  readonly codec: RowCodec
  /** Null: every row that exists is in memory. */
  readonly fetchRows: FetchRows | null
}

/**
 * The working set of one node's keyed state in one task. Where not every row is in memory, `fetch` must have run for
 * the rows of a batch before they are asked for.
 */
export class NodeState implements KeyedState {
  readonly #prefix: string
  readonly #codec: RowCodec
  readonly #fetchRows: FetchRows | null
  readonly #entries = new Map<string, Entry>()
  readonly #dirty: string[] = []
  readonly #timers = new TimerQueue()

  constructor(options: NodeStateOptions) {
    this.#prefix = stateKeyPrefix(options.nodeId, options.birth)
    this.#codec = options.codec
    this.#fetchRows = options.fetchRows
  }

  /** True when every row that exists is in memory, so that nothing has to be fetched. */
  get complete(): boolean {
    return this.#fetchRows === null
  }

  /** Rows in memory. */
  get size(): number {
    return this.#entries.size
  }

  /** Time of the earliest timer (possibly one no longer set); infinity when there is none. */
  get nextTimer(): number {
    return this.#timers.nextTime
  }

  get(key: string, subKey: string): Row | undefined {
    return this.#known(rowName(key, subKey))?.row
  }

  put(key: string, subKey: string, row: Row, timer?: number): void {
    const name = rowName(key, subKey)
    const entry = this.#change(name)
    entry.row = row
    if (timer !== undefined && timer !== entry.timer) this.#timers.add({ time: timer, name })
    entry.timer = timer
  }

  delete(key: string, subKey: string): void {
    const entry = this.#change(rowName(key, subKey))
    entry.row = undefined
    entry.timer = undefined
  }

  /** Brings the named rows (see `rowName`) into memory. */
  async fetch(names: Iterable<string>): Promise<void> {
    const missing = [...new Set(names)].filter((name) => !this.#entries.has(name))
    if (this.#fetchRows === null || missing.length === 0) return
    const values = await this.#fetchRows(missing.map((name) => this.#prefix + name))
    missing.forEach((name, i) => {
      this.restore(name, values[i] ?? null, false)
    })
  }

  /** Puts a row as it stands in the changelog or its copy; `withTimer` queues its timer too. */
  restore(name: string, value: Uint8Array | null, withTimer: boolean): void {
    const { row, timer } =
      value === null ? { row: undefined, timer: undefined } : decodeStateRow(value, this.#codec)
    if (row === undefined && this.complete) this.#entries.delete(name)
    else this.#entries.set(name, { row, timer, dirty: false })
    if (withTimer && timer !== undefined) this.#timers.add({ time: timer, name })
  }

  /** Queues a timer whose row may be outside memory. */
  restoreTimer(timer: Timer): void {
    this.#timers.add(timer)
  }

  /** Names of the rows whose timers are due at this watermark, earliest first; at most `limit`. */
  dueNames(watermark: number, limit: number): string[] {
    return this.#timers.due(watermark, limit).map((timer) => timer.name)
  }

  /** Takes the earliest timer that is due and still set, with its row; undefined when there is none. */
  takeDue(watermark: number): { time: number; name: string; row: Row } | undefined {
    while (this.#timers.nextTime <= watermark) {
      const { time, name } = this.#timers.take() as Timer
      const entry = this.#known(name)
      if (entry?.row !== undefined && entry.timer === time) return { time, name, row: entry.row }
    }
    return undefined
  }

  /** The rows that changed since the last call, encoded now: later changes belong to the next commit. */
  takeChanges(): StateChange[] {
    const changes = this.#dirty.map((name) => this.#encode(name))
    this.#dirty.length = 0
    return changes
  }

  /** Lets go of a deleted row, once readers outside memory know that it is gone. */
  forget(name: string): void {
    const entry = this.#entries.get(name)
    if (entry !== undefined && entry.row === undefined && !entry.dirty) this.#entries.delete(name)
  }

  #encode(name: string): StateChange {
    const entry = this.#entries.get(name) as Entry
    entry.dirty = false
    const stateKey = this.#prefix + name
    if (entry.row === undefined) {
      if (this.complete) this.#entries.delete(name)
      return { stateKey, value: null, timer: undefined }
    }
    return {
      stateKey,
      value: encodeStateRow({ row: entry.row, timer: entry.timer }, this.#codec),
      timer: entry.timer,
    }
  }

  #known(name: string): Entry | undefined {
    const entry = this.#entries.get(name)
    if (entry === undefined && !this.complete)
      throw new Error(`state row ${this.#prefix}${name} was not fetched`)
    return entry
  }

  #change(name: string): Entry {
    let entry = this.#entries.get(name)
    if (entry === undefined) {
      entry = { row: undefined, timer: undefined, dirty: false }
      this.#entries.set(name, entry)
    }
    if (!entry.dirty) this.#dirty.push(name)
    entry.dirty = true
    return entry
  }
}
