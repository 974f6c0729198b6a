import { type Static, Type } from 'typebox'

/** Schemas refuse members that they do not know. */
export const closed = { additionalProperties: false } as const

/** Epoch ms. */
export const timeSchema = Type.Integer({ description: 'Epoch milliseconds' })

/** A random id made by the api. */
export const idSchema = Type.String({ pattern: '^[a-z0-9]{8,20}$' })

/** How every refused or failed request is answered. */
export const apiErrorSchema = Type.Object(
  {
    code: Type.String(),
    message: Type.String({ description: 'What happened, why, what to do' }),
    /** Mistakes in the pipeline, where they are the reason. */
    issues: Type.Optional(Type.Array(Type.Unknown())),
  },
  closed,
)

/** An error answer. */
export type ApiErrorBody = Static<typeof apiErrorSchema>

/** A mistake or risk in a pipeline (`Issue` of the graph package) as it travels. */
export const issueSchema = Type.Object(
  {
    code: Type.String(),
    severity: Type.Union([Type.Literal('error'), Type.Literal('warning')]),
    nodeId: Type.Union([Type.String(), Type.Null()]),
    path: Type.Array(Type.String()),
    message: Type.String(),
    fix: Type.Optional(Type.Unknown()),
  },
  closed,
)

/** Where reading begins; see `StartFrom`. */
export const startFromSchema = Type.Union([
  Type.Object({ kind: Type.Literal('earliest') }, closed),
  Type.Object({ kind: Type.Literal('latest') }, closed),
  Type.Object({ kind: Type.Literal('time'), time: timeSchema }, closed),
])
