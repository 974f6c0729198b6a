import type { StreamRecord } from '../record.ts'

/**
 * The far end of edges. Along each edge records and watermarks come in their order: a watermark says that no record
 * up to it follows on this edge.
 */
export interface Receiver {
  /** Adds an edge that ends at the input with this index; returns the number of the edge. */
  addEdge(input: number): number
  /** Takes a record that came along this edge. */
  receive(record: StreamRecord, edge: number): void
  /** Takes a watermark that came along this edge; an idle edge holds nobody back. */
  forward(watermark: number, idle: boolean, edge: number): void
}

/** An edge as its near end sees it. */
export interface Target {
  readonly receiver: Receiver
  /** The edge's number at the receiver. */
  readonly edge: number
}

/** Counts the records that a stage takes in: the order in which a node with several edges works. */
export interface StageOrder {
  /** Records taken in so far. */
  taken: number
  /** The record to which what is being pushed now belongs, as a number up to `taken`. */
  current: number
}
