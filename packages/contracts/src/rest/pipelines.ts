import { graphSchema } from '@millrace/graph'
import { type Static, Type } from 'typebox'
import { DEPLOYMENT_STATES } from '../runtime/lifecycle.ts'
import { apiErrorSchema, closed, idSchema, issueSchema, timeSchema } from './shared.ts'

/** How a pipeline's deployment stands, in short. */
export const deploymentSummarySchema = Type.Object(
  {
    state: Type.Enum(DEPLOYMENT_STATES),
    /** The version that runs or ran last; null before the first publish. */
    version: Type.Union([Type.Integer(), Type.Null()]),
    /** One clause that says why, where all is not well. */
    reason: Type.Union([Type.String(), Type.Null()]),
    since: timeSchema,
  },
  closed,
)

/** One row of `GET /api/pipelines`. */
export const pipelineRowSchema = Type.Object(
  {
    id: idSchema,
    name: Type.String(),
    updatedAt: timeSchema,
    /** Events per second into the sources, and records behind; null while nothing is known. */
    rate: Type.Union([Type.Number(), Type.Null()]),
    lag: Type.Union([Type.Number(), Type.Null()]),
    nodes: Type.Integer(),
    errors: Type.Integer({ description: 'Mistakes in the draft' }),
    /** True where the draft says something else than the live version; layout does not count. */
    unpublished: Type.Boolean(),
    deployment: deploymentSummarySchema,
  },
  closed,
)

/** `POST /api/pipelines` */
export const createPipelineSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    /** Id of a template (`GET /api/templates`); absent: an empty canvas. */
    template: Type.Optional(Type.String({ maxLength: 64 })),
  },
  closed,
)

/** One row of `GET /api/templates`. */
export const templateSchema = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    summary: Type.String(),
    /** What is learnt from it. */
    teaches: Type.String(),
    topics: Type.Array(Type.Enum(['search', 'count', 'detect', 'join'])),
    /** Makes its own sample events. */
    isGenerated: Type.Boolean(),
    /** By node type: the name of its symbol. */
    icons: Type.Record(Type.String(), Type.String()),
    graph: graphSchema,
  },
  closed,
)

/** A draft; its revision grows with every save. */
export const draftSchema = Type.Object(
  { graph: graphSchema, revision: Type.Integer(), savedAt: timeSchema, savedBy: Type.String() },
  closed,
)

/** `GET /api/pipelines/:id` */
export const pipelineSchema = Type.Object(
  {
    id: idSchema,
    name: Type.String(),
    draft: draftSchema,
    /** The version that was published last, as it was; null before the first publish. */
    live: Type.Union([
      Type.Object({ version: Type.Integer(), graph: graphSchema, publishedAt: timeSchema }, closed),
      Type.Null(),
    ]),
    deployment: deploymentSummarySchema,
  },
  closed,
)

/** A graph as it is sent: judged by `parseGraph`, which says in words what is wrong with it, not by its schema. */
const sentGraphSchema = Type.Unsafe<Static<typeof graphSchema>>(
  Type.Object({}, { description: 'A pipeline, as the draft of a pipeline has it' }),
)

/** `PUT /api/pipelines/:id/draft`; answered with 409 `draft_changed` and the newer draft where the revision is not the newest. */
export const saveDraftSchema = Type.Object(
  { graph: sentGraphSchema, revision: Type.Integer({ minimum: 0 }) },
  closed,
)

/** The 409 answer to a draft that was saved over: the error, and the newer draft. */
export const draftConflictSchema = Type.Object({ ...apiErrorSchema.properties, draft: draftSchema }, closed)

/** The answer to a saved draft. */
export const savedDraftSchema = Type.Object({ revision: Type.Integer(), savedAt: timeSchema }, closed)

/** One row of `GET /api/pipelines/:id/versions`, newest first. */
export const versionRowSchema = Type.Object(
  {
    version: Type.Integer(),
    publishedAt: timeSchema,
    publishedBy: Type.String(),
    checksum: Type.String(),
    live: Type.Boolean(),
  },
  closed,
)

/** `GET /api/pipelines/:id/versions/:version` */
export const versionSchema = Type.Object({ ...versionRowSchema.properties, graph: graphSchema }, closed)

/** What a publish would do to the state of a node. */
export const stateFateSchema = Type.Object(
  {
    nodeId: Type.String(),
    label: Type.String(),
    fate: Type.Union([
      Type.Literal('keep'),
      Type.Literal('empty'),
      Type.Literal('new'),
      Type.Literal('removed'),
    ]),
    /** Why, in one clause. */
    reason: Type.String(),
  },
  closed,
)

/** `GET /api/pipelines/:id/publish-plan`: what pressing Publish would do with the saved draft. */
export const publishPlanSchema = Type.Object(
  {
    nextVersion: Type.Integer(),
    liveVersion: Type.Union([Type.Integer(), Type.Null()]),
    /** Errors refuse the publish. From the graph, and from asking the connected systems. */
    issues: Type.Array(issueSchema),
    /** Node ids by what changed since the live version. */
    changes: Type.Object(
      {
        added: Type.Array(Type.String()),
        removed: Type.Array(Type.String()),
        changed: Type.Array(Type.String()),
      },
      closed,
    ),
    /** How its tests went; those that failed stand among the issues. */
    tests: Type.Object({ required: Type.Boolean(), passed: Type.Integer(), failed: Type.Integer() }, closed),
    state: Type.Array(stateFateSchema),
    /** True where the running version first empties its internal topics. */
    drains: Type.Boolean(),
    /** Topics and indices that will be created. */
    creates: Type.Array(Type.String()),
  },
  closed,
)

export type DeploymentSummary = Static<typeof deploymentSummarySchema>
export type PipelineRow = Static<typeof pipelineRowSchema>
export type CreatePipeline = Static<typeof createPipelineSchema>
export type PipelineBody = Static<typeof pipelineSchema>
export type DraftBody = Static<typeof draftSchema>
export type SaveDraft = Static<typeof saveDraftSchema>
export type DraftConflict = Static<typeof draftConflictSchema>
export type SavedDraft = Static<typeof savedDraftSchema>
export type VersionRow = Static<typeof versionRowSchema>
export type VersionBody = Static<typeof versionSchema>
export type Template = Static<typeof templateSchema>
export type StateFate = Static<typeof stateFateSchema>
export type PublishPlan = Static<typeof publishPlanSchema>
