import type { KeyedState, RangeOptions, RowUse, SubRow } from '../operator.ts'
import type { RawRecord, StreamRecord } from '../record.ts'
import type { Trace } from '../stage/stage-output.ts'
import { rowName } from '../state/state-key.ts'
import { type Lineage, union } from './lineage.ts'

/** Who wrote a state row: the input and the number of the record there. */
interface Owner {
  readonly input: number
  readonly record: number
}

/** What a node does with one record, or with one row that is due. */
interface Frame {
  readonly own: Lineage
  readonly owner: Owner | null
  /** Of the rows that were read. */
  read: Lineage
  /** Of the rows that were deleted: what they held may go on in those that are written. */
  deleted: Lineage
  /** Of the rows that the next result is made of; undefined unless the node says so. */
  used: Lineage | undefined
  /** The name of the row that is due; null while a record is handled. */
  readonly due: string | null
  /** Pairs are made: rows that are marked or deleted for that go on as they are, and in no others. */
  isPairing: boolean
}

interface TracedNode {
  frame: Frame
  /** Records that came, by input. */
  readonly counts: number[]
  /** By name of a state row. */
  readonly rows: Map<string, { readonly lineage: Lineage; readonly owner: Owner | null }>
  /** By input: the records that are part of a pair. */
  readonly paired: Set<number>[]
}

/**
 * Follows the events of a sample through the operators of a preview, stateful ones too: a state row is made of the events
 * that had a part in writing it, a result of the record at hand and of the rows that were read for it.
 */
export class LineageTrace implements Trace {
  readonly #events: ReadonlyMap<unknown, number>
  readonly #records = new WeakMap<StreamRecord, Lineage>()
  readonly #nodes = new Map<string, TracedNode>()

  /** `events` are the records of the sample with their numbers. */
  constructor(events: ReadonlyMap<RawRecord, number>) {
    this.#events = events
  }

  /** Of which events a record was made. */
  of(record: StreamRecord): Lineage {
    return this.#records.get(record) ?? this.#events.get(record.origin) ?? null
  }

  /** How many records of each input were part of a pair; null where the node makes none. */
  paired(nodeId: string): readonly number[] | null {
    const paired = this.#nodes.get(nodeId)?.paired ?? []
    return paired.length === 0 ? null : Array.from(paired, (records) => records?.size ?? 0)
  }

  begin(nodeId: string, record: StreamRecord | null, input: number): void {
    const node = this.#node(nodeId)
    if (record === null) {
      node.frame = newFrame(null, null, null)
      return
    }
    const number = node.counts[input] ?? 0
    node.counts[input] = number + 1
    node.frame = newFrame(this.of(record), { input, record: number }, null)
  }

  due(nodeId: string, key: string, subKey: string): void {
    const node = this.#node(nodeId)
    const name = rowName(key, subKey)
    const row = node.rows.get(name)
    node.frame = newFrame(row?.lineage ?? null, row?.owner ?? null, name)
  }

  sent(nodeId: string, record: StreamRecord): void {
    const node = this.#nodes.get(nodeId)
    if (node === undefined) return
    const { own, used, read, due } = node.frame
    const lineage = used === undefined ? union(own, read) : due === null ? union(own, used) : used
    this.#records.set(record, lineage)
    node.frame.used = undefined
  }

  derived(from: StreamRecord, to: StreamRecord): void {
    this.#records.set(to, this.of(from))
  }

  uses(nodeId: string, key: string, subKey: string, as: RowUse): void {
    const node = this.#node(nodeId)
    const { frame } = node
    const name = rowName(key, subKey)
    const row = name === frame.due ? { lineage: frame.own, owner: frame.owner } : node.rows.get(name)
    frame.used = union(frame.used ?? null, row?.lineage ?? null)
    if (as !== 'partner') return
    frame.isPairing = true
    for (const owner of [frame.owner, row?.owner ?? null]) {
      if (owner === null) continue
      const records = node.paired[owner.input] ?? new Set()
      node.paired[owner.input] = records.add(owner.record)
    }
  }

  watch(nodeId: string, state: KeyedState): KeyedState {
    return new WatchedState(this.#node(nodeId), state)
  }

  #node(nodeId: string): TracedNode {
    let node = this.#nodes.get(nodeId)
    if (node === undefined) {
      node = { frame: newFrame(null, null, null), counts: [], rows: new Map(), paired: [] }
      this.#nodes.set(nodeId, node)
    }
    return node
  }
}

function newFrame(own: Lineage, owner: Owner | null, due: string | null): Frame {
  return { own, owner, due, read: null, deleted: null, used: undefined, isPairing: false }
}

/** Writes down which rows are read and written. */
class WatchedState implements KeyedState {
  readonly #node: TracedNode
  readonly #state: KeyedState

  constructor(node: TracedNode, state: KeyedState) {
    this.#node = node
    this.#state = state
  }

  get(key: string, subKey: string) {
    const row = this.#state.get(key, subKey)
    if (row !== undefined) this.#read(key, subKey)
    return row
  }

  range(key: string, options?: RangeOptions): readonly SubRow[] {
    const rows = this.#state.range(key, options)
    for (const { subKey } of rows) this.#read(key, subKey)
    return rows
  }

  put(...[key, subKey, row, timer]: Parameters<KeyedState['put']>): void {
    this.#state.put(key, subKey, row, timer)
    const { frame, rows } = this.#node
    const name = rowName(key, subKey)
    const before = rows.get(name)
    if (frame.isPairing && before !== undefined) return
    const lineage = frame.isPairing ? frame.own : union(frame.own, frame.deleted)
    rows.set(name, {
      lineage: union(lineage, before?.lineage ?? null),
      owner: before === undefined ? frame.owner : before.owner,
    })
  }

  delete(key: string, subKey: string): void {
    this.#state.delete(key, subKey)
    const { frame, rows } = this.#node
    const name = rowName(key, subKey)
    frame.deleted = union(frame.deleted, rows.get(name)?.lineage ?? null)
    rows.delete(name)
  }

  wake(key: string, subKey: string): void {
    this.#state.wake(key, subKey)
  }

  #read(key: string, subKey: string): void {
    const { frame, rows } = this.#node
    const row = rows.get(rowName(key, subKey))
    if (row !== undefined) frame.read = union(frame.read, row.lineage)
  }
}
