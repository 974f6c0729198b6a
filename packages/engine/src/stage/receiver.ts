import type { StreamRecord } from '../record.ts'

/** The far end of an edge. */
export interface Receiver {
  /** Takes a record at the input with this index. */
  receive(record: StreamRecord, input: number): void
  /** Learns that no record of this input with a time up to the watermark follows; `idle` holds nobody back. */
  forward(watermark: number, idle: boolean, input: number): void
}

/** An edge as its near end sees it. */
export interface Target {
  readonly receiver: Receiver
  readonly input: number
}

/** What the path holds in common while records are pushed along it. */
export interface PushContext {
  /** Watermark of the path at the record that is being pushed: the record was not yet counted in. */
  watermark: number
  /** Grows by one with each record of the stage's inputs; orders the inputs of a node that has several. */
  sequence: number
}
