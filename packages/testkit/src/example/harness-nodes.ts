import type {
  Decoded,
  RawRecord,
  TopicSinkRuntime,
  TopicSourceRuntime,
  TransformRuntime,
} from '@millrace/engine'
import { asDeletion, asUpdate, withRow } from '@millrace/engine'
import { decodeJson, encodeJson, type Field, parseType, type Row, scalar } from '@millrace/expr'
import { defineNode, type Inference, type StreamSchema, type StreamUpdates } from '@millrace/graph'
import { Type } from 'typebox'
import { exactJson } from './exact-json.ts'

/**
 * The distance between a row's event time and the watermark that it moves: so large that rows move none. Only ticks
 * do, and their event time is as much ahead.
 */
const NEVER = 9e15

/** Watermarks of an example stay below this (the year 2191), so that the times of ticks are exact numbers. */
const LAST_WATERMARK = 7e12

interface FeedConfig {
  readonly fields: readonly { readonly name: string; readonly type: string }[]
  readonly keyedBy: readonly string[] | null
  readonly eventTime: string | null
}

/** Leads the rows of an example, and nothing but its watermarks, into the node. */
const TICK: Field = { name: '#tick', type: scalar('boolean', false) }
const TIME: Field = { name: '#time', type: scalar('int64', false) }

/** Null for a new row; `delete`; `update`, or the JSON of the row before. */
const CHANGE: Field = { name: '#change', type: scalar('string') }

/** The value of the record that carries a row; for `change` see `CHANGE`. */
export function rowValue(
  row: Readonly<Record<string, unknown>>,
  time: number,
  change: string | null,
): Record<string, unknown> {
  return { ...row, [TICK.name]: false, [TIME.name]: time, [CHANGE.name]: change }
}

/** The value of the record that moves the watermark of its partition. */
export function tickValue(watermark: number): Record<string, unknown> {
  if (watermark > LAST_WATERMARK) throw new Error(`a watermark of an example is at most ${LAST_WATERMARK}`)
  return { [TICK.name]: true, [TIME.name]: watermark + NEVER + 1 }
}

/** The schema of what an example feeds. */
export function feedConfig(
  { fields, partitionedBy, eventTimeField }: StreamSchema,
  types: readonly string[],
): FeedConfig {
  return {
    fields: fields.map(({ name }, i) => ({ name, type: types[i] ?? '' })),
    keyedBy: partitionedBy,
    eventTime: eventTimeField,
  }
}

function fieldsOf({ fields }: FeedConfig): readonly Field[] {
  return fields.map(({ name, type }) => {
    const parsed = parseType(type)
    if (!parsed.ok) throw new Error(`no type: ${type}`)
    return { name, type: parsed.type }
  })
}

const anyConfig = Type.Object({}, { additionalProperties: true })

/** Rows and ticks, as records. */
export const feed = defineNode<FeedConfig>({
  type: 'test-feed',
  version: 1,
  kind: 'source',
  title: 'Feed',
  summary: 'Rows and ticks of an example.',
  icon: 'source',
  config: anyConfig,
  defaults: { fields: [], keyedBy: null, eventTime: null },
  inputs: [],
  outputs: [{ name: 'out', label: 'Rows and ticks' }],
  digest: () => '',
  infer: (config) => {
    const { keyedBy: partitionedBy, eventTime: eventTimeField } = config
    return {
      outputs: { out: { fields: [TICK, CHANGE, ...fieldsOf(config)], partitionedBy, eventTimeField } },
      issues: [],
    }
  },
})

/** How the feed is read. */
export const feedRuntime: TopicSourceRuntime<FeedConfig> = {
  role: 'topic-source',
  type: 'test-feed',
  topic: () => ({ connection: 'test', topic: 'feed' }),
  time: () => ({ outOfOrderness: NEVER, idleTimeout: null, maxAhead: null }),
  createDecoder: (config) => {
    const fields = fieldsOf(config)
    const decodeMark = decodeJson([TICK, TIME, CHANGE])
    const decodeRow = decodeJson(fields)
    const nothing = fields.map(() => null)
    return ({ value }: RawRecord): Decoded => {
      const bytes = value as Uint8Array
      const [tick, time, change] = decodeMark(bytes)
      const row = tick === true ? nothing : decodeRow(bytes)
      return { row: [tick as boolean, change as string | null, ...row], time: time as number }
    }
  },
}

interface GateConfig {
  readonly updates: StreamUpdates | null
}

/** Holds ticks back: the node behind it sees the watermark that they move, and rows or changes of rows alone. */
export const gate = defineNode<GateConfig>({
  type: 'test-gate',
  version: 1,
  kind: 'transform',
  title: 'Gate',
  summary: 'Lets rows through, and no ticks.',
  icon: 'filter',
  config: anyConfig,
  defaults: { updates: null },
  inputs: [{ name: 'in', label: 'Rows and ticks', updates: { refused: 'it makes changes itself' } }],
  outputs: [{ name: 'out', label: 'Rows' }],
  digest: () => '',
  infer: ({ updates }, { in: input }): Inference => ({
    outputs: input ? { out: { ...input, fields: input.fields.slice(2), ...(updates && { updates }) } } : {},
    issues: [],
  }),
})

/** How the gate runs. */
export const gateRuntime: TransformRuntime<GateConfig> = {
  role: 'transform',
  type: 'test-gate',
  eventTime: false,
  create: (_, { inputs: [input] }) => {
    const decodeBefore = decodeJson(input?.fields.slice(2) ?? [])
    return {
      process(record, _input, out) {
        const [tick, change, ...row] = record.row
        const passed = withRow(record, row)
        if (tick === true) out.drop(record, 'tick')
        else if (change === null) out.emit(passed)
        else if (change === 'delete') out.emit(asDeletion(passed, row))
        else if (change === 'update') out.emit(asUpdate(passed))
        else out.emit(asUpdate(passed, decodeBefore(utf8.encode(change as string))))
      },
    }
  },
}

const utf8 = new TextEncoder()

/** Takes what comes out, as JSON; of an updating stream by key. */
export const collect = defineNode<object>({
  type: 'test-collect',
  version: 1,
  kind: 'sink',
  title: 'Collect',
  summary: 'Takes what comes out.',
  icon: 'sink',
  config: anyConfig,
  defaults: {},
  inputs: [{ name: 'in', label: 'Rows', updates: 'by-key' }],
  outputs: [],
  digest: () => '',
  infer: () => ({ outputs: {}, issues: [] }),
})

/** How rows are taken. */
export const collectRuntime: TopicSinkRuntime<object> = {
  role: 'topic-sink',
  type: 'test-collect',
  topic: () => ({ connection: 'test', topic: 'collect' }),
  createEncoder: (_, { fields, updates }) => {
    const encode = encodeJson(fields)
    if (updates === undefined) return ({ row }) => ({ key: null, value: encode(row) })
    const positions = updates.key.map((name) => fields.findIndex((field) => field.name === name))
    const keyOf = (row: Row) => exactJson(positions.map((position) => row[position]))
    return ({ row, kind }) => ({ key: keyOf(row), value: kind === 'delete' ? null : encode(row) })
  },
}
