import { defineNode, type Inference, type StreamSchema } from '@millrace/graph'
import {
  type Decoded,
  type GeneratorSourceRuntime,
  type OutboxSinkRuntime,
  RecordError,
  type SourceTime,
  type TopicSinkRuntime,
  type TopicSourceRuntime,
  type TransformRuntime,
} from '../operator.ts'
import { type StreamRecord, withRow } from '../record.ts'
import { decodeEvent, EVENT_FIELDS, eventJson, eventRow, GROUP, KEY, VALUE } from './event.ts'

const ANY_CONFIG = { type: 'object' }
const IN = { name: 'in', label: 'Events', updates: 'by-key' } as const
const REFUSED = { refused: 'rows of both inputs could have one key' }
const OUT = { name: 'out', label: 'Events' }
const SOURCE = { version: 1, kind: 'source', icon: 'source', config: ANY_CONFIG, digest: () => '' } as const
const TRANSFORM = {
  version: 1,
  kind: 'transform',
  icon: 'step',
  config: ANY_CONFIG,
  digest: () => '',
} as const
const SINK = { version: 1, kind: 'sink', icon: 'sink', config: ANY_CONFIG, digest: () => '' } as const

/** How test events stand in their partitions. */
export interface EventsConfig extends SourceTime {
  readonly keyedBy: string[] | null
}

const EVENTS: EventsConfig = { keyedBy: null, outOfOrderness: 0, idleTimeout: null, maxAhead: null }

function eventStream(partitionedBy: readonly string[] | null): StreamSchema {
  return { fields: EVENT_FIELDS, partitionedBy, eventTimeField: 'at' }
}

function passOn({ in: input }: { readonly in?: StreamSchema | null }): Inference {
  return { outputs: input ? { out: input } : {}, issues: [] }
}

/** A source of events that a test writes. */
export const events = defineNode<EventsConfig>({
  ...SOURCE,
  type: 'events',
  title: 'Events',
  summary: 'Events of a test.',
  defaults: EVENTS,
  inputs: [],
  outputs: [OUT],
  infer: ({ keyedBy }) => ({ outputs: { out: eventStream(keyedBy) }, issues: [] }),
})

/** How events are read. */
export const eventsRuntime: TopicSourceRuntime<EventsConfig> = {
  role: 'topic-source',
  type: 'events',
  topic: () => ({ connection: 'test', topic: 'events' }),
  time: (config) => config,
  createDecoder: () => decodeEvent,
}

/** Makes events: event i of partition p has the time `start + i`, key `p` and value i. */
export const numbers = defineNode<{ readonly partitions: number }>({
  ...SOURCE,
  type: 'numbers',
  title: 'Numbers',
  summary: 'Counts.',
  defaults: { partitions: 1 },
  inputs: [],
  outputs: [OUT],
  infer: () => ({ outputs: { out: eventStream(null) }, issues: [] }),
})

/** How numbers are made. */
export const numbersRuntime: GeneratorSourceRuntime<{ readonly partitions: number }> = {
  role: 'generator-source',
  type: 'numbers',
  partitions: ({ partitions }) => partitions,
  rate: () => 1000,
  time: () => EVENTS,
  createGenerator:
    (_, partition, start) =>
    (index): Decoded => ({
      row: eventRow({ at: start + index, key: String(partition), value: index }),
      time: start + index,
    }),
}

/** Stateless: keeps events with an odd value; a negative value is an error. */
export const odd = defineNode<object>({
  ...TRANSFORM,
  type: 'odd',
  title: 'Odd',
  summary: 'Keeps odd values.',
  defaults: {},
  inputs: [IN],
  outputs: [OUT],
  infer: (_, inputs) => passOn(inputs),
})

/** How odd values are kept. */
export const oddRuntime: TransformRuntime<object> = {
  role: 'transform',
  type: 'odd',
  eventTime: false,
  create: () => ({
    process(record, _, out) {
      const value = record.row[VALUE] as number
      if (value < 0) throw new RecordError('negative', `The value ${value} is negative.`)
      if (value % 2 === 1) out.emit(record)
      else out.drop(record, 'even')
    },
  }),
}

