import { type DataType, decodeKey, encodeKey, type Field, type Row, scalar, type Value } from '@millrace/expr'
import { defineNode, type Inference } from '@millrace/graph'
import type {
  DueTimer,
  Operator,
  OperatorContext,
  Output,
  PartialOperator,
  PreAggregation,
  Touch,
  TransformRuntime,
} from '../operator.ts'
import type { StreamRecord } from '../record.ts'
import { AT, EVENT_FIELDS, eventRow, GROUP, KEY, N } from './event.ts'

/** A window that adds up the field `n`; all times in ms. */
export interface CountConfig {
  readonly key: ('key' | 'group')[]
  readonly size: number
  readonly lateness: number
  /** Count partly before a cut. */
  readonly preAggregate: boolean
}

/** Tumbling windows per key. A result is an event with the window's start, the key's fields and the sum as `n`. */
export const count = defineNode<CountConfig>({
  type: 'count',
  version: 1,
  kind: 'transform',
  icon: 'window',
  title: 'Count',
  summary: 'Adds up n by key and window.',
  config: { type: 'object' },
  defaults: { key: ['key'], size: 10, lateness: 0, preAggregate: false },
  inputs: [{ name: 'in', label: 'Events', updates: { refused: 'it cannot take back what it has counted' } }],
  outputs: [
    { name: 'out', label: 'Sums' },
    { name: 'late', label: 'Late events', optional: true },
  ],
  digest: () => '',
  infer: ({ key }, { in: input }): Inference => {
    if (!input) return { outputs: {}, issues: [] }
    const isSpread = input.partitionedBy?.every((name) => (key as string[]).includes(name)) ?? false
    const partitionedBy = isSpread ? input.partitionedBy : key
    const out = { fields: EVENT_FIELDS, partitionedBy, eventTimeField: null }
    return { outputs: { out, late: input }, issues: [] }
  },
})

/** How the window runs. */
export const countRuntime: TransformRuntime<CountConfig> = {
  role: 'transform',
  type: 'count',
  eventTime: true,
  keyFields: ({ key }) => key,
  state: ({ key, size }) => ({
    fields: [{ name: 'n', type: scalar('int64', false) }],
    signature: { key, size },
  }),
  preAggregation: (config, _, connected) =>
    config.preAggregate && !connected.has('late') ? preAggregation(config) : null,
  create: (config, context) => new CountWindow(config, context),
}

const RECORDS: Field = { name: '#records', type: scalar('int64', false) }
const RECORDS_AT = EVENT_FIELDS.length

function preAggregation(config: CountConfig): PreAggregation {
  return {
    fields: [...EVENT_FIELDS, RECORDS],
    createPartial: () => new PartialCount(config),
    createMerge: (context) => new CountWindow(config, context, RECORDS_AT),
  }
}

/** The start of the window of a time: floored, so that it holds for negative times. */
export function windowStart(time: number, size: number): number {
  return Math.floor(time / size) * size
}

/** Counts events, or merges partial counts, which carry their number of records. */
class CountWindow implements Operator {
  readonly #config: CountConfig
  readonly #context: OperatorContext
  readonly #recordsAt: number | null

  constructor(config: CountConfig, context: OperatorContext, recordsAt: number | null = null) {
    this.#config = config
    this.#context = context
    this.#recordsAt = recordsAt
  }

  touches({ row, time }: StreamRecord, _: number, touch: Touch): void {
    touch(keyText(row, this.#config), String(windowStart(time, this.#config.size)))
  }

  process(record: StreamRecord, _: number, out: Output): void {
    const { row, time } = record
    const start = windowStart(time, this.#config.size)
    const final = start + this.#config.size - 1 + this.#config.lateness
    if (final <= this.#context.watermark()) {
      out.late(record, this.#recordsAt === null ? 1 : (row[this.#recordsAt] as number))
      return
    }
    const key = keyText(row, this.#config)
    const before = (this.#context.state.get(key, String(start))?.[0] ?? 0) as number
    this.#context.state.put(key, String(start), [before + (row[N] as number)], final)
  }

  onTimer({ key, subKey, row }: DueTimer, out: Output): void {
    this.#context.state.delete(key, subKey)
    const start = Number(subKey)
    const time = start + this.#config.size - 1
    const n = row[0] as number
    out.emit({
      row: eventRow({ at: start, ...keyOf(key, this.#config), n }),
      time,
      sourceTime: time,
      origin: null,
    })
  }
}

/** Adds up by key and window until the next flush. */
class PartialCount implements PartialOperator {
  readonly #config: CountConfig
  readonly #partials = new Map<string, { row: Value[]; sourceTime: number }>()

  constructor(config: CountConfig) {
    this.#config = config
  }

  process({ row, time, sourceTime }: StreamRecord): void {
    const start = windowStart(time, this.#config.size)
    const name = `${start}/${keyText(row, this.#config)}`
    const partial = this.#partials.get(name) ?? {
      row: [...eventRow({ at: start, ...keyFieldsOf(row, this.#config), n: 0 }), 0],
      sourceTime,
    }
    partial.row[N] = (partial.row[N] as number) + (row[N] as number)
    partial.row[RECORDS_AT] = (partial.row[RECORDS_AT] as number) + 1
    this.#partials.set(name, partial)
  }

  flush(out: Output): void {
    for (const { row, sourceTime } of this.#partials.values())
      out.emit({ row, time: (row[AT] as number) + this.#config.size - 1, sourceTime, origin: null })
    this.#partials.clear()
  }
}

const TEXT = scalar('string')
const POSITIONS = { key: KEY, group: GROUP }

function keyText(row: Row, { key }: CountConfig): string {
  return encodeKey(
    key.map((name) => row[POSITIONS[name]] as Value),
    typesOf(key),
  )
}

function keyFieldsOf(row: Row, { key }: CountConfig): { readonly [name in 'key' | 'group']?: string | null } {
  return Object.fromEntries(key.map((name) => [name, row[POSITIONS[name]] as string | null]))
}

function keyOf(text: string, { key }: CountConfig): { readonly [name in 'key' | 'group']?: string | null } {
  const values = decodeKey(text, typesOf(key)) as readonly (string | null)[]
  return Object.fromEntries(key.map((name, i) => [name, values[i] as string | null]))
}

function typesOf(key: CountConfig['key']): readonly DataType[] {
  return key.map(() => TEXT)
}
