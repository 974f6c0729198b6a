import type { Row } from '@millrace/expr'
import type { RowCodec } from '../codec/row-codec.ts'
import { decodeStateRow, encodeStateRow } from '../codec/state-codec.ts'
import type { KeyedState, RangeOptions, SubRow } from '../operator.ts'
import {
  type DueRowTimer,
  MAX_ROW_BYTES,
  type NodeStateOptions,
  type RefusedRow,
} from './node-state-options.ts'
import { NodeTimers } from './node-timers.ts'
import { OrderedRows, WHOLE } from './ordered-rows.ts'
import type { KeyRange, OutsideState, StateChange, StateKeyRange, StoredRow } from './outside-rows.ts'
import { prefixOfName, rowName, rowPrefix, splitRowName, stateKeyPrefix } from './state-key.ts'
import type { Timer } from './timer-queue.ts'

interface Entry {
  /** Undefined: there is no such row. */
  row: Row | undefined
  timer: number | undefined
  /** Changed since the last commit. */
  dirty: boolean
  /** The last call of `takeChanges` that told of the row; 0: none of this life. */
  commit: number
  /** Asked for or changed since eviction last came by. */
  used: boolean
  /** About what it takes in memory; a row that changed counts once it is encoded. */
  bytes: number
}

/** What a row takes beside its name and values: map entry, objects, arrays. */
const ENTRY_BYTES = 200
/** Values in memory against their encoding, about. */
const VALUE_FACTOR = 3
/** Eviction stops this far below the limit, so that it need not come again at once. */
const EVICTED_TO = 0.9
/** Rows that eviction looks at in one go. */
const LOOKS = 20_000
/** The part of the limit that timers may take; they go down to half of it at once. */
const TIMER_SHARE = 0.25

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
  readonly #entries = new Map<string, Entry>()
  /** Where sub-keys are open: by prefix of the key. */
  readonly #ordered: Map<string, OrderedRows> | null
  /** Prefixes of keys of which a range was fetched, or whose last row went, since the last `settle`. */
  readonly #looseEnds = new Set<string>()
  /** From a `fetch` to the next `settle`, in which nothing may leave. */
  #fetching = false
  #complete: boolean
  /** Rows will leave once the deletions of all commits up to this one are known outside; null: not planned. */
  #openAfter: number | null = null
  readonly #dirty: string[] = []
  /** Rows that were deleted, by the commit that told of it, in order. */
  readonly #deleted: { readonly name: string; readonly commit: number }[] = []
  /** Calls of `takeChanges`. */
  #commits = 0
  /** Of those, the last one of which readers outside memory know everything. */
  #acknowledged = 0
  #bytes = 0
  #limit = Number.POSITIVE_INFINITY
  #evicting: Iterator<string> | null = null
  /** Names that were fetched and do not exist. */
  readonly #absent: string[] = []
  /** The row that was asked for last. */
  readonly #last = { key: '', prefix: rowPrefix(''), subKey: '', name: rowPrefix('') }
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
    if (entry.row === undefined && this.#ordered !== null) this.#orderedBy(this.#last.prefix).add(name)
    entry.row = row
    entry.timer = timer
    if (isNew) this.#timers.add({ time: timer, name }, this.#commits + 1)
  }

  delete(key: string, subKey: string): void {
    const name = this.#nameOf(key, subKey)
    const entry = this.#change(name)
    if (entry.row !== undefined) this.#unorder(name, this.#last.prefix)
    entry.row = undefined
    entry.timer = undefined
  }

  range(key: string, { from = '', to, ...options }: RangeOptions = {}): readonly SubRow[] {
    if (this.#ordered === null) throw new Error(`the state rows ${this.#prefix} are not kept in order`)
    const prefix = this.#prefixOf(key)
    const rows = this.#ordered.get(prefix)
    if (rows === undefined && this.complete) return NO_ROWS
    const span = { from, to: to ?? null }
    if (!this.complete && (rows === undefined || rows.uncovered(span).length > 0))
      throw new Error(`state rows ${this.#prefix}${prefix} from "${from}" to "${to ?? ''}" were not fetched`)
    if (rows !== undefined) rows.used = true
    const names = rows?.within(span, options) ?? []
    return names.map((name) => ({
      subKey: name.slice(prefix.length),
      row: this.#entries.get(name)?.row as Row,
    }))
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
    const before = this.#entries.get(name)?.row
    if (before === undefined && row !== undefined) this.#orderedOf(name)?.add(name)
    if (before !== undefined && row === undefined) this.#unorder(name, prefixOfName(name))
    this.#remove(name)
    if (row !== undefined || !this.complete) {
      const entry = this.#add(name)
      Object.assign(entry, { row, timer })
      this.#measure(name, entry, value?.length ?? 0)
    }
    if (row === undefined && !this.complete) this.#absent.push(name)
    if (withTimer && timer !== undefined) this.#timers.restore({ time: timer, name })
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
    const entry = this.#known(name)
    if (entry?.row === undefined || entry.timer !== time) return null
    const { key, subKey } = splitRowName(name)
    this.#remember(key, subKey, name)
    return { time, name, key, subKey, row: entry.row }
  }

  /** The timer of a row in memory. */
  timerOf(name: string): number | undefined {
    return this.#entries.get(name)?.timer
  }

  /**
   * The rows that changed since the last call, encoded now: later changes belong to the next commit. A row that is too
   * large is told of and deleted.
   */
  takeChanges(): StateChange[] {
    this.#commits++
    const changes = this.#dirty.map((name) => this.#encode(name))
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
    for (const name of this.#absent) this.#dropIfGone(name)
    this.#absent.length = 0
    for (const prefix of this.#looseEnds)
      if (this.#ordered?.get(prefix)?.size === 0) this.#ordered.delete(prefix)
    this.#looseEnds.clear()
    this.#fetching = false
    this.#dropDeleted()
    if (this.bytes > this.#limit && this.#outside !== null) this.#evict()
  }

  #dropDeleted(): void {
    const known = this.#deleted.findIndex(({ commit }) => commit > this.#acknowledged)
    for (const { name } of this.#deleted.splice(0, known < 0 ? this.#deleted.length : known))
      this.#dropIfGone(name)
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
    if (this.#mayLeave(name)) this.#remove(name)
    return 1
  }

  /** Rows of a key that are read by range leave together. */
  #evictKey(prefix: string): number {
    const rows = this.#ordered?.get(prefix) as OrderedRows
    const names = rows.within(WHOLE)
    const mayLeave = names.map((name) => this.#mayLeave(name)).every(Boolean)
    if (mayLeave && !rows.used) {
      for (const name of names) this.#remove(name)
      this.#ordered?.delete(prefix)
    }
    rows.used = false
    return names.length + 1
  }

  /** Also notes that eviction has come by. */
  #mayLeave(name: string): boolean {
    const entry = this.#entries.get(name) as Entry
    const { row, dirty, commit, used } = entry
    entry.used = false
    return row !== undefined && !used && !dirty && commit <= this.#acknowledged
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

  #unorder(name: string, prefix: string): void {
    const rows = this.#ordered?.get(prefix)
    if (rows === undefined) return
    rows.remove(name)
    if (rows.size === 0) this.#looseEnds.add(prefix)
  }

  /** A record asks for a row several times, and for several of its key: a text that stays the same is hashed once. */
  #nameOf(key: string, subKey: string): string {
    const prefix = this.#prefixOf(key)
    const last = this.#last
    if (subKey !== last.subKey) {
      last.subKey = subKey
      last.name = prefix + subKey
    }
    return last.name
  }

  #prefixOf(key: string): string {
    const last = this.#last
    if (key !== last.key) this.#remember(key, '', rowPrefix(key))
    return last.prefix
  }

  #remember(key: string, subKey: string, name: string): void {
    const last = this.#last
    last.key = key
    last.subKey = subKey
    last.name = name
    last.prefix = name.slice(0, name.length - subKey.length)
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

  #dropIfGone(name: string): void {
    const entry = this.#entries.get(name)
    if (entry === undefined || entry.row !== undefined || entry.dirty) return
    if (entry.commit <= this.#acknowledged) this.#remove(name)
  }

  #add(name: string): Entry {
    const entry = { row: undefined, timer: undefined, dirty: false, commit: 0, used: true, bytes: 0 }
    this.#entries.set(name, entry)
    this.#measure(name, entry, 0)
    return entry
  }

  #remove(name: string): void {
    this.#bytes -= this.#entries.get(name)?.bytes ?? 0
    this.#entries.delete(name)
  }

  #measure(name: string, entry: Entry, encoded: number): void {
    const bytes = ENTRY_BYTES + name.length + VALUE_FACTOR * encoded
    this.#bytes += bytes - entry.bytes
    entry.bytes = bytes
  }

  #encode(name: string): StateChange {
    const entry = this.#entries.get(name) as Entry
    const { row, timer } = entry
    entry.dirty = false
    entry.commit = this.#commits
    const stateKey = this.#prefix + name
    if (row !== undefined) {
      const value = encodeStateRow({ row, timer }, this.#codec)
      if (value.length <= MAX_ROW_BYTES) {
        this.#measure(name, entry, value.length)
        return { stateKey, value, timer }
      }
      this.#giveUp(name, entry, value.length)
    }
    if (this.#complete && this.#openAfter === null) this.#remove(name)
    else this.#deleted.push({ name, commit: this.#commits })
    return { stateKey, value: null, timer: undefined }
  }

  #giveUp(name: string, entry: Entry, bytes: number): void {
    this.#refuse?.({ key: splitRowName(name).key, row: entry.row as Row, bytes })
    this.#unorder(name, prefixOfName(name))
    entry.row = undefined
    entry.timer = undefined
  }

  /** Of a row outside memory the timer is taken for set. */
  #mayBeSet({ time, name }: Timer): boolean {
    const entry = this.#entries.get(name)
    return entry === undefined ? !this.complete : entry.row !== undefined && entry.timer === time
  }

  /** The commit that tells of a timer; 0: it is known outside, or no longer set. */
  #commitOf({ name }: Timer): number {
    const entry = this.#entries.get(name)
    if (entry === undefined) return 0
    return entry.dirty ? this.#commits + 1 : entry.commit
  }

  #known(name: string): Entry | undefined {
    const entry = this.#entries.get(name)
    if (entry === undefined && !this.complete && !this.#covers(name))
      throw new Error(`state row ${this.#prefix}${name} was not fetched`)
    if (entry !== undefined) entry.used = true
    return entry
  }

  #change(name: string): Entry {
    const entry = this.#entries.get(name) ?? this.#add(name)
    if (!entry.dirty) this.#dirty.push(name)
    entry.dirty = true
    entry.used = true
    return entry
  }
}