/** Two inputs, one output; the group becomes the name of the input. */
export const merge = defineNode<object>({
  ...TRANSFORM,
  type: 'merge',
  title: 'Merge',
  summary: 'Puts two streams together.',
  defaults: {},
  inputs: [
    { name: 'left', label: 'Left', updates: REFUSED },
    { name: 'right', label: 'Right', updates: REFUSED },
  ],
  outputs: [OUT],
  infer: (_, { left, right }): Inference => ({
    outputs: left && right ? { out: eventStream(null) } : {},
    issues: [],
  }),
})

/** How two streams are put together. */
export const mergeRuntime: TransformRuntime<object> = {
  role: 'transform',
  type: 'merge',
  eventTime: true,
  create: () => ({
    process(record, input, out) {
      const row = record.row.slice()
      row[GROUP] = input === 0 ? 'left' : 'right'
      out.emit(withRow(record, row))
    },
  }),
}

/** As `merge`, but events meet those of the same key; what arrives passes on. */
export const pair = defineNode<object>({ ...merge, type: 'pair', title: 'Pair' })

/** How pairs are made: as `merge`, in the task of the key. */
export const pairRuntime: TransformRuntime<object> = {
  ...mergeRuntime,
  type: 'pair',
  keyFields: () => ['key'],
}

/** One input that takes many edges. */
export const union = defineNode<object>({
  ...TRANSFORM,
  type: 'union',
  title: 'Union',
  summary: 'Puts streams together.',
  defaults: {},
  inputs: [{ ...IN, edges: 'many' }],
  outputs: [OUT],
  infer: (_, inputs) => passOn(inputs),
})

/** How a union runs. */
export const unionRuntime: TransformRuntime<object> = {
  role: 'transform',
  type: 'union',
  eventTime: false,
  create: () => ({ process: (record, _, out) => out.emit(record) }),
}

/** Sets the group to what the reference topic says of the key; a key without a row is an error. */
export const lookup = defineNode<object>({ ...odd, type: 'lookup', title: 'Look-up', summary: 'Looks up.' })

/** How a look-up runs. A reference record carries an event: its key, and the group that the key gets. */
export const lookupRuntime: TransformRuntime<object> = {
  role: 'transform',
  type: 'lookup',
  eventTime: false,
  reference: () => ({ connection: 'test', topic: 'groups' }),
  create: () => {
    const groups = new Map<unknown, string>()
    return {
      onReference(record) {
        const { row } = decodeEvent(record)
        groups.set(row[KEY], row[GROUP] as string)
      },
      process(record, _, out) {
        const group = groups.get(record.row[KEY])
        if (group === undefined) throw new RecordError('no_group', 'The key has no group.')
        const row = record.row.slice()
        row[GROUP] = group
        out.emit(withRow(record, row))
      },
    }
  },
}

/** Takes everything into a topic. */
export const sink = defineNode<object>({
  ...SINK,
  type: 'sink',
  title: 'Sink',
  summary: 'Takes everything.',
  defaults: {},
  inputs: [IN],
  outputs: [],
  infer: () => ({ outputs: {}, issues: [] }),
})

/** How events go into a topic: as JSON, keyed as they are. */
export const sinkRuntime: TopicSinkRuntime<object> = {
  role: 'topic-sink',
  type: 'sink',
  topic: () => ({ connection: 'test', topic: 'results' }),
  createEncoder:
    () =>
    ({ row }: StreamRecord) => ({ key: row[KEY] as string | null, value: eventJson(row) }),
}

/** Takes everything as documents. */
export const documents = defineNode<object>({ ...sink, type: 'documents', title: 'Documents' })

/** How events become documents. */
export const documentsRuntime: OutboxSinkRuntime<object> = {
  role: 'outbox-sink',
  type: 'documents',
  createDocuments:
    () =>
    ({ row }: StreamRecord) => ({
      op: 'index',
      target: 'events',
      id: String(row[KEY]),
      body: eventJson(row),
    }),
}
