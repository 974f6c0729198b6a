import type { Field, Row } from '@millrace/expr'
import type { JsonValue, NodeConfig, StreamSchema } from '@millrace/graph'
import type { RawRecord, StreamRecord } from './record.ts'
import type { RecordFault } from './record-fault.ts'

/**
 * One node at work in one task. Single-threaded and synchronous; a new instance per task.
 *
 * A call may throw `EvaluationError` or `RecordError`: the record then goes to dead letters and counts as an error.
 * So evaluate everything first, then touch state and emit.
 */
export interface Operator {
  /** Handles one record that arrived at the input with this index. */
  process(record: StreamRecord, input: number, out: Output): void
  /**
   * Names every state row that `process` will ask for, so that rows outside memory can be fetched for a whole batch.
   * Where it throws, `process` must throw too.
   */
  touches?(record: StreamRecord, input: number, touch: Touch): void
  /** Names the state rows, beside its own, that `onTimer` or `onTick` will ask for a row. */
  touchesDue?(due: DueRow, touch: Touch): void
  /**
   * A row's timer is due: the watermark has reached it. The row must be deleted here, or put again without a timer or
   * with a later one. If it throws, the row goes to dead letters and is deleted.
   */
  onTimer?(timer: DueTimer, out: Output): void
  /**
   * A tick of processing time (`TransformRuntime.tick`) for a row that `KeyedState.wake` named since the last one: the
   * place for early results. Only this row is in memory for certain. Results do not have to repeat after a crash.
   */
  onTick?(tick: Tick, out: Output): void
  /** Takes a record of the node's reference topic; it belongs to no watermark and no commit. */
  onReference?(record: RawRecord): void
}

/** An operator before a cut; alone it may hold results back in memory, until the next commit. */
export interface PartialOperator extends Operator {
  /** Called before every commit: emits what is held back. */
  flush?(out: Output): void
}

/** Names state rows: one, or all of a key in a range of sub-keys. */
export interface Touch {
  (key: string, subKey: string): void
  /** Names the rows that `KeyedState.range` will be asked for. */
  range(key: string, range?: SubKeyRange): void
}

/** Sub-keys from `from` on (absent: the first) and below `to` (absent: up to the last). */
export interface SubKeyRange {
  readonly from?: string
  readonly to?: string
}

/** How much of a range is read, and from which end. */
export interface RangeOptions extends SubKeyRange {
  /** The last ones first. */
  readonly reverse?: boolean
  readonly limit?: number
}

/** A state row with its sub-key. */
export interface SubRow {
  readonly subKey: string
  readonly row: Row
}

/** Names a row whose timer or tick is due. */
export interface DueRow {
  readonly key: string
  readonly subKey: string
}

/** A due timer with its row. */
export interface DueTimer extends DueRow {
  readonly time: number
  readonly row: Row
}

/** A tick of processing time, with a row that waited for it. */
export interface Tick extends DueRow {
  /** The clock of whoever runs the task, epoch ms; in the preview and in tests a virtual one. */
  readonly now: number
  readonly row: Row
}

/** Where an operator's results go. */
export interface Output {
  /** Sends a record to every edge of an output port (by index; 0 is the first). */
  emit(record: StreamRecord, port?: number): void
  /** Counts a record as filtered, with the cause that the preview shows. */
  drop(record: StreamRecord, cause: string): void
  /** Counts `count` late records and sends the record to the late port, where it is connected. */
  late(record: StreamRecord, count?: number): void
  /**
   * Counts an error of a row that is made here, of an output port, and sends it to dead letters. Whether it is emitted
   * too is another matter: a value that cannot be given may be null.
   */
  fault(row: Row, fault: RecordFault, port?: number): void
}

/** A record that cannot be handled: it goes to dead letters with this code and text. */
export class RecordError extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'RecordError'
    this.code = code
  }
}

/** What a state row is in a result: one of two that met, or one of several that are added up. */
export type RowUse = 'partner' | 'part'

