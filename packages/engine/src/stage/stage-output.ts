import type { OutboxDocument, TopicMessage } from '../operator.ts'
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
  late?(nodeId: string, record: StreamRecord): void
}
