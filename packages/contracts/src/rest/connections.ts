import { type Static, Type } from 'typebox'
import { closed, timeSchema } from './shared.ts'

/** Connections are named by people; the name is the id that nodes refer to. */
export const connectionIdSchema = Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' })

const settingsSchema = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 2000 }))

/** A connection as it is shown: secrets are write-only, only their names come back. */
export const connectionSchema = Type.Object(
  {
    id: connectionIdSchema,
    kind: Type.Union([Type.Literal('kafka'), Type.Literal('elasticsearch')]),
    label: Type.String({ maxLength: 100 }),
    settings: settingsSchema,
    secretNames: Type.Array(Type.String()),
    updatedAt: timeSchema,
  },
  closed,
)

/** `PUT /api/connections/:id`: creates or changes. A change of address needs all secrets anew. */
export const saveConnectionSchema = Type.Object(
  {
    kind: connectionSchema.properties.kind,
    label: connectionSchema.properties.label,
    settings: settingsSchema,
    secrets: Type.Optional(settingsSchema),
  },
  closed,
)

/** `POST /api/connections/:id/check` */
export const connectionCheckSchema = Type.Object({ ok: Type.Boolean(), message: Type.String() }, closed)

/** `GET /api/connections/:id/topics` */
export const topicsSchema = Type.Object(
  { topics: Type.Array(Type.Object({ name: Type.String(), partitions: Type.Integer() }, closed)) },
  closed,
)

/** `GET /api/connections/:id/topics/:topic?pipeline=…`: what a topic holds. */
export const topicFactsSchema = Type.Object(
  {
    topic: Type.String(),
    partitions: Type.Array(
      Type.Object(
        {
          partition: Type.Integer(),
          /** Offset of the oldest record, and the offset behind the newest one that is committed. */
          low: Type.Integer(),
          high: Type.Integer(),
          /** Records that the pipeline has not read yet; null while it does not read the topic. */
          lag: Type.Union([Type.Integer(), Type.Null()]),
        },
        closed,
      ),
    ),
    /** Only the newest record of each key is kept for certain. */
    compacted: Type.Boolean(),
    /** How long records are kept, ms; null: for ever. */
    retentionMs: Type.Union([Type.Integer(), Type.Null()]),
  },
  closed,
)

/** One record of a sample; key and value base64, null where there is none. */
export const sampleRecordSchema = Type.Object(
  {
    partition: Type.Integer(),
    offset: Type.Integer(),
    timestamp: timeSchema,
    key: Type.Union([Type.String(), Type.Null()]),
    value: Type.Union([Type.String(), Type.Null()]),
  },
  closed,
)

/** A field that a sample suggests; the type as text, `confidence` the share of the values that it can read, 0 to 1. */
export const proposedFieldSchema = Type.Object(
  {
    name: Type.String(),
    type: Type.String(),
    confidence: Type.Number({ minimum: 0, maximum: 1 }),
    /** All its values, where they are few texts, the most frequent first. */
    values: Type.Optional(Type.Array(Type.String())),
    remarks: Type.Array(Type.String()),
  },
  closed,
)

/** The fields that a sample suggests, and what is left out and why. */
export const proposedFieldsSchema = Type.Object(
  {
    fields: Type.Array(proposedFieldSchema),
    issues: Type.Array(Type.Object({ path: Type.Array(Type.String()), message: Type.String() }, closed)),
    /** Records that were JSON objects, and records that were not. */
    read: Type.Integer(),
    unread: Type.Integer(),
  },
  closed,
)

/**
 * `GET /api/connections/:id/topics/:topic/sample?limit=1000&partition=0&from=latest|earliest&fields=double|decimal`, in
 * offset order. With `offset` or `time` (epoch ms), `earliest` begins there. With `fields` it proposes fields too, and numbers with a fraction become that type.
 */
export const topicSampleSchema = Type.Object(
  {
    topic: Type.String(),
    partitions: Type.Integer(),
    /** The one partition that was sampled; null: all. */
    partition: Type.Union([Type.Integer(), Type.Null()]),
    records: Type.Array(sampleRecordSchema),
    proposed: Type.Optional(proposedFieldsSchema),
  },
  closed,
)

/** `GET /api/connections/:id/mappings/:alias`: how the indices behind an alias hold their fields. */
export const existingMappingSchema = Type.Object(
  {
    indices: Type.Array(Type.String()),
    /** The alias is the name of an index that Millrace did not make. */
    isIndex: Type.Boolean(),
    /** `types` has several where indices differ. */
    fields: Type.Array(Type.Object({ name: Type.String(), types: Type.Array(Type.String()) }, closed)),
  },
  closed,
)

/** `POST /api/pipelines/:id/nodes/:nodeId/search`: the documents behind an Elasticsearch sink. */
export const searchSchema = Type.Object(
  {
    /** Words and `field:value` terms; empty: everything. */
    query: Type.String({ maxLength: 500 }),
    /** Of the sink's time field, epoch ms. */
    from: Type.Optional(timeSchema),
    to: Type.Optional(timeSchema),
    size: Type.Integer({ minimum: 1, maximum: 100 }),
  },
  closed,
)

/** The newest matching documents. */
export const searchResultSchema = Type.Object(
  {
    total: Type.Integer(),
    /** True where there are more than `total` says. */
    more: Type.Boolean(),
    tookMs: Type.Integer(),
    documents: Type.Array(
      Type.Object(
        { index: Type.String(), id: Type.String(), source: Type.String({ description: 'JSON text' }) },
        closed,
      ),
    ),
  },
  closed,
)

/** `GET /api/pipelines/:id/dead-letters?limit=50`: the newest ones. */
export const deadLettersSchema = Type.Object(
  {
    total: Type.Integer(),
    letters: Type.Array(
      Type.Object(
        {
          at: timeSchema,
          nodeId: Type.String(),
          code: Type.String(),
          message: Type.String(),
          source: Type.Union([Type.String(), Type.Null()], { description: 'topic/partition/offset' }),
          /** The first 4 kB as text; null where it is no UTF-8. */
          preview: Type.Union([Type.String(), Type.Null()]),
          bytes: Type.Integer(),
        },
        closed,
      ),
    ),
  },
  closed,
)

/** `GET /api/system`: the servers behind Millrace and what they promise. */
export const systemSchema = Type.Object(
  {
    services: Type.Array(
      Type.Object({ name: Type.String(), ok: Type.Boolean(), message: Type.String() }, closed),
    ),
    executors: Type.Array(
      Type.Object(
        { id: Type.String(), startedAt: timeSchema, tasks: Type.Integer(), leaving: Type.Boolean() },
        closed,
      ),
    ),
  },
  closed,
)

export type ConnectionBody = Static<typeof connectionSchema>
export type SaveConnection = Static<typeof saveConnectionSchema>
export type ConnectionCheck = Static<typeof connectionCheckSchema>
export type Topics = Static<typeof topicsSchema>
export type TopicFacts = Static<typeof topicFactsSchema>
export type ExistingMapping = Static<typeof existingMappingSchema>
export type SampleRecord = Static<typeof sampleRecordSchema>
export type ProposedFieldsBody = Static<typeof proposedFieldsSchema>
export type TopicSample = Static<typeof topicSampleSchema>
export type Search = Static<typeof searchSchema>
export type SearchResult = Static<typeof searchResultSchema>
export type DeadLetters = Static<typeof deadLettersSchema>
export type SystemBody = Static<typeof systemSchema>