/** What an operator gets when it is made. */
export interface OperatorContext {
  readonly nodeId: string
  /** Schemas of the inputs, by input index. */
  readonly inputs: readonly StreamSchema[]
  /** The node's keyed state; nodes that declare none must not use it. */
  readonly state: KeyedState
  /** The node's watermark now, epoch ms. */
  watermark(): number
  /**
   * Says that the next result is made of this state row (as a partner of the record at hand, or as a part) and of others
   * that are said so alone, beside the record: not of all that were read, nor of the row that is due. To be called before
   * the row is changed or deleted. Absent where nobody follows events.
   */
  usesRow?(key: string, subKey: string, as: RowUse): void
}

/** Rows by key and sub-key, each with at most one event-time timer. Synchronous: rows are in memory when asked for. */
export interface KeyedState {
  /** The row, or undefined where there is none. */
  get(key: string, subKey: string): Row | undefined
  /**
   * Writes the row; with a timer, `onTimer` is called for it once the watermark reaches that time: at once, but behind
   * the record that is being handled, where it has. Without a timer the row has none any more.
   */
  put(key: string, subKey: string, row: Row, timer?: number): void
  delete(key: string, subKey: string): void
  /**
   * The rows of a key in a range of sub-keys, in the order of the sub-keys' UTF-8 bytes, as they are now: changes made
   * while going through them do not show. Only for nodes whose layout says `openSubKeys`.
   */
  range(key: string, range?: RangeOptions): readonly SubRow[]
  /**
   * Asks for `onTick` with this row at the next tick of processing time, once, however often it is asked; not where the
   * row is gone by then. Forgotten by a restart.
   */
  wake(key: string, subKey: string): void
}

/** What a stateful node keeps. */
export interface StateLayout {
  /** Fields of a state row, for the changelog's codec. */
  readonly fields: readonly Field[]
  /** True where a key has any number of rows, which are read by range: an ordered index of them is kept. */
  readonly openSubKeys?: boolean
  /** What gives the rows their meaning: state is kept over a publish only while this stays the same. */
  readonly signature: JsonValue
}

/** Aggregation before a repartition: fewer rows cross the topic. Only for operators whose result does not depend on it. */
export interface PreAggregation {
  /** Fields of a partial row. The grouping key fields keep their names. */
  readonly fields: readonly Field[]
  /** Runs before the cut, once for each task; emits partial rows in `flush`. It has no state. */
  createPartial(context: OperatorContext): PartialOperator
  /** Runs behind the cut, over partial rows. */
  createMerge(context: OperatorContext): Operator
}

/** How a transform runs. Stands beside its `NodeDefinition`. */
export interface TransformRuntime<Config> {
  readonly role: 'transform'
  readonly type: string
  /** Rows that agree in these fields of the input must meet in one task; absent: any spread will do. */
  keyFields?(config: Config, input: number): readonly string[]
  /** Absent: stateless. */
  state?(config: Config, inputs: readonly StreamSchema[]): StateLayout
  /** True where the node looks at the watermark (timers, lateness). */
  readonly eventTime: boolean
  /**
   * How far the node's output watermark stays behind its own, ms: so long may it keep a row and still send it with its
   * event time, without being late behind. Absent: 0. Only for nodes with `eventTime`.
   */
  holdBack?(config: Config): number
  /**
   * Every so many ms of processing time `Operator.onTick` is called for the rows that wait for it. Absent or null: never.
   * Only for nodes with state.
   */
  tick?(config: Config): number | null
  /** The reference topic of the node: every task reads it whole, unless there is a `keyedReference`. */
  reference?(config: Config): TopicRef | null
  /**
   * How the rows of the reference topic reach the task of their key: as a last input of the node, behind those of its
   * definition. They are no events: neither counters nor the preview show them.
   */
  keyedReference?(config: Config): KeyedReference | null
  /** The runtime for settings with which the node runs in another way altogether; null or absent where it does not. */
  variant?(config: Config): TransformRuntime<Config> | null
  /** Null where this config, or somebody at one of the connected output ports, needs the single rows. */
  preAggregation?(config: Config, input: StreamSchema, connected: ReadonlySet<string>): PreAggregation | null
  create(config: Config, context: OperatorContext): Operator
}

