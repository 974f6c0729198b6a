import {
  createRowCodec,
  decodeStateRow,
  encodeStateRow,
  type KeyedState,
  type Operator,
  type RangeOptions,
  type RowCodec,
  type StreamRecord,
  type SubRow,
  type TransformRuntime,
} from '@millrace/engine'
import type { Row } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import { Collector, recordOf } from './memory-state.test-helper.ts'

interface Stored {
  readonly key: string
  readonly subKey: string
  row: Row
  timer: number | undefined
}

/** Ordered keyed state over a list. */
export class ListState implements KeyedState {
  stored: Stored[] = []
  readonly woken = new Set<string>()

  get(key: string, subKey: string): Row | undefined {
    return this.#find(key, subKey)?.row
  }

  put(key: string, subKey: string, row: Row, timer?: number): void {
    const known = this.#find(key, subKey)
    if (known === undefined) this.stored.push({ key, subKey, row, timer })
    else Object.assign(known, { row, timer })
  }

  delete(key: string, subKey: string): void {
    this.stored = this.stored.filter((one) => one.key !== key || one.subKey !== subKey)
  }

  wake(key: string, subKey: string): void {
    this.woken.add(JSON.stringify([key, subKey]))
  }

  range(key: string, { from = '', to, reverse = false, limit }: RangeOptions = {}): readonly SubRow[] {
    const rows = this.stored
      .filter((one) => one.key === key && one.subKey >= from && (to === undefined || one.subKey < to))
      .sort((a, b) => (a.subKey < b.subKey ? -1 : 1))
    return (reverse ? rows.reverse() : rows).slice(0, limit)
  }

  /** The timer that is due first. */
  due(watermark: number): Stored | undefined {
    const name = ({ key, subKey }: Stored) => `${key}/${subKey}`
    return this.stored
      .filter(({ timer }) => timer !== undefined && timer <= watermark)
      .sort((a, b) => (a.timer as number) - (b.timer as number) || (name(a) < name(b) ? -1 : 1))[0]
  }

  #find(key: string, subKey: string): Stored | undefined {
    return this.stored.find((one) => one.key === key && one.subKey === subKey)
  }
}

/** Drives an operator with one input by hand: events, watermarks and restarts. */
export class OperatorDriver<Config> {
  readonly state = new ListState()
  readonly #runtime: TransformRuntime<Config>
  readonly #config: Config
  readonly #input: StreamSchema
  readonly #codec: RowCodec
  #operator: Operator
  #watermark = Number.NEGATIVE_INFINITY

  constructor(runtime: TransformRuntime<Config>, config: Config, input: StreamSchema) {
    this.#runtime = runtime
    this.#config = config
    this.#input = input
    this.#codec = createRowCodec(runtime.state?.(config, [input]).fields ?? [])
    this.#operator = this.#create()
  }

  get watermark(): number {
    return this.#watermark
  }

  /** Handles one event. */
  feed(row: Row, time: number, change: Pick<StreamRecord, 'kind' | 'before'> = {}): Collector {
    const out = new Collector()
    this.#operator.process({ ...recordOf(row, time), ...change }, 0, out)
    return out
  }

  /** Moves the watermark on and fires what is due. */
  advance(watermark: number): readonly StreamRecord[] {
    const out = new Collector()
    this.#watermark = Math.max(watermark, this.#watermark)
    for (let due = this.state.due(this.#watermark); due; due = this.state.due(this.#watermark)) {
      const { key, subKey, row } = due
      const time = due.timer as number
      this.#operator.onTimer?.({ key, subKey, row, time }, out)
      const again = this.state.stored.find((one) => one.key === key && one.subKey === subKey)?.timer
      if (again !== undefined && again <= time) throw new Error('the timer has been left as it was')
    }
    return out.emitted
  }

  /** A tick of processing time. */
  tick(now: number): readonly StreamRecord[] {
    const out = new Collector()
    const names = [...this.state.woken].map((name) => JSON.parse(name) as [string, string])
    this.state.woken.clear()
    for (const [key, subKey] of names) {
      const row = this.state.get(key, subKey)
      if (row !== undefined) this.#operator.onTick?.({ now, key, subKey, row }, out)
    }
    return out.emitted
  }

  /** Goes on with what was committed. */
  restart(): void {
    for (const one of this.state.stored) {
      const bytes = encodeStateRow({ row: one.row, timer: one.timer }, this.#codec)
      one.row = decodeStateRow(bytes, this.#codec).row
    }
    this.#operator = this.#create()
  }

  #create(): Operator {
    return this.#runtime.create(this.#config, {
      ...{ nodeId: 'node', inputs: [this.#input], state: this.state },
      watermark: () => this.#watermark,
    })
  }
}
