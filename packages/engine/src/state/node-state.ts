import type { Row } from '@millrace/expr'
import type { RowCodec } from '../codec/row-codec.ts'
import { decodeStateRow, encodeStateRow } from '../codec/state-codec.ts'
import type { KeyedState, RangeOptions, SubRow } from '../operator.ts'
import { OrderedRows, type Span, WHOLE } from './ordered-rows.ts'
import { prefixOfName, rowName, rowPrefix, stateKeyPrefix } from './state-key.ts'
import { type Timer, TimerQueue } from './timer-queue.ts'

/** Rows outside memory that are needed. */
export interface RowRequest {
  /** Full state keys of single rows. */
  readonly keys: readonly string[]
  readonly ranges: readonly StateKeyRange[]
}

/** State keys that begin with `prefix`, from `prefix + from` on and below `prefix + to`; null: up to the last. */
export interface StateKeyRange extends Span {
  readonly prefix: string
}

/** What was asked for, in the same order. */
export interface RowReply {
  /** Null where there is no such row. */
  readonly values: readonly (Uint8Array | null)[]
  /** The rows of each range, in any order. */
  readonly ranges: readonly (readonly StoredRow[])[]
}

/** A row as it stands outside memory. */
export interface StoredRow {
  readonly stateKey: string
  readonly value: Uint8Array
}

/** Fetches rows that are not in memory. */
export type FetchRows = (request: RowRequest) => Promise<RowReply>

