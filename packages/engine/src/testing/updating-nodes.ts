import type { Row, Value } from '@millrace/expr'
import { defineNode, type Inference, type StreamSchema } from '@millrace/graph'
import type { KeyedState, Operator, OperatorContext, Output, Touch, TransformRuntime } from '../operator.ts'
import { asDeletion, asNewRow, asUpdate, type StreamRecord } from '../record.ts'
import { EVENT_FIELDS, eventRow, GROUP, KEY, N, VALUE } from './event.ts'

const TRANSFORM = { version: 1, kind: 'transform', icon: 'step', digest: () => '' } as const
const OUT = { name: 'out', label: 'Rows' }

/** Which rows an updating stream tells. */
export interface LatestConfig {
  /** Tell the row that an update replaces. */
  readonly before: boolean
}

/** The latest event of each key; one with a negative value deletes the row of its key. */
export const latest = defineNode<LatestConfig>({
  ...TRANSFORM,
  type: 'latest',
  title: 'Latest',
  summary: 'Keeps the latest event of each key.',
  config: { type: 'object' },
  defaults: { before: true },
  inputs: [{ name: 'in', label: 'Events', updates: { refused: 'the latest is known by arrival' } }],
  outputs: [OUT],
  infer: ({ before }, { in: input }): Inference => ({
    outputs: input ? { out: updating(input.partitionedBy ?? ['key'], ['key'], before) } : {},
    issues: [],
  }),
})

function updating(partitionedBy: readonly string[], key: readonly string[], before: boolean): StreamSchema {
  return { fields: EVENT_FIELDS, partitionedBy, eventTimeField: null, updates: { key, before } }
}

/** How the latest event is kept: one state row per key. */
export const latestRuntime: TransformRuntime<LatestConfig> = {
  role: 'transform',
  type: 'latest',
  eventTime: false,
  keyFields: () => ['key'],
  state: () => ({ fields: EVENT_FIELDS, signature: null }),
  create: ({ before: tells }, { state }) => ({
    touches: ({ row }, _, touch) => touch(String(row[KEY]), ''),
    process(record, _, out) {
      const key = String(record.row[KEY])
      const before = state.get(key, '')
      if ((record.row[VALUE] as number) < 0) {
        state.delete(key, '')
        if (before) out.emit(asDeletion(record, before))
        else out.drop(record, 'there is none')
        return
      }
      state.put(key, '', record.row)
      if (before === undefined) out.emit(record)
      else out.emit(asUpdate(record, tells ? before : undefined))
    },
  }),
}

/** Adds up the values of the rows that stand, by group; takes back what was corrected. A group without rows has none. */
export const sums = defineNode<object>({
  ...TRANSFORM,
  type: 'sums',
  title: 'Sums',
  summary: 'Adds up by group.',
  config: { type: 'object' },
  defaults: {},
  inputs: [{ name: 'in', label: 'Rows', updates: 'with-before' }],
  outputs: [OUT],
  infer: (_, { in: input }): Inference => ({
    outputs: input ? { out: updating(['group'], ['group'], true) } : {},
    issues: [],
  }),
})

/** How sums are kept: the last result of each group, its number of rows in `n`. */
export const sumsRuntime: TransformRuntime<object> = {
  role: 'transform',
  type: 'sums',
  eventTime: false,
  keyFields: () => ['group'],
  state: () => ({ fields: EVENT_FIELDS, signature: null }),
  create: (_, context) => new Sums(context),
}

class Sums implements Operator {
  readonly #state: KeyedState

  constructor({ state }: OperatorContext) {
    this.#state = state
  }

  touches({ row, before }: StreamRecord, _: number, touch: Touch): void {
    touch(String(row[GROUP]), '')
    if (before) touch(String(before[GROUP]), '')
  }

  process(record: StreamRecord, _: number, out: Output): void {
    const { row, kind, before } = record
    if (before && before[GROUP] !== row[GROUP]) throw new Error('a move came whole')
    const key = String(row[GROUP])
    const was = this.#state.get(key, '')
    const sign = kind === 'delete' ? -1 : 1
    const value = sign * number(row[VALUE]) - number(before?.[VALUE])
    const rows = number(was?.[N]) + (kind === 'update' ? 0 : sign)
    const sum = eventRow({
      at: 0,
      group: row[GROUP] as string | null,
      value: number(was?.[VALUE]) + value,
      n: rows,
    })
    this.#replace(record, key, was, rows === 0 ? undefined : sum, out)
  }

  #replace(record: StreamRecord, key: string, was: Row | undefined, is: Row | undefined, out: Output): void {
    if (is) this.#state.put(key, '', is)
    else this.#state.delete(key, '')
    const one = { ...asNewRow(record), origin: null }
    if (is && was) out.emit(asUpdate({ ...one, row: is }, was))
    else if (is) out.emit({ ...one, row: is })
    else if (was) out.emit(asDeletion(one, was))
  }
}

function number(value: Value | undefined): number {
  return (value ?? 0) as number
}

/** Fields of what a table holds. */
const TABLE_KEYS = { latest: KEY, sums: GROUP } as const

/** What the records of an updating stream leave behind, by key; throws where one does not fit what was there. */
export class Table {
  readonly rows = new Map<Value, Row>()
  readonly #key: number

  constructor(node: keyof typeof TABLE_KEYS) {
    this.#key = TABLE_KEYS[node]
  }

  take({ row, kind, before }: StreamRecord): void {
    const key = row[this.#key] as Value
    const was = this.rows.get(key)
    if ((kind === undefined) !== (was === undefined))
      throw new Error(`${kind ?? 'row'} of ${key} does not fit`)
    if (before && JSON.stringify(before) !== JSON.stringify(was))
      throw new Error(`the row before of ${key} is another`)
    if (kind === 'delete') this.rows.delete(key)
    else this.rows.set(key, row)
  }
}
