import {
  asUpdate,
  type DueTimer,
  type Operator,
  type OperatorContext,
  type Output,
  type StreamRecord,
  type Touch,
} from '@millrace/engine'
import { type KeyReader, keyReader } from '../../config/key-reader.ts'
import { onlyInput } from '../../config/only-input.ts'
import { KEPT, Memory } from './memory.ts'
import type { DedupeConfig } from './settings.ts'

/** Sends every event that is the last so far, as an update of the one that is remembered. */
abstract class Last implements Operator {
  protected readonly memory: Memory
  readonly #key: KeyReader

  constructor({ key, ttl }: DedupeConfig, context: OperatorContext) {
    this.#key = keyReader(onlyInput(context).fields, key)
    this.memory = new Memory(ttl, context)
  }

  touches({ row }: StreamRecord, _input: number, touch: Touch): void {
    touch(this.#key.text(row), KEPT)
  }

  process(record: StreamRecord, _input: number, out: Output): void {
    const key = this.#key.text(record.row)
    const kept = this.memory.get(key)
    if (!this.isLast(record, kept, out)) return
    this.memory.set(key, record.time)
    out.emit(kept === undefined ? record : asUpdate(record))
  }

  onTimer(timer: DueTimer): void {
    this.memory.expire(timer)
  }

  /** True where the event takes the place of the kept one; else it has been told why not. */
  protected abstract isLast(record: StreamRecord, kept: number | undefined, out: Output): boolean
}

/** Keeps the last of equal events by arrival. */
export class LastByArrival extends Last {
  protected isLast(): boolean {
    return true
  }
}

/**
 * Keeps the last of equal events by event time; of several at one time the one that arrived last. An event that would
 * be forgotten at once is late: a later one may have been forgotten already.
 */
export class LastByTime extends Last {
  protected isLast(record: StreamRecord, kept: number | undefined, out: Output): boolean {
    if (kept !== undefined && record.time < kept) {
      out.drop(record, 'an equal event was later')
      return false
    }
    if (this.memory.isPast(record.time)) {
      out.late(record)
      return false
    }
    return true
  }
}