/** Asks for rows of a key, see `NodeState.fetch`. */
export interface KeyRange extends Span {
  readonly key: string
}

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
  /** Rows of a key can be read by range. */
  readonly openSubKeys: boolean
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
  /** Where sub-keys are open: by prefix of the key. */
  readonly #ordered: Map<string, OrderedRows> | null
  /** Prefixes of keys of which a range was fetched, or whose last row went, since the last `settle`. */
  readonly #looseEnds = new Set<string>()
  /** From a `fetch` to the next `settle`: what was forgotten in between, to be let go of then. */
  #fetching = false
  readonly #forgotten: string[] = []
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
    this.#ordered = options.openSubKeys ? new Map() : null
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
    if (entry.row === undefined) this.#orderedOf(name)?.add(name)
    entry.row = row
    entry.timer = timer
    if (isNew) this.#timers.add({ time: timer, name })
  }

  delete(key: string, subKey: string): void {
    const name = rowName(key, subKey)
    const entry = this.#change(name)
    if (entry.row !== undefined) this.#unorder(name)
    entry.row = undefined
    entry.timer = undefined
  }

  range(key: string, { from = '', to, ...options }: RangeOptions = {}): readonly SubRow[] {
    if (this.#ordered === null) throw new Error(`the state rows ${this.#prefix} are not kept in order`)
    const prefix = rowPrefix(key)
    const span = { from, to: to ?? null }
    const rows = this.#ordered.get(prefix)
    if (!this.complete && (rows === undefined || rows.uncovered(span).length > 0))
      throw new Error(`state rows ${this.#prefix}${prefix} from "${from}" to "${to ?? ''}" were not fetched`)
    const names = rows?.within(span, options) ?? []
    return names.map((name) => ({
      subKey: name.slice(prefix.length),
      row: this.#entries.get(name)?.row as Row,
    }))
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

  /** Brings the named rows (see `rowName`) into memory, and those of ranges. */
  async fetch(names: Iterable<string>, ranges: Iterable<KeyRange> = []): Promise<void> {
    if (this.#fetchRows === null) return
    const missing = [...new Set(names)].filter((name) => !this.#entries.has(name) && !this.#covers(name))
    const spans = this.#missingSpans(ranges)
    if (missing.length + spans.length === 0) return
    // A row that is deleted here may be deleted there while this waits; what was read before must not bring it back.
    this.#fetching = true
    const { values, ranges: found } = await this.#fetchRows({
      keys: missing.map((name) => this.#prefix + name),
      ranges: spans.map(({ prefix, from, to }) => ({ prefix: this.#prefix + prefix, from, to })),
    })
    missing.forEach((name, i) => {
      if (!this.#entries.has(name)) this.restore(name, values[i] ?? null, false)
    })
    spans.forEach((span, i) => {
      this.#take(span, found[i] ?? [])
    })
  }

  /** Puts a row as it stands in the changelog or its copy; `withTimer` queues its timer too. */
  restore(name: string, value: Uint8Array | null, withTimer: boolean): void {
    const { row, timer } =
      value === null ? { row: undefined, timer: undefined } : decodeStateRow(value, this.#codec)
    const before = this.#entries.get(name)?.row
    if (before === undefined && row !== undefined) this.#orderedOf(name)?.add(name)
    if (before !== undefined && row === undefined) this.#unorder(name)
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
    if (this.#fetching) {
      this.#forgotten.push(name)
      return
    }
    const entry = this.#entries.get(name)
    if (entry === undefined) return
    entry.deletions = Math.max(0, entry.deletions - 1)
    this.#dropIfGone(name, entry)
  }

  /** Lets go of what was fetched for nothing: rows that do not exist, keys without rows. */
  settle(): void {
    for (const name of this.#absent) {
      const entry = this.#entries.get(name)
      if (entry !== undefined) this.#dropIfGone(name, entry)
    }
    this.#absent.length = 0
    for (const prefix of this.#looseEnds)
      if (this.#ordered?.get(prefix)?.size === 0) this.#ordered.delete(prefix)
    this.#looseEnds.clear()
    this.#fetching = false
    for (const name of this.#forgotten.splice(0)) this.forget(name)
  }

  /** The rows of the name's key, where they are kept in order. */
  #orderedOf(name: string): OrderedRows | undefined {
    return this.#ordered === null ? undefined : this.#orderedBy(prefixOfName(name))
  }

  #orderedBy(prefix: string): OrderedRows {
    const ordered = this.#ordered as Map<string, OrderedRows>
    let rows = ordered.get(prefix)
    if (rows === undefined) {
      rows = new OrderedRows(prefix)
      ordered.set(prefix, rows)
    }
    return rows
  }

  #unorder(name: string): void {
    const rows = this.#orderedOf(name)
    if (rows === undefined) return
    rows.remove(name)
    if (rows.size === 0) this.#looseEnds.add(prefixOfName(name))
  }

  #covers(name: string): boolean {
    return this.#ordered?.get(prefixOfName(name))?.covers(name) ?? false
  }

  /** What of the ranges may be outside memory, each part once, however many records ask for it. */
  #missingSpans(ranges: Iterable<KeyRange>): StateKeyRange[] {
    const wanted = new Map<string, OrderedRows>()
    for (const { key, from, to } of ranges) {
      const prefix = rowPrefix(key)
      const spans = wanted.get(prefix) ?? new OrderedRows(prefix)
      spans.cover({ from, to })
      wanted.set(prefix, spans)
    }
    return [...wanted].flatMap(([prefix, { covered }]) => {
      const known = this.#ordered?.get(prefix)
      const missing = known === undefined ? covered : covered.flatMap((span) => known.uncovered(span))
      return missing.map(({ from, to }) => ({ prefix, from, to }))
    })
  }

  /** Takes the rows of a span; what is known here is newer. */
  #take({ prefix, from, to }: StateKeyRange, found: readonly StoredRow[]): void {
    for (const { stateKey, value } of found) {
      const name = stateKey.slice(this.#prefix.length)
      if (!this.#entries.has(name)) this.restore(name, value, false)
    }
    this.#orderedBy(prefix).cover(from === '' && to === null ? WHOLE : { from, to })
    this.#looseEnds.add(prefix)
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
    if (entry === undefined && !this.complete && !this.#covers(name))
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
