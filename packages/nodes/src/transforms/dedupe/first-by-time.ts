import {
  type DueRow,
  type DueTimer,
  type KeyedState,
  type Operator,
  type OperatorContext,
  type Output,
  type StreamRecord,
  type SubRow,
  type Touch,
  timeOfSubKey,
  timeSubKey,
} from '@millrace/engine'
import type { Row } from '@millrace/expr'
import { type KeyReader, keyReader } from '../../config/key-reader.ts'
import { onlyInput } from '../../config/only-input.ts'
import { KEPT } from './memory.ts'
import type { DedupeConfig } from './settings.ts'

const CAUSE = 'an equal event was earlier'

/** The first sub-key of events that wait: behind that of the kept one. */
const FIRST = '-'

/**
 * Keeps the first of equal events by event time; of several at one time the one that arrived first. An event waits
 * until the watermark has reached it: then no earlier one can come, for what is not beyond the watermark is late.
 *
 * Only what may still be kept waits: whatever comes, one event will be kept between the earliest that can be and the
 * earliest that waits, and those within the TTL from the former on are equal to it. That is nearly always a single one.
 */
export class FirstByTime implements Operator {
  readonly #ttl: number
  readonly #key: KeyReader
  readonly #state: KeyedState
  readonly #watermark: () => number

  constructor({ key, ttl }: DedupeConfig, context: OperatorContext) {
    this.#ttl = ttl
    this.#key = keyReader(onlyInput(context).fields, key)
    this.#state = context.state
    this.#watermark = () => context.watermark()
  }

  touches({ row }: StreamRecord, _input: number, touch: Touch): void {
    touch.range(this.#key.text(row))
  }

  process(record: StreamRecord, _input: number, out: Output): void {
    const { row, time } = record
    if (time <= this.#watermark()) {
      out.late(record)
      return
    }
    const key = this.#key.text(row)
    const kept = this.#kept(key)
    const isDouble = kept !== undefined && time < kept + this.#ttl
    const end = this.#endOfFirst(kept)
    if (isDouble || this.#waitsBefore(key, time, end)) {
      out.drop(record, CAUSE)
      return
    }
    for (const { subKey, row: later } of this.#waiting(key, time + 1, end)) {
      this.#state.delete(key, subKey)
      out.drop(recordOf(timeOfSubKey(subKey), later), CAUSE)
    }
    this.#state.put(key, timeSubKey(time), [time, row], time)
  }

  touchesDue({ key }: DueRow, touch: Touch): void {
    touch(key, KEPT)
  }

  onTimer({ key, subKey, row, time }: DueTimer, out: Output): void {
    if (subKey === KEPT) this.#expire(key, row[0] as number, time)
    else this.#decide(key, time, row, out)
  }

  /** The earliest event beyond the watermark is kept, or equal to the one that is. */
  #decide(key: string, time: number, row: Row, out: Output): void {
    const kept = this.#kept(key)
    const record = recordOf(time, row)
    this.#state.delete(key, timeSubKey(time))
    if (kept !== undefined && time < kept + this.#ttl) {
      out.drop(record, CAUSE)
      return
    }
    this.#state.put(key, KEPT, [time, null], time + this.#ttl)
    out.emit(record)
  }

  /** The TTL may have grown since the timer was set. */
  #expire(key: string, kept: number, time: number): void {
    const end = kept + this.#ttl
    if (end > time) this.#state.put(key, KEPT, [kept, null], end)
    else this.#state.delete(key, KEPT)
  }

  #kept(key: string): number | undefined {
    return this.#state.get(key, KEPT)?.[0] as number | undefined
  }

  /** What comes before this is equal to the next event that is kept, if something that waits is not later. */
  #endOfFirst(kept: number | undefined): number {
    const soonest = this.#watermark() + 1
    return Math.max(soonest, kept === undefined ? soonest : kept + this.#ttl) + this.#ttl
  }

  /** True where an event waits that makes one of this time superfluous. */
  #waitsBefore(key: string, time: number, end: number): boolean {
    const range = { from: FIRST, to: timeSubKey(time + 1), reverse: true, limit: 1 }
    const [before] = this.#state.range(key, range)
    return before !== undefined && (time < end || timeOfSubKey(before.subKey) === time)
  }

  /** What waits from a time on and before another one. */
  #waiting(key: string, from: number, to: number): readonly SubRow[] {
    return to <= from ? [] : this.#state.range(key, { from: timeSubKey(from), to: timeSubKey(to) })
  }
}

function recordOf(time: number, [, event]: Row): StreamRecord {
  return { row: event as Row, time, sourceTime: time, origin: null }
}
