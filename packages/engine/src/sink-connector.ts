import type { OutboxDocument } from './operator.ts'

/** A document on its way out, with the version that decides which of several writes of one id wins. */
export interface VersionedDocument extends OutboxDocument {
  /** A higher version wins; at most 2^63 − 1. */
  readonly version: bigint
}

/** What became of a document. */
export type DeliveryOutcome =
  | { readonly kind: 'done' }
  /** It cannot be taken now: deliver it again, after a pause. */
  | { readonly kind: 'retry'; readonly reason: string }
  /** An equal or higher version is stored already; it was asked for apart from the write. */
  | { readonly kind: 'conflict'; readonly stored: bigint }
  /** It will never be taken: a dead letter. */
  | { readonly kind: 'reject'; readonly code: string; readonly reason: string }
  /** Nothing will be taken until somebody acts. */
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string }

/** Delivers documents to a system outside Kafka, for one sink node. */
export interface SinkConnector {
  /** Documents in one delivery, at most. */
  readonly batchSize: number
  /** Writes documents; one outcome each, in their order. Throws for none of them. */
  deliver(documents: readonly VersionedDocument[]): Promise<readonly DeliveryOutcome[]>
  close(): Promise<void>
}
