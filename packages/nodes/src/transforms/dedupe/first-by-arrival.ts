import type { DueTimer, Operator, OperatorContext, Output, StreamRecord, Touch } from '@millrace/engine'
import { type KeyReader, keyReader } from '../../config/key-reader.ts'
import { onlyInput } from '../../config/only-input.ts'
import { KEPT, Memory } from './memory.ts'
import type { DedupeConfig } from './settings.ts'

/** Keeps the first of equal events by arrival, at once. */
export class FirstByArrival implements Operator {
  readonly #key: KeyReader
  readonly #memory: Memory

  constructor({ key, ttl }: DedupeConfig, context: OperatorContext) {
    this.#key = keyReader(onlyInput(context).fields, key)
    this.#memory = new Memory(ttl, context)
  }

  touches({ row }: StreamRecord, _input: number, touch: Touch): void {
    touch(this.#key.text(row), KEPT)
  }

  process(record: StreamRecord, _input: number, out: Output): void {
    const key = this.#key.text(record.row)
    if (this.#memory.covers(this.#memory.get(key), record.time)) {
      out.drop(record, 'an equal event came before')
      return
    }
    this.#memory.set(key, record.time)
    out.emit(record)
  }

  onTimer(timer: DueTimer): void {
    this.#memory.expire(timer)
  }
}
