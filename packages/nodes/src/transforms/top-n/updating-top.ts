import type { DueTimer, OperatorContext, Output, StreamRecord, SubRow } from '@millrace/engine'
import type { Row } from '@millrace/expr'
import { type KeyReader, keyReader } from '../../config/key-reader.ts'
import { onlyInput } from '../../config/only-input.ts'
import {
  type Cause,
  causedAt,
  EVENT,
  LINK,
  NAME,
  NUMBER,
  orderOf,
  placeFor,
  rowsOf,
  sendChanges,
  TIME,
} from './list.ts'
import type { TopNConfig } from './settings.ts'
import { TopOperator } from './top-operator.ts'

/**
 * The first rows of a stream whose rows are corrected and deleted. Any row may come to be among the first when others go,
 * so all are kept, in order, each until it has not changed for its time to live; and for each name where its row stands.
 */
export class UpdatingTop extends TopOperator {
  readonly #ttl: number
  readonly #name: KeyReader

  constructor(config: TopNConfig, context: OperatorContext) {
    super(config, context)
    const { fields, updates } = onlyInput(context)
    this.#ttl = config.ttl
    this.#name = keyReader(fields, updates?.key ?? [])
  }

  /** A new row whose name is known replaces its row, as an update does. */
  process(record: StreamRecord, _input: number, out: Output): void {
    const key = this.key.text(record.row)
    const name = this.#name.text(record.row)
    const before = this.#first(key)
    const place = this.state.get(key, NAME + name)?.[LINK] as string | undefined
    if (record.kind !== 'delete') this.#put(key, name, place, record)
    else if (place !== undefined) this.#remove(key, name, place)
    this.#send(key, before, record, out)
  }

  onTimer({ key, subKey, row, time }: DueTimer, out: Output): void {
    const before = this.#first(key)
    this.#remove(key, row[LINK] as string, subKey)
    this.#send(key, before, causedAt(time), out)
  }

  /** A row that is equal in order to what it was keeps its place. */
  #put(key: string, name: string, old: string | undefined, { row, time }: StreamRecord): void {
    const order = this.orderOfRow(row)
    const until = Math.max(time, this.watermark()) + this.#ttl
    const slot = old === undefined ? 0 : (this.state.get(key, old)?.[NUMBER] as number)
    const place = old !== undefined && orderOf(old) === order ? old : placeFor(this.state, key, order)
    if (place !== old) {
      if (old !== undefined) this.state.delete(key, old)
      this.state.put(key, NAME + name, [0, 0, null, place])
    }
    this.state.put(key, place, [slot, until, row, name], until)
  }

  #remove(key: string, name: string, place: string): void {
    this.state.delete(key, place)
    this.state.delete(key, NAME + name)
  }

  #first(key: string): readonly SubRow[] {
    return rowsOf(this.state, key, this.n)
  }

  #send(key: string, before: readonly SubRow[], cause: Cause, out: Output): void {
    if (!this.hasRanks) this.#giveSlots(key, before)
    sendChanges(before, this.#first(key), this.hasRanks, cause, out)
  }

  /** Rows that have come among the first take the slots that are free. */
  #giveSlots(key: string, before: readonly SubRow[]): void {
    const known = new Set(before.map(({ row }) => row[LINK]))
    const first = this.#first(key)
    const taken = new Set(first.flatMap(({ row }) => (known.has(row[LINK] as string) ? [row[NUMBER]] : [])))
    let slot = 0
    for (const { subKey, row } of first) {
      if (known.has(row[LINK] as string)) continue
      do slot++
      while (taken.has(slot))
      const until = row[TIME] as number
      this.state.put(key, subKey, [slot, until, row[EVENT] as Row, row[LINK] as string], until)
    }
  }
}
