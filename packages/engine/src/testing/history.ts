import { defineNode, type Inference } from '@millrace/graph'
import type {
  DueRow,
  DueTimer,
  KeyedState,
  Operator,
  OperatorContext,
  Output,
  Touch,
  TransformRuntime,
} from '../operator.ts'
import { type StreamRecord, withRow } from '../record.ts'
import { sequenceSubKey, timeSubKey } from '../state/sub-key.ts'
import { EVENT_FIELDS, KEY, N } from './event.ts'

/** How far back events are counted, ms. */
export interface HistoryConfig {
  readonly size: number
}

/** Sends every event on with the number of events of its key in the time up to it, itself included, as `n`. */
export const history = defineNode<HistoryConfig>({
  type: 'history',
  version: 1,
  kind: 'transform',
  icon: 'window',
  title: 'History',
  summary: 'Counts the events of a key in the time before each.',
  config: { type: 'object' },
  defaults: { size: 10 },
  inputs: [{ name: 'in', label: 'Events', updates: { refused: 'it cannot take back what it has counted' } }],
  outputs: [{ name: 'out', label: 'Events' }],
  digest: () => '',
  infer: (_, { in: input }): Inference => ({ outputs: input ? { out: input } : {}, issues: [] }),
})

/** How histories are kept: a row per event, in the order of their times, until no event can look back so far. */
export const historyRuntime: TransformRuntime<HistoryConfig> = {
  role: 'transform',
  type: 'history',
  eventTime: true,
  keyFields: () => ['key'],
  state: () => ({ fields: EVENT_FIELDS, signature: null, openSubKeys: true }),
  create: (config, context) => new History(config, context),
}

class History implements Operator {
  readonly #size: number
  readonly #state: KeyedState

  constructor({ size }: HistoryConfig, { state }: OperatorContext) {
    this.#size = size
    this.#state = state
  }

  touches({ row, time }: StreamRecord, _: number, touch: Touch): void {
    touch.range(String(row[KEY]), this.#before(time))
  }

  process(record: StreamRecord, _: number, out: Output): void {
    const key = String(record.row[KEY])
    const [last] = this.#state.range(key, {
      from: timeSubKey(record.time),
      to: timeSubKey(record.time + 1),
      reverse: true,
      limit: 1,
    })
    const sequence = last === undefined ? 0 : Number((last.row[N] as number) + 1)
    const row = record.row.slice()
    row[N] = sequence
    this.#state.put(key, sequenceSubKey(record.time, sequence), row, record.time + this.#size)
    const counted = record.row.slice()
    counted[N] = this.#state.range(key, this.#before(record.time)).length
    out.emit(withRow(record, counted))
  }

  /** An event goes together with all that came before it. */
  touchesDue({ key, subKey }: DueRow, touch: Touch): void {
    touch.range(key, { to: subKey })
  }

  onTimer({ key, subKey }: DueTimer): void {
    for (const { subKey: earlier } of this.#state.range(key, { to: subKey })) this.#state.delete(key, earlier)
    this.#state.delete(key, subKey)
  }

  #before(time: number): { from: string; to: string } {
    return { from: timeSubKey(time - this.#size + 1), to: timeSubKey(time + 1) }
  }
}
