import {
  arrayOf,
  type DataType,
  encodeKey,
  isKeyType,
  type Row,
  scalar,
  type Value,
  withNullable,
} from '@millrace/expr'
import type { Accumulator, AggregateOptions, Aggregator } from './aggregator.ts'
import { addText, estimate, mergeRegisters, newRegisters } from './hyperloglog.ts'
import { compareKeys, placeOf } from './sorted-list.ts'
import { LIST_BYTES, valueSize } from './value-size.ts'

/** A value as it stands in the list: bytes as text, so that all have an order. */
type Key = string | boolean | number | bigint

/**
 * The number of different values, with whether it is approximate: exact up to a number of values (or 64 kB of them),
 * estimated by HyperLogLog beyond. Which of the two depends on the values alone, not on their order. Null where values
 * of this type cannot be compared.
 */
export function distinctOf(type: DataType, { exactUpTo }: AggregateOptions): Aggregator | null {
  if (!isKeyType(type)) return null
  return {
    accumulator: distinct(type, exactUpTo),
    fields: [
      { suffix: '', type: scalar('int64', false) },
      { suffix: '_approximate', type: scalar('boolean', false) },
    ],
    preAggregates: true,
    result: (cells, at) => countOf(cells, at),
  }
}

function countOf(cells: Row, at: number): readonly Value[] {
  const registers = cells[at + 1] as Uint8Array | null
  if (registers !== null) return [estimate(registers), true]
  return [(cells[at] as readonly Value[] | null)?.length ?? 0, false]
}

/** Cells: the values in order, or the registers; both null before any value. */
function distinct(type: DataType, exactUpTo: number): Accumulator {
  const isBytes = type.kind === 'bytes'
  const element = isBytes ? scalar('string', false) : withNullable(type, false)
  const hash = (registers: Uint8Array, key: Key) => addText(registers, encodeKey([key], [element]))
  const list = new KeyList(exactUpTo, hash)
  return {
    name: `distinct up to ${exactUpTo}`,
    stateTypes: [arrayOf(element), scalar('bytes')],
    init: [null, null],
    add(cells, at, value) {
      list.add(cells, at, isBytes ? encodeKey([value], [type]) : keyOf(value))
    },
    merge(cells, at, other, otherAt) {
      const registers = other[otherAt + 1] as Uint8Array | null
      if (registers !== null) mergeRegisters(list.registers(cells, at), registers)
      for (const key of (other[otherAt] ?? []) as readonly Key[]) list.add(cells, at, key)
    },
  }
}

/** −0 is 0. */
function keyOf(value: Value): Key {
  return value === 0 ? 0 : (value as Key)
}

class KeyList {
  readonly #limit: number
  readonly #hash: (registers: Uint8Array, key: Key) => void

  constructor(limit: number, hash: (registers: Uint8Array, key: Key) => void) {
    this.#limit = limit
    this.#hash = hash
  }

  add(cells: Value[], at: number, key: Key): void {
    const registers = cells[at + 1] as Uint8Array | null
    if (registers !== null) this.#hash(registers, key)
    else this.#insert(cells, at, key)
  }

  /** The registers; the values of the list go there for good. */
  registers(cells: Value[], at: number): Uint8Array {
    const before = cells[at + 1] as Uint8Array | null
    if (before !== null) return before
    const registers = newRegisters()
    for (const key of (cells[at] ?? []) as readonly Key[]) this.#hash(registers, key)
    cells[at] = null
    cells[at + 1] = registers
    return registers
  }

  #insert(cells: Value[], at: number, key: Key): void {
    if (cells[at] === null) cells[at] = []
    const keys = cells[at] as Key[]
    const place = placeOf(keys, key, compareKeys)
    if (place < keys.length && compareKeys(keys[place] as Key, key) === 0) return
    keys.splice(place, 0, key)
    if (keys.length > this.#limit || (typeof key === 'string' && valueSize(keys) > LIST_BYTES))
      this.registers(cells, at)
  }
}
