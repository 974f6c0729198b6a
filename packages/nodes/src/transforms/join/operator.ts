import {
  type DueTimer,
  type KeyedState,
  type Operator,
  type OperatorContext,
  type Output,
  parseSequenceSubKey,
  RecordError,
  type StateLayout,
  type StreamRecord,
  type SubKeyRange,
  type SubRow,
  sequenceSubKey,
  type Touch,
  type TransformRuntime,
  timeOfSubKey,
  timeSubKey,
} from '@millrace/engine'
import type { Row } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import { PairFilter } from '../../pairs/pair-filter.ts'
import type { PairPlan } from '../../pairs/pair-plan.ts'
import { joinPlan, signatureOf, stateFields } from './join-plan.ts'
import { padsOf, waitsOf } from './join-shape.ts'
import { type JoinSide, joinSides } from './join-sides.ts'
import type { JoinConfig } from './settings.ts'

/** How a join runs. */
export const joinRuntime: TransformRuntime<JoinConfig> = {
  role: 'transform',
  type: 'join',
  eventTime: true,
  keyFields: ({ on }, input) => on.map(({ left, right }) => (input === 0 ? left : right)),
  state: stateOf,
  holdBack: holdBackOf,
  create: (config, context) => new Join(config, context),
}

/** A row per event that may still find a partner, with a timer at the end of its wait; see `stateFields`. */
function stateOf(config: JoinConfig, inputs: readonly StreamSchema[]): StateLayout {
  const plan = joinPlan(config, inputs)
  return { fields: stateFields(plan), openSubKeys: true, signature: signatureOf(config, plan, inputs) }
}

/** An event without partner goes out when its wait is over, with its own time (semantics rule 9). */
function holdBackOf(config: JoinConfig): number {
  const pads = padsOf(config.kind)
  const waits = waitsOf(config).map((wait, side) => (pads[side] ? Math.max(0, wait) + 1 : 0))
  return Math.max(...waits)
}

/** An event with more partners is refused: all pairs of an event are in memory at once. */
export const MOST_PAIRS = 10_000

/** Place of the mark in a state row. */
const PAIRED = 2

/** An event that waits and is part of a pair that is being made. */
interface Partner {
  readonly subKey: string
  readonly row: Row
  readonly time: number
  readonly result: Row
}

/** An interval join (semantics rule 9). */
class Join implements Operator {
  readonly #plan: PairPlan
  readonly #sides: readonly [JoinSide, JoinSide]
  readonly #filter: PairFilter
  readonly #state: KeyedState
  readonly #watermark: () => number
  readonly #usesRow: OperatorContext['usesRow']

  constructor(config: JoinConfig, context: OperatorContext) {
    this.#plan = joinPlan(config, context.inputs)
    this.#sides = joinSides(config, context.inputs)
    this.#filter = new PairFilter(this.#plan.condition, (left, right) => this.#plan.result(left, right))
    this.#state = context.state
    this.#watermark = () => context.watermark()
    this.#usesRow = context.usesRow
  }

  touches({ row, time }: StreamRecord, input: number, touch: Touch): void {
    const side = this.#side(input)
    const key = side.keyOf(row)
    if (key === null) return
    touch.range(key, side.partners(time))
    touch.range(key, sameTime(side, time))
  }

