import {
  type DueRow,
  type DueTimer,
  type KeyedState,
  type Operator,
  type OperatorContext,
  type Output,
  parseSequenceSubKey,
  type StateLayout,
  type StreamRecord,
  sequenceSubKey,
  type Touch,
  type TransformRuntime,
  timeSubKey,
} from '@millrace/engine'
import { formatType, type Row, scalar, structOf } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import { COUNTS, EVENT, TIME, VALUES, WAITS } from './history.ts'
import { type Reach, reachOf } from './reach.ts'
import { RunningPlan } from './running-plan.ts'
import type { RunningConfig } from './settings.ts'

/** How running aggregates run. */
export const runningRuntime: TransformRuntime<RunningConfig> = {
  role: 'transform',
  type: 'running',
  eventTime: true,
  keyFields: ({ groupBy }) => groupBy,
  state: stateOf,
  create: (config, context) =>
    config.order === 'arrival' ? new ByArrival(config, context) : new ByEventTime(config, context),
}

/** What an event is compared with depends on the reach; whether it counts itself does not change what is kept. */
function stateOf(config: RunningConfig, [input]: readonly StreamSchema[]): StateLayout {
  const { aggregates, group } = new RunningPlan(config, input ? [input] : [])
  const { groupBy, over, span, events, order } = config
  const event = structOf(order === 'event' ? (input?.fields ?? []) : [])
  return {
    fields: [
      { name: 'time', type: scalar('timestamp', false) },
      { name: 'values', type: structOf(aggregates.valueFields) },
      { name: 'cells', type: structOf(aggregates.cellFields) },
      { name: 'event', type: event },
      { name: 'until', type: scalar('timestamp') },
    ],
    openSubKeys: true,
    signature: {
      groupBy: groupBy.map((name, i) => [name, group.types[i] ? formatType(group.types[i]) : '']),
      over: over === 'time' ? { span } : { events },
      order,
      aggregates: aggregates.signature,
      event: formatType(event),
    },
  }
}

/** Handles each event as it arrives, over what is known. */
class ByArrival implements Operator {
  readonly #plan: RunningPlan
  readonly #reach: Reach
  readonly #watermark: () => number

  constructor(config: RunningConfig, context: OperatorContext) {
    this.#plan = new RunningPlan(config, context.inputs)
    this.#reach = reachOf(config, this.#plan.aggregates, context.state)
    this.#watermark = () => context.watermark()
  }

  touches({ row, time }: StreamRecord, _input: number, touch: Touch): void {
    this.#reach.touch(this.#plan.group.text(row), time, this.#watermark(), touch)
  }

  process(record: StreamRecord, _input: number, out: Output): void {
    const { row, time } = record
    const values = this.#plan.aggregates.evaluate(row, record).slice()
    const key = this.#plan.group.text(row)
    const cells = this.#reach.handle({ key, time, values, now: this.#watermark() })
    this.#plan.send(record, cells, out)
  }

  touchesDue({ key, subKey }: DueRow, touch: Touch): void {
    this.#reach.history.touchPanes(key, subKey, touch)
  }

  onTimer({ key, subKey }: DueTimer): void {
    this.#reach.history.forget(key, subKey)
  }
}

/**
 * Handles the events of a group in the order of event time, those of one time as they arrived. An event waits until the
 * watermark has reached it; what is not beyond the watermark is late.
 */
class ByEventTime implements Operator {
  readonly #plan: RunningPlan
  readonly #reach: Reach
  readonly #state: KeyedState
  readonly #watermark: () => number

  constructor(config: RunningConfig, context: OperatorContext) {
    this.#plan = new RunningPlan(config, context.inputs)
    this.#reach = reachOf(config, this.#plan.aggregates, context.state)
    this.#state = context.state
    this.#watermark = () => context.watermark()
  }

  touches({ row, time }: StreamRecord, _input: number, touch: Touch): void {
    touch.range(this.#plan.group.text(row), waitingAt(time))
  }

  /** The expressions come first: an event for which they fail is an error whether it is late or not. */
  process(record: StreamRecord, _input: number, out: Output): void {
    const { row, time } = record
    const values = this.#plan.aggregates.evaluate(row, record).slice()
    if (time <= this.#watermark()) {
      out.late(record)
      return
    }
    const key = this.#plan.group.text(row)
    const [last] = this.#state.range(key, { ...waitingAt(time), reverse: true, limit: 1 })
    const sequence = last === undefined ? 0 : parseSequenceSubKey(last.subKey.slice(1)).sequence + 1
    this.#state.put(key, WAITS + sequenceSubKey(time, sequence), [time, values, null, row, null], time)
  }

  touchesDue({ key, subKey }: DueRow, touch: Touch): void {
    if (subKey.startsWith(COUNTS)) this.#reach.history.touchPanes(key, subKey, touch)
    else {
      const { time } = parseSequenceSubKey(subKey.slice(1))
      this.#reach.touch(key, time, time, touch)
    }
  }

  onTimer({ key, subKey, row }: DueTimer, out: Output): void {
    if (subKey.startsWith(COUNTS)) {
      this.#reach.history.forget(key, subKey)
      return
    }
    const time = row[TIME] as number
    this.#state.delete(key, subKey)
    const cells = this.#reach.handle({ key, time, values: row[VALUES] as Row, now: time })
    this.#plan.send({ row: row[EVENT] as Row, time, sourceTime: time, origin: null }, cells, out)
  }
}

/** Sub-keys of the events that wait for a time. */
function waitingAt(time: number): { from: string; to: string } {
  return { from: WAITS + timeSubKey(time), to: WAITS + timeSubKey(time + 1) }
}
