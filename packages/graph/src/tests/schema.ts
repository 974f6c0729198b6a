import { Type } from 'typebox'
import { ID_PATTERN } from '../limits.ts'
import { EXPECTED_SIDES } from './model.ts'

/** Bounds of the tests of a pipeline. */
export const TEST_LIMITS = {
  cases: 200,
  steps: 10_000,
  /** Events that one step may ask of a generator. */
  generate: 10_000,
  expectations: 100,
  rows: 1_000,
  name: 200,
  condition: 4_000,
} as const

const closed = { additionalProperties: false }
const idSchema = Type.String({ pattern: ID_PATTERN, description: '1 to 64 letters, digits, "-" or "_"' })
const timeSchema = Type.Union([Type.Integer(), Type.String({ maxLength: 40 })], { title: 'time' })

const stepSchema = Type.Object(
  {
    to: Type.Optional(idSchema),
    at: Type.Optional(timeSchema),
    key: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    value: Type.Optional(Type.Unknown()),
    base64: Type.Optional(Type.String()),
    generate: Type.Optional(Type.Integer({ minimum: 1, maximum: TEST_LIMITS.generate })),
    clock: Type.Optional(timeSchema),
  },
  closed,
)

const expectedRowSchema = Type.Object(
  { row: Type.Record(Type.String(), Type.Unknown()), at: Type.Optional(timeSchema) },
  closed,
)

const place = {
  node: idSchema,
  of: Type.Union(EXPECTED_SIDES.map((side) => Type.Literal(side))),
  port: Type.Optional(idSchema),
}
const rows = Type.Array(expectedRowSchema, { maxItems: TEST_LIMITS.rows })
const inOrder = Type.Optional(Type.Boolean())

const expectationSchema = Type.Union([
  Type.Object({ ...place, check: Type.Literal('rows'), rows, inOrder }, closed),
  Type.Object({ ...place, check: Type.Literal('contains'), rows, inOrder }, closed),
  Type.Object({ ...place, check: Type.Literal('count'), count: Type.Integer({ minimum: 0 }) }, closed),
  Type.Object(
    { ...place, check: Type.Literal('every'), condition: Type.String({ maxLength: TEST_LIMITS.condition }) },
    closed,
  ),
])

const testSchema = Type.Object(
  {
    id: idSchema,
    name: Type.String({ maxLength: TEST_LIMITS.name }),
    steps: Type.Array(stepSchema, { maxItems: TEST_LIMITS.steps }),
    closeWindows: Type.Boolean(),
    expect: Type.Array(expectationSchema, { maxItems: TEST_LIMITS.expectations }),
  },
  closed,
)

/** JSON Schema of `PipelineTests`. */
export const testsSchema = Type.Object(
  { required: Type.Boolean(), cases: Type.Array(testSchema, { maxItems: TEST_LIMITS.cases }) },
  closed,
)