/** A reference topic that is read by position, like the topic of a source. */
export interface KeyedReference {
  /** What its decoder makes of its records. */
  readonly schema: StreamSchema
  readonly time: SourceTime
  createDecoder(): (record: RawRecord) => Decoded
}

/** A topic of a connection. */
export interface TopicRef {
  /** Id of a Kafka connection. */
  readonly connection: string
  readonly topic: string
}

/** How the event time of a source behaves; all in ms. */
export interface SourceTime {
  readonly outOfOrderness: number
  /** A partition without records for this long holds nobody back. Null: never idle. */
  readonly idleTimeout: number | null
  /** Records further ahead of the wall clock than this go to dead letters. Null: no bound. */
  readonly maxAhead: number | null
  /** True where records that are too far ahead are taken all the same, and only move no watermark. */
  readonly takesAhead?: boolean
  /**
   * True where no record moves a watermark: a partition is silent until it has been read to its end, and idle from then
   * on, with the next look that finds it so. A node that it feeds waits that long before it has a watermark.
   */
  readonly untilRead?: boolean
  /** A partition that is further ahead of the slowest one of its pipeline is paused. Null or absent: no bound. */
  readonly maxDrift?: number | null
}

/** A decoded record: its row and event time. */
export interface Decoded {
  readonly row: Row
  readonly time: number
}

/** A source that reads a topic. */
export interface TopicSourceRuntime<Config> {
  readonly role: 'topic-source'
  readonly type: string
  topic(config: Config): TopicRef
  time(config: Config): SourceTime
  /** True where a record that cannot be read stops the pipeline instead of going to dead letters; never if absent. */
  isStrict?(config: Config): boolean
  /** A decoder throws `DecodeError` or `RecordError` for a record it cannot read. */
  createDecoder(config: Config): (record: RawRecord) => Decoded
}

/** A source that makes its events: event i of a virtual partition is a pure function of the config and i. */
export interface GeneratorSourceRuntime<Config> {
  readonly role: 'generator-source'
  readonly type: string
  partitions(config: Config): number
  /** Events per second over all partitions. */
  rate(config: Config): number
  time(config: Config): SourceTime
  /** `start` is the event time of the first event, epoch ms. */
  createGenerator(config: Config, partition: number, start: number): (index: number) => Decoded
}

/** A message for a topic. */
export interface TopicMessage {
  /** Null: spread evenly. Placed by murmur2 over these bytes, as Kafka's default partitioner does. */
  readonly key: string | null
  /** Null: a tombstone. */
  readonly value: string | null
}

/** A sink that writes a topic within the transaction. */
export interface TopicSinkRuntime<Config> {
  readonly role: 'topic-sink'
  readonly type: string
  topic(config: Config): TopicRef
  createEncoder(config: Config, input: StreamSchema): (record: StreamRecord) => TopicMessage
}

/** A document for a system outside Kafka. It waits in the outbox until it is delivered. */
export interface OutboxDocument {
  readonly op: 'index' | 'delete'
  /** Where it goes within the sink, e.g. an index name. */
  readonly target: string
  readonly id: string
  /** JSON text; null for a deletion. */
  readonly body: string | null
}

/** A sink outside Kafka: documents go to the outbox within the transaction, a connector delivers them. */
export interface OutboxSinkRuntime<Config> {
  readonly role: 'outbox-sink'
  readonly type: string
  createDocuments(config: Config, input: StreamSchema): (record: StreamRecord) => OutboxDocument
}

/** Any node at run time. */
export type NodeRuntime<Config = NodeConfig> =
  | TransformRuntime<Config>
  | TopicSourceRuntime<Config>
  | GeneratorSourceRuntime<Config>
  | TopicSinkRuntime<Config>
  | OutboxSinkRuntime<Config>

/** The runtimes that exist, by node type. An app supplies it. */
export interface RuntimeCatalogue {
  get(type: string): NodeRuntime | undefined
}
