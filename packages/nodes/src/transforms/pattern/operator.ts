import {
  CountingContext,
  type DueRow,
  type DueTimer,
  type KeyedState,
  type Operator,
  type OperatorContext,
  type Output,
  parseSequenceSubKey,
  RecordError,
  type StreamRecord,
  sequenceSubKey,
  type Touch,
  type TransformRuntime,
  timeOfSubKey,
  timeSubKey,
} from '@millrace/engine'
import type { EvaluationContext, Row } from '@millrace/expr'
import { type KeyReader, keyReader } from '../../config/key-reader.ts'
import { onlyInput } from '../../config/only-input.ts'
import { PairFilter } from '../../pairs/pair-filter.ts'
import { type EventRow, PatternPlan, stateLayout } from './pattern-plan.ts'
import type { PatternConfig } from './settings.ts'

/** How a pattern runs. */
export const patternRuntime: TransformRuntime<PatternConfig> = {
  role: 'transform',
  type: 'pattern',
  eventTime: true,
  keyFields: ({ key }) => key,
  state: (config, [input]) => stateLayout(config, input?.fields ?? []),
  create: (config, context) => new Pattern(config, context),
}

/** Sub-keys of events that wait for their turn, then those of first events that wait for their second: of one time in this order. */
const TURN = 'E'
const OPEN = 'F'
const BEHIND_OPEN = 'G'

/** Index of the port for late events, whose rows are those that come in. */
const LATE_PORT = 1

/** A second event that would end more matches than this is refused: all of them are in memory at once. */
export const MOST_MATCHES = 10_000

/** What an event may be in a match. */
interface Roles {
  readonly isFirst: boolean
  readonly isSecond: boolean
}

/** A first event that waits, and what it would become with the second event at hand. */
interface Match {
  readonly subKey: string
  readonly result: Row
}

/** Sequences of two events per key, in the order of event time, then of arrival (semantics rule 13). */
class Pattern implements Operator {
  readonly #config: PatternConfig
  readonly #plan: PatternPlan
  readonly #key: KeyReader
  readonly #filter: PairFilter
  readonly #state: KeyedState
  readonly #watermark: () => number
  readonly #usesRow: OperatorContext['usesRow']
  readonly #counting = new CountingContext()

  constructor(config: PatternConfig, context: OperatorContext) {
    const { fields } = onlyInput(context)
    this.#config = config
    this.#plan = new PatternPlan(config, fields)
    this.#key = keyReader(fields, config.key)
    this.#filter = new PairFilter(this.#plan.pair.condition, (a, b) => this.#plan.pair.result(a, b))
    this.#state = context.state
    this.#watermark = () => context.watermark()
    this.#usesRow = context.usesRow
  }

  touches({ row, time }: StreamRecord, _input: number, touch: Touch): void {
    touch.range(this.#key.text(row), turnsAt(time))
  }

  /** What is no part of a match is not late either. */
  process(record: StreamRecord, _input: number, out: Output): void {
    const { row, time } = record
    const { isFirst, isSecond } = this.#counting.run(record, this.#rolesOf, out, lateRow)
    if (!isFirst && !isSecond) {
      out.drop(record, 'it is neither a first nor a second event')
      return
    }
    if (time <= this.#watermark()) {
      out.late(record)
      return
    }
    const { pair } = this.#plan
    const kept: EventRow = [isFirst ? pair.keep(0, row) : null, isSecond ? pair.keep(1, row) : null]
    const key = this.#key.text(row)
    const [last] = this.#state.range(key, { ...turnsAt(time), reverse: true, limit: 1 })
    const sequence = last === undefined ? 0 : parseSequenceSubKey(last.subKey.slice(1)).sequence + 1
    this.#state.put(key, TURN + sequenceSubKey(time, sequence), kept, time)
  }

  /** An event that has its turn may end what waits. */
  touchesDue({ key, subKey }: DueRow, touch: Touch): void {
    if (subKey.startsWith(TURN)) touch.range(key, { from: OPEN, to: BEHIND_OPEN })
  }

  onTimer({ key, subKey, row }: DueTimer, out: Output): void {
    const time = timeOfSubKey(subKey, 1)
    if (subKey.startsWith(TURN)) this.#takeTurn(key, subKey, row as unknown as EventRow, time, out)
    else this.#giveUp(key, subKey, row, time, out)
  }

  readonly #rolesOf = ({ row }: StreamRecord, context: EvaluationContext): Roles => ({
    isFirst: this.#plan.isFirst(row, context) === true,
    isSecond: this.#plan.isSecond(row, context) === true,
  })

  /** All earlier events of the key have had their turn. An event may end one match and begin another. */
  #takeTurn(key: string, subKey: string, [first, second]: EventRow, time: number, out: Output): void {
    const matches = second === null ? [] : this.#matchesOf(key, second, time, out)
    this.#state.delete(key, subKey)
    for (const match of matches) {
      this.#usesRow?.(key, subKey, 'partner')
      this.#usesRow?.(key, match.subKey, 'partner')
      this.#state.delete(key, match.subKey)
      if (this.#config.kind === 'followed') this.#send(match.result, time, out)
    }
    if (first !== null) this.#open(key, subKey, first, time)
  }

  /** The first events that the second one at hand follows. */
  #matchesOf(key: string, second: Row, time: number, out: Output): Match[] {
    const found: Match[] = []
    const { pair } = this.#plan
    for (const { subKey, row } of this.#state.range(key, { from: OPEN, to: BEHIND_OPEN })) {
      // It may be over by settings that have changed, and not yet gone.
      if (timeOfSubKey(subKey, 1) + this.#config.within < time) continue
      const first = row[0] as Row
      if (!this.#filter.accepts(first, second, time, out)) continue
      if (found.length === MOST_MATCHES)
        throw new RecordError('too_many_pairs', `The event follows more than ${MOST_MATCHES} others.`)
      found.push({ subKey, result: pair.result(first, second) })
    }
    return found
  }

  /** Lets a first event wait for its second. */
  #open(key: string, subKey: string, first: Row, time: number): void {
    const { overlap, within } = this.#config
    if (overlap !== 'each') {
      const waiting = this.#state.range(key, { from: OPEN, to: BEHIND_OPEN })
      if (overlap === 'ignore' && waiting.length > 0) return
      for (const { subKey: other } of waiting) this.#state.delete(key, other)
    }
    this.#state.put(key, OPEN + subKey.slice(1), [first, null], time + within)
  }

  /** The time for a second event is over. It may have grown since the timer was set. */
  #giveUp(key: string, subKey: string, row: Row, time: number, out: Output): void {
    const end = time + this.#config.within
    if (end > this.#watermark()) {
      this.#state.put(key, subKey, row, end)
      return
    }
    this.#state.delete(key, subKey)
    if (this.#config.kind === 'absent') this.#send(this.#plan.pair.result(row[0] as Row, null), end, out)
  }

  #send(row: Row, time: number, out: Output): void {
    out.emit({ row, time, sourceTime: time, origin: null })
  }
}

function lateRow(_: Roles, { row }: StreamRecord) {
  return { row, port: LATE_PORT }
}

/** The events of one time that wait for their turn. Behind a time stand numbers, which sort below the tilde. */
function turnsAt(time: number) {
  const from = TURN + timeSubKey(time)
  return { from, to: `${from}~` }
}
