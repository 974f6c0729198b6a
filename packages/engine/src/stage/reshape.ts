import type { Field, Row } from '@millrace/expr'
import type { StreamRecord } from '../record.ts'
import type { Receiver, Target } from './receiver.ts'
import type { Trace } from './stage-output.ts'

/**
 * The far end of an edge that leads into a union of streams: the rows of this one are put into the order of all, with
 * null in the place of fields that it lacks. The target itself where they have that order already.
 *
 * @param from fields of the rows that come
 * @param to fields of the union, which are the same by name
 */
export function reshaped(
  target: Target,
  from: readonly Field[],
  to: readonly Field[],
  trace?: Trace,
): Target {
  const places = to.map(({ name }) => from.findIndex((field) => field.name === name))
  const isSame = from.length === to.length && places.every((place, i) => place === i)
  return isSame ? target : { ...target, receiver: new Reshaper(target.receiver, places, trace) }
}

class Reshaper implements Receiver {
  readonly #behind: Receiver
  /** By field of the union: its place in the rows that come; −1 where they lack it. */
  readonly #places: readonly number[]
  readonly #trace: Trace | undefined

  constructor(behind: Receiver, places: readonly number[], trace: Trace | undefined) {
    this.#behind = behind
    this.#trace = trace
    this.#places = places
  }

  addEdge(input: number): number {
    return this.#behind.addEdge(input)
  }

  receive(record: StreamRecord, edge: number): void {
    const { before } = record
    const row = this.#reshape(record.row)
    const next = { ...record, row, ...(before && { before: this.#reshape(before) }) }
    this.#trace?.derived(record, next)
    this.#behind.receive(next, edge)
  }

  forward(watermark: number, idle: boolean, edge: number): void {
    this.#behind.forward(watermark, idle, edge)
  }

  #reshape(row: Row): Row {
    return this.#places.map((place) => row[place] ?? null)
  }
}
