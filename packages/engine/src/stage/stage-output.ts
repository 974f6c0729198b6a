import type { KeyedState, OutboxDocument, RowUse, TopicMessage } from '../operator.ts'
import type { PlannedCut } from '../plan/stage-plan.ts'
import type { DeadLetter, StreamRecord } from '../record.ts'

/** Where a stage's results go: into the executor's transaction, the preview, or a test. */
export interface StageOutput {
  /** A row for another stage. `key` is the canonical key text by which it is placed; null keeps the partition. */
  repartition(cut: PlannedCut, key: string | null, record: StreamRecord): void
  topic(nodeId: string, message: TopicMessage, record: StreamRecord): void
  outbox(nodeId: string, document: OutboxDocument, record: StreamRecord): void
  deadLetter(letter: DeadLetter): void
}

/** Watches records go by, for the preview and for latency figures. Nothing may be changed here. */
export interface Probe {
  into?(nodeId: string, record: StreamRecord, input: number): void
  out?(nodeId: string, port: number, record: StreamRecord): void
  /** `input` is the index of the input at which the record came. */
  dropped?(nodeId: string, record: StreamRecord, cause: string, input: number): void
  /** `watermark` is the node's, by which the record is late. */
  late?(nodeId: string, record: StreamRecord, watermark: number): void
  /** Set where it is followed what results are made of. */
  readonly trace?: Trace
}

/** Follows what results are made of, through stateful nodes too. */
export interface Trace {
  /** A node is about to handle a record; null: a row of its reference, which is no event. */
  begin(nodeId: string, record: StreamRecord | null, input: number): void
  /** A node is about to handle a row whose timer or tick is due. */
  due(nodeId: string, key: string, subKey: string): void
  /** A node sends a record. */
  sent(nodeId: string, record: StreamRecord): void
  /** A record goes on in another form, or in parts. */
  derived(from: StreamRecord, to: StreamRecord): void
  /** As `OperatorContext.usesRow`. */
  uses(nodeId: string, key: string, subKey: string, as: RowUse): void
  /** The state that a node is given in place of its own. */
  watch(nodeId: string, state: KeyedState): KeyedState
}
