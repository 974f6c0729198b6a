import { type Static, Type } from 'typebox'
import { deploymentSummarySchema } from './pipelines.ts'
import { closed, idSchema, startFromSchema, timeSchema } from './shared.ts'

/** `POST /api/pipelines/:id/publish`: freezes the saved draft as the next version and runs it. */
export const publishSchema = Type.Object(
  {
    /** The draft that was looked at; 409 `draft_changed` where it is no longer the newest. */
    revision: Type.Integer(),
    /** Stateful nodes whose state will start empty, as acknowledged; must be all of them. */
    acknowledgeEmpty: Type.Array(Type.String()),
    /** Only for a pipeline that is not running. */
    start: Type.Optional(startFromSchema),
  },
  closed,
)

/** `POST /api/pipelines/:id/start`: runs the newest version as a fresh run. `…/replay` takes `time` only. */
export const startSchema = Type.Object({ start: startFromSchema }, closed)

/** `POST /api/pipelines/:id/replay`: a fresh run from a time; newer documents win over those of earlier runs. */
export const replaySchema = Type.Object({ time: timeSchema }, closed)

/**
 * `POST /api/pipelines/:id/continue`: what runs goes on with its state, in topics that are not what was read any more
 * from here; answers a problem that `continues`.
 */
export const continueSchema = Type.Object({ from: Type.Enum(['earliest', 'latest']) }, closed)

/** `POST /api/pipelines/:id/roll-back`: publishes an older version again. State does not go back. */
export const rollBackSchema = Type.Object(
  { version: Type.Integer({ minimum: 1 }), acknowledgeEmpty: Type.Array(Type.String()) },
  closed,
)

/** `POST /api/pipelines/:id/answer`: what to do when a publish cannot drain. */
export const answerSchema = Type.Object(
  { answer: Type.Union([Type.Literal('roll_back'), Type.Literal('discard'), Type.Literal('keep_waiting')]) },
  closed,
)

/**
 * `PUT /api/pipelines/:id/settings`: how the deployment runs, now and after every publish. Holds at once; needs no new
 * version. `maxExecutors` is 1 to `MAX_EXECUTORS`, or null for all that there are; anything else is answered with an
 * issue (422).
 */
export const runSettingsSchema = Type.Object(
  { maxExecutors: Type.Union([Type.Number(), Type.Null()]) },
  closed,
)

/** The answer to a request that starts work: follow it in `GET /api/pipelines/:id/deployment`. */
export const operationStartedSchema = Type.Object(
  { operation: idSchema, version: Type.Union([Type.Integer(), Type.Null()]) },
  closed,
)

/** One step of an operation. */
export const stepSchema = Type.Object(
  {
    name: Type.String(),
    label: Type.String(),
    state: Type.Union([
      Type.Literal('waiting'),
      Type.Literal('running'),
      Type.Literal('done'),
      Type.Literal('failed'),
    ]),
    /** What is being done or went wrong. */
    detail: Type.Union([Type.String(), Type.Null()]),
  },
  closed,
)

/** An operation: publish, start, stop, replay, roll back or continue. */
export const operationSchema = Type.Object(
  {
    id: idSchema,
    kind: Type.Enum(['publish', 'start', 'stop', 'replay', 'roll-back', 'continue']),
    version: Type.Union([Type.Integer(), Type.Null()]),
    startedAt: timeSchema,
    endedAt: Type.Union([timeSchema, Type.Null()]),
    outcome: Type.Union([
      Type.Literal('done'),
      Type.Literal('rolled-back'),
      Type.Literal('failed'),
      Type.Null(),
    ]),
    steps: Type.Array(stepSchema),
  },
  closed,
)

/** Something wrong right now. */
export const problemSchema = Type.Object(
  {
    code: Type.String(),
    nodeId: Type.Union([Type.String(), Type.Null()]),
    message: Type.String(),
    since: timeSchema,
    /** True where it goes on by itself once the cause is gone. */
    resumes: Type.Boolean(),
    /** Set where `continue` answers it. */
    continues: Type.Optional(Type.Literal(true)),
  },
  closed,
)

/** `GET /api/pipelines/:id/deployment` */
export const deploymentSchema = Type.Object(
  {
    ...deploymentSummarySchema.properties,
    generation: Type.Integer(),
    run: Type.Integer(),
    /** So many executors at most carry its tasks; null: all that there are. */
    maxExecutors: Type.Union([Type.Integer(), Type.Null()]),
    /** The newest operation; null before the first. */
    operation: Type.Union([operationSchema, Type.Null()]),
    problems: Type.Array(problemSchema),
    tasks: Type.Array(
      Type.Object(
        {
          stage: Type.String(),
          partition: Type.Integer(),
          executor: Type.String(),
          state: Type.String(),
          since: timeSchema,
        },
        closed,
      ),
    ),
    /** Set while a publish cannot drain: records left, and the choice is open. */
    question: Type.Union([
      Type.Object({ kind: Type.Literal('cannot_drain'), unread: Type.Integer() }, closed),
      Type.Null(),
    ]),
    history: Type.Array(Type.Object({ at: timeSchema, kind: Type.String(), message: Type.String() }, closed)),
  },
  closed,
)

export type Publish = Static<typeof publishSchema>
export type Start = Static<typeof startSchema>
export type Replay = Static<typeof replaySchema>
export type Continue = Static<typeof continueSchema>
export type RollBack = Static<typeof rollBackSchema>
export type Answer = Static<typeof answerSchema>
export type RunSettingsBody = Static<typeof runSettingsSchema>
export type OperationStarted = Static<typeof operationStartedSchema>
export type OperationStep = Static<typeof stepSchema>
export type OperationBody = Static<typeof operationSchema>
export type ProblemBody = Static<typeof problemSchema>
export type DeploymentBody = Static<typeof deploymentSchema>
