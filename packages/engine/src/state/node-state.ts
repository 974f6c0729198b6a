import type { Row } from '@millrace/expr'
import type { RowCodec } from '../codec/row-codec.ts'
import { decodeStateRow, encodeStateRow } from '../codec/state-codec.ts'
import type { KeyedState, RangeOptions, SubRow } from '../operator.ts'
import { LastRow } from './last-row.ts'
import {
  type DueRowTimer,
  MAX_ROW_BYTES,
  type NodeStateOptions,
  type RefusedRow,
} from './node-state-options.ts'
import { NodeTimers } from './node-timers.ts'
import { OrderedRows, WHOLE } from './ordered-rows.ts'
import type { KeyRange, OutsideState, StateChange, StateKeyRange, StoredRow } from './outside-rows.ts'
import { bytesInMemory, newEntry, type StateEntry } from './state-entry.ts'
import { prefixOfName, rowName, rowPrefix, splitRowName, stateKeyPrefix } from './state-key.ts'
import type { Timer } from './timer-queue.ts'

/** Eviction stops this far below the limit, so that it need not come again at once. */
const EVICTED_TO = 0.9
/** Rows that eviction looks at in one go. */
const LOOKS = 20_000
/** The part of the limit that timers may take; they go down to half of it at once. */
const TIMER_SHARE = 0.25

type Rows = OrderedRows<StateEntry>

const NO_ROWS: readonly SubRow[] = []

/**
 * The working set of one node's keyed state in one task. Where not every row is in memory, `fetch` must have run for
 * the rows of a batch before they are asked for. Rows that readers outside memory know leave it when it becomes too
 * large, those first that were not used for long (the clock algorithm: Corbató, "A paging experiment with the Multics
 * system", 1968).
 */
export class NodeState implements KeyedState {
  readonly #prefix: string
  readonly #codec: RowCodec
  readonly #outside: OutsideState | null
  readonly #refuse: ((refused: RefusedRow) => void) | undefined
  readonly #entries = new Map<string, StateEntry>()
  /** Where sub-keys are open: by prefix of the key. */
  readonly #ordered: Map<string, Rows> | null
  /** Keys of which a range was fetched, or whose last row went, since the last `settle`. */
  readonly #looseEnds = new Set<Rows>()
  /** From a `fetch` to the next `settle`, in which nothing may leave. */
  #fetching = false
  #complete: boolean
  /** Rows will leave once the deletions of all commits up to this one are known outside; null: not planned. */
  #openAfter: number | null = null
  readonly #dirty: StateEntry[] = []
  /** Rows that were deleted, by the commit that told of it, in order. */
  readonly #deleted: { readonly entry: StateEntry; readonly commit: number }[] = []
  /** Calls of `takeChanges`. */
  #commits = 0
  /** Of those, the last one of which readers outside memory know everything. */
  #acknowledged = 0
  #bytes = 0
  #limit = Number.POSITIVE_INFINITY
  #evicting: Iterator<string> | null = null
  /** Rows that were fetched and do not exist. */
  readonly #absent: StateEntry[] = []
  readonly #last = new LastRow()
  /** Names of rows that wait for the next tick, in the order in which they asked. */
  readonly #woken = new Set<string>()
  readonly #timers: NodeTimers

