import { type Row, scalar } from '@millrace/expr'
import { defineNode, type Inference } from '@millrace/graph'
import type {
  DueTimer,
  KeyedState,
  Operator,
  OperatorContext,
  Output,
  Tick,
  Touch,
  TransformRuntime,
} from '../operator.ts'
import { asUpdate, type StreamRecord } from '../record.ts'
import { windowStart } from './count-window.ts'
import { EVENT_FIELDS, eventRow, GROUP, N } from './event.ts'

/** Times in ms. */
export interface EarlyCountConfig {
  readonly size: number
  /** Of processing time, between early results. */
  readonly every: number
}

/** Tumbling windows by group that show what they have every so often; a result is an event, as of `count`. */
export const earlyCount = defineNode<EarlyCountConfig>({
  type: 'early-count',
  version: 1,
  kind: 'transform',
  icon: 'window',
  title: 'Early count',
  summary: 'Adds up n by group and window, and shows it early.',
  config: { type: 'object' },
  defaults: { size: 10, every: 5 },
  inputs: [{ name: 'in', label: 'Events', updates: { refused: 'it cannot take back what it has counted' } }],
  outputs: [{ name: 'out', label: 'Sums' }],
  digest: () => '',
  infer: (_, { in: input }): Inference => ({
    outputs: input
      ? {
          out: {
            ...{ fields: EVENT_FIELDS, partitionedBy: ['group'], eventTimeField: null },
            updates: { key: ['at', 'group'], before: true },
          },
        }
      : {},
    issues: [],
  }),
})

/** How early counts run: one state row per group and window, with the sum and the sum that was sent last. */
export const earlyCountRuntime: TransformRuntime<EarlyCountConfig> = {
  role: 'transform',
  type: 'early-count',
  eventTime: true,
  keyFields: () => ['group'],
  state: () => ({
    fields: [
      { name: 'n', type: scalar('int64', false) },
      { name: 'sent', type: scalar('int64') },
    ],
    signature: null,
  }),
  tick: ({ every }) => every,
  create: (config, context) => new EarlyCount(config, context),
}

class EarlyCount implements Operator {
  readonly #size: number
  readonly #state: KeyedState
  readonly #watermark: () => number

  constructor({ size }: EarlyCountConfig, { state, watermark }: OperatorContext) {
    this.#size = size
    this.#state = state
    this.#watermark = watermark
  }

  touches({ row, time }: StreamRecord, _: number, touch: Touch): void {
    touch(String(row[GROUP]), String(windowStart(time, this.#size)))
  }

  process(record: StreamRecord, _: number, out: Output): void {
    const start = windowStart(record.time, this.#size)
    const last = start + this.#size - 1
    if (last <= this.#watermark()) {
      out.late(record)
      return
    }
    const [key, subKey] = [String(record.row[GROUP]), String(start)]
    const [n, sent] = this.#state.get(key, subKey) ?? [0, null]
    this.#state.put(key, subKey, [(n as number) + (record.row[N] as number), sent ?? null], last)
    this.#state.wake(key, subKey)
  }

  onTick({ key, subKey, row }: Tick, out: Output): void {
    this.#send(key, subKey, row, out)
    this.#state.put(key, subKey, [row[0] ?? 0, row[0] ?? 0], Number(subKey) + this.#size - 1)
  }

  onTimer({ key, subKey, row }: DueTimer, out: Output): void {
    this.#send(key, subKey, row, out)
    this.#state.delete(key, subKey)
  }

  #send(group: string, start: string, [n, sent]: Row, out: Output): void {
    if (n === sent) return
    const at = Number(start)
    const resultOf = (sum: number) => eventRow({ at, group, n: sum })
    const time = at + this.#size - 1
    const record = { row: resultOf(n as number), time, sourceTime: time, origin: null }
    out.emit(sent === null ? record : asUpdate(record, resultOf(sent as number)))
  }
}
