import { Type } from 'typebox'
import { ID_PATTERN, LIMITS } from './limits.ts'
import { GRAPH_FORMAT } from './model.ts'
import { testsSchema } from './tests/schema.ts'

const closed = { additionalProperties: false }
const idSchema = Type.String({ pattern: ID_PATTERN, description: '1 to 64 letters, digits, "-" or "_"' })
const coordinateSchema = Type.Number({ minimum: -LIMITS.coordinate, maximum: LIMITS.coordinate })

/** JSON Schema of `Position`. */
export const positionSchema = Type.Object({ x: coordinateSchema, y: coordinateSchema }, closed)

/** JSON Schema of `GraphNode`; what its config holds is the node type's business. */
export const nodeSchema = Type.Object(
  {
    id: idSchema,
    type: idSchema,
    typeVersion: Type.Integer({ minimum: 1 }),
    label: Type.String({ maxLength: LIMITS.label }),
    config: Type.Object({}),
    note: Type.String({ maxLength: LIMITS.note }),
  },
  closed,
)

const portRefSchema = Type.Object({ node: idSchema, port: idSchema }, closed)

/** JSON Schema of `GraphEdge`. */
export const edgeSchema = Type.Object({ id: idSchema, from: portRefSchema, to: portRefSchema }, closed)

const noteSizeSchema = Type.Number({ minimum: LIMITS.noteSize.min, maximum: LIMITS.noteSize.max })

/** JSON Schema of `CanvasParts`. */
export const canvasPartsSchema = Type.Object(
  {
    notes: Type.Array(
      Type.Object(
        {
          id: idSchema,
          text: Type.String({ maxLength: LIMITS.note }),
          position: positionSchema,
          width: noteSizeSchema,
          height: noteSizeSchema,
        },
        closed,
      ),
      { maxItems: LIMITS.canvasParts },
    ),
    groups: Type.Array(
      Type.Object(
        {
          id: idSchema,
          label: Type.String({ maxLength: LIMITS.label }),
          nodes: Type.Array(idSchema, { maxItems: LIMITS.nodes }),
          collapsed: Type.Boolean(),
        },
        closed,
      ),
      { maxItems: LIMITS.canvasParts },
    ),
  },
  closed,
)

/** JSON Schema of `PipelineGraph` in the format that this code writes. */
export const graphSchema = Type.Object(
  {
    format: Type.Literal(GRAPH_FORMAT),
    name: Type.String({ maxLength: LIMITS.name }),
    nodes: Type.Array(nodeSchema, { maxItems: LIMITS.nodes }),
    edges: Type.Array(edgeSchema, { maxItems: LIMITS.edges }),
    layout: Type.Record(Type.String(), positionSchema),
    canvas: Type.Optional(canvasPartsSchema),
    tests: Type.Optional(testsSchema),
  },
  closed,
)
