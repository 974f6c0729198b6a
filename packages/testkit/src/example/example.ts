import { type Static, Type } from 'typebox'
import { Check, Errors } from 'typebox/value'
import { parse } from 'yaml'

const closed = { additionalProperties: false }

/** Any JSON value; whole numbers may be bigints, since YAML gives all their digits. */
const json = Type.Unknown()
const object = Type.Record(Type.String(), json)
const textOrNull = Type.Union([Type.String(), Type.Null()])
/** Epoch ms, or ISO 8601 text. */
const time = Type.Union([Type.BigInt(), Type.String()])
const fields = Type.Record(Type.String(), Type.String())

const referenceRecord = Type.Object(
  { key: textOrNull, value: Type.Union([object, Type.String(), Type.Null()]) },
  closed,
)

/** Where there are several inputs: the name of one of them. */
const to = Type.Optional(Type.String())

const step = Type.Union([
  Type.Object({ to, row: object, at: time }, closed),
  Type.Object(
    { to, row: object, at: time, kind: Type.Literal('update'), before: Type.Optional(object) },
    closed,
  ),
  Type.Object({ to, row: object, at: time, kind: Type.Literal('delete') }, closed),
  /** Without `to`: the watermark of all inputs. */
  Type.Object({ to, watermark: time }, closed),
  Type.Object({ clock: time }, closed),
  /** `at` is the time at which the record was written. */
  Type.Object({ reference: referenceRecord, at: Type.Optional(time) }, closed),
  /** The reference topic, read by versions, has been silent for its idle timeout. */
  Type.Object({ idle: Type.Literal('reference') }, closed),
])

const rawRecord = Type.Object(
  {
    value: textOrNull,
    key: Type.Optional(Type.String()),
    timestamp: Type.Optional(time),
  },
  closed,
)

const outputRow = Type.Object({ row: object, at: Type.Optional(time) }, closed)

const streamMembers = {
  fields,
  keyedBy: Type.Optional(Type.Array(Type.String())),
  eventTime: Type.Optional(Type.String()),
  /** An updating stream: what names a row, and whether updates tell the row before. */
  updates: Type.Optional(Type.Object({ key: Type.Array(Type.String()), before: Type.Boolean() }, closed)),
}

const stream = Type.Object(streamMembers, closed)

/** One of several streams that flow in; `port` is the input port, where it is not called as the stream is. */
const namedStream = Type.Object({ ...streamMembers, port: Type.Optional(Type.String()) }, closed)

/**
 * One example of a node at work: what is set, what comes in, what must come out. The unit of proof of a node, and the
 * shape of a YAML file.
 */
const exampleSchema = Type.Object(
  {
    node: Type.String(),
    title: Type.String(),
    config: object,
    /** What flows into a transform or sink with one input. */
    input: Type.Optional(stream),
    /** Several streams that flow in, by name; the steps say which one a row belongs to. */
    inputs: Type.Optional(Type.Record(Type.String({ pattern: '^[A-Za-z0-9_-]+$' }), namedStream)),
    /**
     * Transforms and sinks: rows, watermarks and records of the reference topic, in order of arrival; and the clock of
     * processing time, which is moved by hand.
     */
    steps: Type.Optional(Type.Array(step)),
    /** Topic sources: the records of one partition. */
    records: Type.Optional(Type.Array(rawRecord)),
    /** Generators: the first events of a virtual partition. */
    events: Type.Optional(
      Type.Object({ partition: Type.BigInt(), start: time, count: Type.BigInt() }, closed),
    ),
    /** What flows out, where the example is about that too. */
    schema: Type.Optional(stream),
    /** Rows of the first output; where it is updating, the last one of each key. */
    output: Type.Optional(Type.Array(outputRow)),
    /** Rows of every output by port, where there are several; in place of `output`. */
    outputs: Type.Optional(Type.Record(Type.String(), Type.Array(outputRow))),
    /** Rows that come too late. */
    late: Type.Optional(Type.Array(object)),
    dropped: Type.Optional(Type.Array(Type.Object({ to, row: object, cause: Type.String() }, closed))),
    /** Dead letters: the position of the row or record among all of them, from 0 (none for a result), and why. */
    errors: Type.Optional(
      Type.Array(Type.Object({ at: Type.Optional(Type.BigInt()), code: Type.String() }, closed)),
    ),
    /** Topic sinks. */
    messages: Type.Optional(Type.Array(Type.Object({ key: textOrNull, value: textOrNull }, closed))),
    /** Sinks outside Kafka; `body` is the JSON text, null for a deletion. */
    documents: Type.Optional(
      Type.Array(Type.Object({ target: Type.String(), id: Type.String(), body: textOrNull }, closed)),
    ),
    /** The result depends on the order of arrival over all partitions: the node is not tried with several. */
    onePartition: Type.Optional(Type.String()),
  },
  closed,
)

/** One example; see the schema's members. */
export type Example = Static<typeof exampleSchema>

/** One thing that happens in an example. */
export type ExampleStep = Static<typeof step>

/** A stream as an example describes it. */
export type ExampleStream = Static<typeof stream>

/**
 * Reads an example from YAML.
 *
 * @throws Error that says where the text is no example
 */
export function parseExample(text: string): Example {
  const value: unknown = parse(text, { intAsBigInt: true })
  if (!Check(exampleSchema, value)) {
    const [first] = Errors(exampleSchema, value)
    throw new Error(`this is no example: ${first?.instancePath || '/'} ${first?.message}`)
  }
  if (value.output && value.outputs) throw new Error('this is no example: it has output and outputs')
  return value
}
