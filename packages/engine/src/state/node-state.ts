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
  /** Undefined: there is no such row. */
  row: Row | undefined
  timer: number | undefined
  /** Changed since the last commit. */
  dirty: boolean
  /** Committed deletions of which readers outside memory may not know yet. */
  deletions: number
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
  /** Names that were fetched and do not exist. */
  readonly #absent: string[] = []
  /** Names of rows that wait for the next tick, in the order in which they asked. */
  readonly #woken = new Set<string>()
  readonly #timers = new TimerQueue((timer) => this.#mayBeSet(timer))

  constructor(options: NodeStateOptions) {
    this.#prefix = stateKeyPrefix(options.nodeId, options.birth)
    this.#codec = options.codec
    this.#fetchRows = options.fetchRows
  }

  /** True when every row that exists is in memory, so that nothing has to be fetched. */
  get complete(): boolean {
    return this.#fetchRows === null
  }

  /** Rows in memory, those included that are known not to exist. */
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
    const isNew = timer !== undefined && timer !== entry.timer
    entry.row = row
    entry.timer = timer
    if (isNew) this.#timers.add({ time: timer, name })
  }

  delete(key: string, subKey: string): void {
    const entry = this.#change(rowName(key, subKey))
    entry.row = undefined
    entry.timer = undefined
  }

  wake(key: string, subKey: string): void {
    this.#woken.add(rowName(key, subKey))
  }

  /** Takes the names of the rows that wait for a tick. */
  takeWoken(): string[] {
    const names = [...this.#woken]
    this.#woken.clear()
    return names
  }

  /** Brings the named rows (see `rowName`) into memory. */
  async fetch(names: Iterable<string>): Promise<void> {
    if (this.#fetchRows === null) return
    const wanted = new Set(names)
    const missing = [...wanted].filter((name) => !this.#entries.has(name))
    if (missing.length === 0) return
    const values = await this.#fetchRows(missing.map((name) => this.#prefix + name))
    missing.forEach((name, i) => {
      this.restore(name, values[i] ?? null, false)
    })
    // Deleted rows may have been forgotten while this one waited.
    for (const name of wanted) if (!this.#entries.has(name)) this.restore(name, null, false)
  }

  /** Puts a row as it stands in the changelog or its copy; `withTimer` queues its timer too. */
  restore(name: string, value: Uint8Array | null, withTimer: boolean): void {
    const { row, timer } =
      value === null ? { row: undefined, timer: undefined } : decodeStateRow(value, this.#codec)
    if (row === undefined && this.complete) this.#entries.delete(name)
    else this.#entries.set(name, { row, timer, dirty: false, deletions: 0 })
    if (row === undefined && !this.complete) this.#absent.push(name)
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

  /** True where at least `count` timers are due at this watermark. */
  hasDue(watermark: number, count: number): boolean {
    return this.#timers.size >= count && this.#timers.due(watermark, count).length === count
  }

  /** The watermark at which `count` timers are due; infinity where there are fewer. */
  timeOfTimer(count: number): number {
    if (this.#timers.size < count) return Number.POSITIVE_INFINITY
    return (this.#timers.due(Number.POSITIVE_INFINITY, count).at(-1) as Timer).time
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

  /** The timer of a row in memory. */
  timerOf(name: string): number | undefined {
    return this.#entries.get(name)?.timer
  }

  /** The rows that changed since the last call, encoded now: later changes belong to the next commit. */
  takeChanges(): StateChange[] {
    const changes = this.#dirty.map((name) => this.#encode(name))
    this.#dirty.length = 0
    return changes
  }

  /** Lets go of a deleted row, once readers outside memory know of this deletion; to be called for each in turn. */
  forget(name: string): void {
    const entry = this.#entries.get(name)
    if (entry === undefined) return
    entry.deletions = Math.max(0, entry.deletions - 1)
    this.#dropIfGone(name, entry)
  }

  /** Lets go of the rows that were fetched for nothing: there are none. */
  settle(): void {
    for (const name of this.#absent) {
      const entry = this.#entries.get(name)
      if (entry !== undefined) this.#dropIfGone(name, entry)
    }
    this.#absent.length = 0
  }

  #dropIfGone(name: string, { row, dirty, deletions }: Entry): void {
    if (row === undefined && !dirty && deletions === 0) this.#entries.delete(name)
  }

  #encode(name: string): StateChange {
    const entry = this.#entries.get(name) as Entry
    const { row, timer } = entry
    entry.dirty = false
    const stateKey = this.#prefix + name
    if (row !== undefined) return { stateKey, value: encodeStateRow({ row, timer }, this.#codec), timer }
    if (this.complete) this.#entries.delete(name)
    else entry.deletions++
    return { stateKey, value: null, timer: undefined }
  }

  /** Of a row outside memory the timer is taken for set. */
  #mayBeSet({ time, name }: Timer): boolean {
    const entry = this.#entries.get(name)
    return entry === undefined ? !this.complete : entry.row !== undefined && entry.timer === time
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
      entry = { row: undefined, timer: undefined, dirty: false, deletions: 0 }
      this.#entries.set(name, entry)
    }
    if (!entry.dirty) this.#dirty.push(name)
    entry.dirty = true
    return entry
  }
}
