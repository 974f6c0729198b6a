import { type Static, Type } from 'typebox'
import { problemSchema } from './deployments.ts'
import { deploymentSummarySchema } from './pipelines.ts'
import { closed, timeSchema } from './shared.ts'

const nullableNumber = Type.Union([Type.Number(), Type.Null()])

/** One node over all its tasks. */
export const liveNodeSchema = Type.Object(
  {
    nodeId: Type.String(),
    /** Totals since the node's state began; exact. */
    in: Type.Number(),
    out: Type.Number(),
    filtered: Type.Number(),
    late: Type.Number(),
    errors: Type.Number(),
    /** Records per second. */
    inRate: Type.Number(),
    outRate: Type.Number(),
    errorRate: Type.Number(),
    lateRate: Type.Number(),
    /** Time since the source record's timestamp, ms; null where nothing came through. */
    p50: nullableNumber,
    p99: nullableNumber,
    /** Smallest over the tasks, epoch ms. */
    watermark: nullableNumber,
  },
  closed,
)

/** One partition of a source, reference or outbox. */
export const livePartitionSchema = Type.Object(
  {
    nodeId: Type.String(),
    kind: Type.Enum(['source', 'reference', 'repartition', 'outbox']),
    partition: Type.Integer(),
    lag: Type.Number(),
    watermark: nullableNumber,
    idle: Type.Boolean(),
    paused: Type.Union([Type.String(), Type.Null()]),
  },
  closed,
)

/** One event of `GET /api/pipelines/:id/live` (server-sent events, about one a second). */
export const liveFrameSchema = Type.Object(
  {
    at: timeSchema,
    deployment: deploymentSummarySchema,
    nodes: Type.Array(liveNodeSchema),
    partitions: Type.Array(livePartitionSchema),
    commits: Type.Object(
      { perSecond: Type.Number(), meanMs: nullableNumber, bytesPerSecond: Type.Number() },
      closed,
    ),
    executors: Type.Integer(),
    problems: Type.Array(problemSchema),
  },
  closed,
)

/** `GET /api/pipelines/:id/history?minutes=60`: frames kept at 10 s for 24 h, oldest first. */
export const liveHistorySchema = Type.Object({ frames: Type.Array(liveFrameSchema) }, closed)

/** An event as a node of a running pipeline saw it. */
export const liveSampleSchema = Type.Object(
  {
    nodeId: Type.String(),
    side: Type.Enum(['in', 'out', 'dropped', 'late']),
    /** Index of the input, or of the output. */
    port: Type.Integer(),
    /** When it was seen, and its event time, epoch ms. */
    at: timeSchema,
    time: Type.Number(),
    /** The row as JSON, without sensitive fields; null where it is too long. */
    row: Type.Union([Type.String(), Type.Null()]),
    /** Names of the fields that are left out. */
    masked: Type.Array(Type.String()),
    /** Why it was dropped; else null. */
    cause: Type.Union([Type.String(), Type.Null()]),
    /** Topic, partition and offset; null where it was made of several. */
    origin: Type.Union([Type.String(), Type.Null()]),
  },
  closed,
)

/** One event of `GET /api/pipelines/:id/nodes/:nodeId/events` (server-sent events, about one a second). */
export const liveSamplesSchema = Type.Object({ samples: Type.Array(liveSampleSchema) }, closed)

export type LiveSample = Static<typeof liveSampleSchema>
export type LiveSamples = Static<typeof liveSamplesSchema>
export type LiveNode = Static<typeof liveNodeSchema>
export type LivePartition = Static<typeof livePartitionSchema>
export type LiveFrame = Static<typeof liveFrameSchema>
export type LiveHistory = Static<typeof liveHistorySchema>