  process(record: StreamRecord, input: number, out: Output): void {
    const side = this.#side(input)
    const key = side.keyOf(record.row)
    const kept = this.#plan.keep(side.index, record.row)
    if (key === null) {
      if (side.pads) this.#sendAlone(side, kept, record, false, out)
      else out.drop(record, 'a field that must be equal is null')
      return
    }
    const partners = this.#partnersOf(side, key, kept, record.time, out)
    for (const partner of partners) this.#sendPair(side, key, partner, record, out)
    const isLate = record.time <= this.#watermark()
    const isPaired = partners.length > 0
    if (record.time + side.wait > this.#watermark())
      this.#keep(side, key, record.time, kept, isPaired || (isLate ? null : false))
    else if (!isPaired) this.#sendAlone(side, kept, record, isLate, out)
  }

  /** The wait is over. It may have grown since the timer was set. */
  onTimer({ key, subKey, row }: DueTimer, out: Output): void {
    const side = this.#side(subKey[0] === this.#sides[0].letter ? 0 : 1)
    const time = timeOfSubKey(subKey, 1)
    if (time + side.wait > this.#watermark()) {
      this.#state.put(key, subKey, row, time + side.wait)
      return
    }
    this.#state.delete(key, subKey)
    if (row[PAIRED] === true) return
    const own = { row, time, sourceTime: time, origin: null }
    this.#sendAlone(side, row[side.index] as Row, own, row[PAIRED] === null, out)
  }

  #side(index: number): JoinSide {
    return this.#sides[index === 0 ? 0 : 1]
  }

  /** The events of the other side that wait and are a pair with this one. */
  #partnersOf(side: JoinSide, key: string, kept: Row, time: number, out: Output): Partner[] {
    const found: Partner[] = []
    const other = side.index === 0 ? 1 : 0
    for (const { subKey, row } of this.#state.range(key, side.partners(time))) {
      const partner = row[other] as Row
      const [left, right] = side.index === 0 ? [kept, partner] : [partner, kept]
      const partnerTime = timeOfSubKey(subKey, 1)
      if (!this.#filter.accepts(left, right, Math.max(time, partnerTime), out)) continue
      if (found.length === MOST_PAIRS)
        throw new RecordError('too_many_pairs', `The event has more than ${MOST_PAIRS} partners.`)
      found.push({ subKey, row, time: partnerTime, result: this.#plan.result(left, right) })
    }
    return found
  }

  #sendPair(side: JoinSide, key: string, partner: Partner, record: StreamRecord, out: Output): void {
    const { subKey, row, time, result } = partner
    const other = this.#sides[side.index === 0 ? 1 : 0]
    this.#usesRow?.(key, subKey, 'partner')
    // Only of events that could go out alone it matters whether they are part of a pair.
    if (row[PAIRED] !== true && (other.pads || row[PAIRED] === null))
      this.#state.put(key, subKey, [row[0] as Row, row[1] as Row, true], time + other.wait)
    const { sourceTime } = record
    out.emit({ row: result, time: Math.max(record.time, time), sourceTime, origin: null })
  }

  #keep(side: JoinSide, key: string, time: number, kept: Row, paired: boolean | null): void {
    const row = side.index === 0 ? [kept, null, paired] : [null, kept, paired]
    this.#state.put(key, this.#freeSubKey(side, key, time), row, time + side.wait)
  }

  /** Most events are the only one of their key, side and time. */
  #freeSubKey(side: JoinSide, key: string, time: number): string {
    const first = side.letter + sequenceSubKey(time, 0)
    if (this.#state.get(key, first) === undefined) return first
    const [last] = this.#state.range(key, { ...sameTime(side, time), reverse: true, limit: 1 })
    return (
      side.letter + sequenceSubKey(time, parseSequenceSubKey((last as SubRow).subKey.slice(1)).sequence + 1)
    )
  }

  /**
   * Sends an event on which has no partner. Of one that came late nobody can say so: partners of it may be forgotten.
   */
  #sendAlone(side: JoinSide, kept: Row, record: StreamRecord, isLate: boolean, out: Output): void {
    if (!isLate && !side.pads) return
    const row = side.index === 0 ? this.#plan.result(kept, null) : this.#plan.result(null, kept)
    const { time, sourceTime, origin } = record
    if (isLate) out.late({ row, time, sourceTime, origin })
    else out.emit({ row, time, sourceTime, origin })
  }
}

/** The rows of a side with one event time. Behind a time stand its numbers, which sort below the tilde. */
function sameTime({ letter }: JoinSide, time: number): SubKeyRange {
  const from = letter + timeSubKey(time)
  return { from, to: `${from}~` }
}