  constructor(options: NodeStateOptions) {
    const { nodeId, outside, complete } = options
    this.#prefix = stateKeyPrefix(nodeId, options.birth)
    this.#codec = options.codec
    this.#refuse = options.refuse
    this.#outside = outside
    this.#complete = complete
    this.#timers = new NodeTimers({
      ...{ nodeId, complete, prefix: this.#prefix, fetchTimers: outside?.timers ?? null },
      mayBeSet: (timer) => this.#mayBeSet(timer),
    })
    this.#ordered = options.openSubKeys ? new Map() : null
  }

  /** True when every row that exists is in memory, so that nothing has to be fetched. */
  get complete(): boolean {
    return this.#complete
  }

  /** Rows in memory, those included that are known not to exist. */
  get size(): number {
    return this.#entries.size
  }

  /** About what rows and timers in memory take. */
  get bytes(): number {
    return this.#bytes + this.#timers.bytes
  }

  /** No timer is earlier, wherever it stands; infinity when there is none. */
  get nextTimer(): number {
    return this.#timers.nextTime
  }

  get(key: string, subKey: string): Row | undefined {
    return this.#known(this.#nameOf(key, subKey))?.row
  }

  put(key: string, subKey: string, row: Row, timer?: number): void {
    const name = this.#nameOf(key, subKey)
    const entry = this.#change(name)
    const isNew = timer !== undefined && timer !== entry.timer
    if (entry.row === undefined && this.#ordered !== null) order(entry, this.#orderedNow())
    entry.row = row
    entry.timer = timer
    if (isNew) this.#timers.add({ time: timer, name, entry }, this.#commits + 1)
  }

  delete(key: string, subKey: string): void {
    const entry = this.#change(this.#nameOf(key, subKey))
    if (entry.row !== undefined) this.#unorder(entry)
    entry.row = undefined
    entry.timer = undefined
  }

  range(key: string, { from = '', to, ...options }: RangeOptions = {}): readonly SubRow[] {
    if (this.#ordered === null) throw new Error(`the state rows ${this.#prefix} are not kept in order`)
    const prefix = this.#prefixOf(key)
    const rows = this.#findOrdered()
    if (rows === undefined && this.complete) return NO_ROWS
    const span = { from, to: to ?? null }
    if (!this.complete && (rows === undefined || rows.uncovered(span).length > 0))
      throw new Error(`state rows ${this.#prefix}${prefix} from "${from}" to "${to ?? ''}" were not fetched`)
    if (rows === undefined) return NO_ROWS
    rows.used = true
    return rows
      .within(span, options)
      .map(({ name, row }) => ({ subKey: name.slice(prefix.length), row: row as Row }))
  }

  wake(key: string, subKey: string): void {
    this.#woken.add(rowName(key, subKey))
  }

  /** How many rows wait for a tick. */
  get woken(): number {
    return this.#woken.size
  }

  /** Takes the names of the rows that wait for a tick. */
  takeWoken(): string[] {
    const names = [...this.#woken]
    this.#woken.clear()
    return names
  }

  /** Brings the named rows (see `rowName`) into memory, and those of ranges. */
  async fetch(names: Iterable<string>, ranges: Iterable<KeyRange> = []): Promise<void> {
    if (this.#outside === null || this.complete) return
    const missing = [...new Set(names)].filter((name) => !this.#entries.has(name) && !this.#covers(name))
    const spans = this.#missingSpans(ranges)
    if (missing.length + spans.length === 0) return
    // A row that is deleted here may be deleted there while this waits; what was read before must not bring it back.
    this.#fetching = true
    const { values, ranges: found } = await this.#outside.rows({
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

  /** Puts a row as it stands in the changelog or its copy; `withTimer` where its timer may not be in memory yet. */
  restore(name: string, value: Uint8Array | null, withTimer: boolean): void {
    const { row, timer } =
      value === null ? { row: undefined, timer: undefined } : decodeStateRow(value, this.#codec)
    const before = this.#entries.get(name)
    if (before !== undefined) {
      if (before.row !== undefined) this.#unorder(before)
      this.#remove(before)
    }
    const entry = row !== undefined || !this.complete ? this.#add(name) : null
    if (entry !== null) {
      entry.row = row
      entry.timer = timer
      this.#measure(entry, value?.length ?? 0)
      if (row === undefined) this.#absent.push(entry)
      else if (this.#ordered !== null) order(entry, this.#orderedBy(prefixOfName(name)))
    }
    if (withTimer && timer !== undefined) this.#timers.restore({ time: timer, name, entry })
  }

  /** Brings the earliest timers into memory that are due at this watermark: all, or the first `count` of them. */
  async fetchTimers(watermark: number, count: number): Promise<void> {
    await this.#timers.bring(watermark, count)
  }

  /** Names of the rows whose timers are in memory and due at this watermark, earliest first; at most `limit`. */
  dueNames(watermark: number, limit: number): string[] {
    return this.#timers.due(watermark, limit).map((timer) => timer.name)
  }

  /** True where `count` timers are due at this watermark, or may be. */
  mayHaveDue(watermark: number, count: number): boolean {
    return this.#timers.mayHaveDue(watermark, count)
  }

  /** A watermark at which `count` timers may be due, and below which fewer are; infinity where there are fewer at all. */
  timeOfTimer(count: number): number {
    return this.#timers.timeOf(count)
  }

  /**
   * Takes the earliest timer in memory that is due, with its row; null where the row has it no more, undefined when there
   * is none.
   */
  takeDue(watermark: number): DueRowTimer | null | undefined {
    const timer = this.#timers.take(watermark)
    if (timer === undefined) return undefined
    const { time, name } = timer
    const entry = this.#entryOf(timer) ?? this.#known(name)
    if (entry?.row === undefined || entry.timer !== time) return null
    entry.used = true
    const { key, subKey } = splitRowName(name)
    this.#last.set(key, subKey, name, entry)
    return { time, name, key, subKey, row: entry.row }
  }

  /** The timer of a row in memory. */
  timerOf(name: string): number | undefined {
    return this.#find(name)?.timer
  }

  /**
   * The rows that changed since the last call, encoded now: later changes belong to the next commit. A row that is too
   * large is told of and deleted.
   */
  takeChanges(): StateChange[] {
    this.#commits++
    const changes = this.#dirty.map((entry) => this.#encode(entry))
    this.#dirty.length = 0
    return changes
  }

  /** Readers outside memory know of all changes up to this call of `takeChanges`, counted from 1. */
  acknowledge(commit: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, commit)
    this.#timers.acknowledge(commit)
    if (!this.#fetching) this.#dropDeleted()
  }

  /** About how many bytes rows and timers may take in memory: what is more leaves at the next `settle`, as far as it may. */
  limit(bytes: number): void {
    this.#limit = bytes
  }

  /** Lets go of what is no longer needed: rows that do not exist, keys without rows, rows over the limit. */
  settle(): void {
    for (const entry of this.#absent) this.#dropIfGone(entry)
    this.#absent.length = 0
    for (const rows of this.#looseEnds) if (rows.size === 0) this.#forgetOrdered(rows)
    this.#looseEnds.clear()
    this.#fetching = false
    this.#dropDeleted()
    if (this.bytes > this.#limit && this.#outside !== null) this.#evict()
  }

  #dropDeleted(): void {
    const known = this.#deleted.findIndex(({ commit }) => commit > this.#acknowledged)
    for (const { entry } of this.#deleted.splice(0, known < 0 ? this.#deleted.length : known))
      this.#dropIfGone(entry)
  }

  #evict(): void {
    if (this.#complete && !this.#opens()) return
    const timerLimit = this.#limit * TIMER_SHARE
    if (this.#timers.bytes > timerLimit) this.#timers.shrink(timerLimit / 2, (timer) => this.#commitOf(timer))
    const least = this.#limit * EVICTED_TO
    const going = this.#ordered ?? this.#entries
    const looks = Math.min(LOOKS, 2 * this.#entries.size + 2)
    for (let looked = 0; this.bytes > least && looked < looks; ) {
      let next = this.#evicting?.next()
      if (next === undefined || next.done) {
        this.#evicting = going.keys()
        next = this.#evicting.next()
      }
      if (next.done) return
      looked += this.#ordered === null ? this.#evictRow(next.value) : this.#evictKey(next.value)
    }
  }

  /**
   * From now on rows may be outside memory; false where deletions that were forgotten here are not known there yet: from
   * the first call on none is forgotten.
   */
  #opens(): boolean {
    this.#openAfter ??= this.#commits
    if (this.#acknowledged < this.#openAfter) return false
    this.#complete = false
    for (const rows of this.#ordered?.values() ?? []) rows.cover(WHOLE)
    return true
  }

  #evictRow(name: string): number {
    const entry = this.#entries.get(name) as StateEntry
    if (this.#mayLeave(entry)) this.#remove(entry)
    return 1
  }

  /** Rows of a key that are read by range leave together. */
  #evictKey(prefix: string): number {
    const rows = this.#ordered?.get(prefix) as Rows
    const entries = rows.within(WHOLE)
    const mayLeave = entries.map((entry) => this.#mayLeave(entry)).every(Boolean)
    if (mayLeave && !rows.used) {
      for (const entry of entries) this.#remove(entry)
      this.#forgetOrdered(rows)
    }
    rows.used = false
    return entries.length + 1
  }

  /** Also notes that eviction has come by. */
  #mayLeave(entry: StateEntry): boolean {
    const { row, dirty, commit, used } = entry
    entry.used = false
    return row !== undefined && !used && !dirty && commit <= this.#acknowledged
  }

  #orderedBy(prefix: string): Rows {
    const ordered = this.#ordered as Map<string, Rows>
    let rows = ordered.get(prefix)
    if (rows === undefined) {
      rows = new OrderedRows(prefix)
      ordered.set(prefix, rows)
      this.#last.ordered = null
    }
    return rows
  }

  /** The rows of the key that was asked for last. */
  #orderedNow(): Rows {
    const rows = this.#last.ordered ?? this.#orderedBy(this.#last.prefix)
    this.#last.ordered = rows
    return rows
  }

  #findOrdered(): Rows | undefined {
    const last = this.#last
    if (last.ordered === null) last.ordered = this.#ordered?.get(last.prefix)
    return last.ordered
  }

  #forgetOrdered(rows: Rows): void {
    this.#ordered?.delete(rows.prefix)
    this.#last.ordered = null
  }

  #unorder(entry: StateEntry): void {
    const { ordered } = entry
    if (ordered === null) return
    ordered.remove(entry)
    entry.ordered = null
    if (ordered.size === 0) this.#looseEnds.add(ordered)
  }

  #nameOf(key: string, subKey: string): string {
    return this.#last.nameOf(key, subKey)
  }

  #prefixOf(key: string): string {
    return this.#last.prefixOf(key)
  }

  #covers(name: string): boolean {
    return this.#ordered?.get(prefixOfName(name))?.covers(name) ?? false
  }

  /** What of the ranges may be outside memory, each part once, however many records ask for it. */
  #missingSpans(ranges: Iterable<KeyRange>): StateKeyRange[] {
    const wanted = new Map<string, OrderedRows<StateEntry>>()
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
    const rows = this.#orderedBy(prefix)
    rows.cover(from === '' && to === null ? WHOLE : { from, to })
    this.#looseEnds.add(rows)
  }

  #dropIfGone(entry: StateEntry): void {
    if (entry.isGone || entry.row !== undefined || entry.dirty) return
    if (entry.commit <= this.#acknowledged) this.#remove(entry)
  }

  #add(name: string): StateEntry {
    const entry = newEntry(name)
    this.#entries.set(name, entry)
    this.#last.entry = null
    this.#measure(entry, 0)
    return entry
  }

  #remove(entry: StateEntry): void {
    this.#bytes -= entry.bytes
    this.#entries.delete(entry.name)
    this.#last.entry = null
    entry.isGone = true
  }

  #measure(entry: StateEntry, encoded: number): void {
    const bytes = bytesInMemory(entry.name, encoded)
    this.#bytes += bytes - entry.bytes
    entry.bytes = bytes
  }

  #encode(entry: StateEntry): StateChange {
    const { name, row, timer } = entry
    entry.dirty = false
    entry.commit = this.#commits
    const stateKey = this.#prefix + name
    if (row !== undefined) {
      const value = encodeStateRow({ row, timer }, this.#codec)
      if (value.length <= MAX_ROW_BYTES) {
        this.#measure(entry, value.length)
        return { stateKey, value, timer }
      }
      this.#giveUp(entry, value.length)
    }
    if (this.#complete && this.#openAfter === null) this.#remove(entry)
    else this.#deleted.push({ entry, commit: this.#commits })
    return { stateKey, value: null, timer: undefined }
  }

  #giveUp(entry: StateEntry, bytes: number): void {
    this.#refuse?.({ key: splitRowName(entry.name).key, row: entry.row as Row, bytes })
    this.#unorder(entry)
    entry.row = undefined
    entry.timer = undefined
  }

  /** Of a row outside memory the timer is taken for set. */
  #mayBeSet(timer: Timer): boolean {
    const entry = this.#entryOf(timer)
    return entry === undefined ? !this.complete : entry.row !== undefined && entry.timer === timer.time
  }

  /** The commit that tells of a timer; 0: it is known outside, or no longer set. */
  #commitOf(timer: Timer): number {
    const entry = this.#entryOf(timer)
    if (entry === undefined) return 0
    return entry.dirty ? this.#commits + 1 : entry.commit
  }

  /** What is in memory of the row of a timer: nearly always what was there when the timer came. */
  #entryOf({ name, entry }: Timer): StateEntry | undefined {
    return entry?.isGone === false ? entry : this.#entries.get(name)
  }

  /** A row in memory: a record mostly asks for the same one several times. */
  #find(name: string): StateEntry | undefined {
    const last = this.#last
    if (name !== last.name) return this.#entries.get(name)
    if (last.entry === null) last.entry = this.#entries.get(name)
    return last.entry
  }

  #known(name: string): StateEntry | undefined {
    const entry = this.#find(name)
    if (entry === undefined && !this.complete && !this.#covers(name))
      throw new Error(`state row ${this.#prefix}${name} was not fetched`)
    if (entry !== undefined) entry.used = true
    return entry
  }

  #change(name: string): StateEntry {
    const entry = this.#find(name) ?? this.#add(name)
    if (!entry.dirty) this.#dirty.push(entry)
    entry.dirty = true
    entry.used = true
    return entry
  }
}

function order(entry: StateEntry, rows: Rows): void {
  rows.add(entry)
  entry.ordered = rows
}
