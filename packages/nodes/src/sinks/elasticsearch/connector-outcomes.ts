import type { DeliveryOutcome } from '@millrace/engine'
import { describeReason, type Reason } from './connector-errors.ts'

/** What Elasticsearch says of one document of a bulk request. */
export interface BulkItem {
  readonly status: number
  readonly error?: Reason
}

/** What is to be done about a document; a conflict still needs the stored version. */
export type ItemOutcome =
  | Exclude<DeliveryOutcome, { kind: 'conflict' }>
  /** `told`: the stored version as the answer words it; null where it does not. */
  | { readonly kind: 'conflict'; readonly told: bigint | null }

const DONE: ItemOutcome = { kind: 'done' }

/**
 * Errors that pass by themselves whatever status they come with: a full disk blocks writes with 403 or 429, and an index
 * that was dropped is created again before the next attempt.
 */
const PASSING = new Set(['cluster_block_exception', 'index_not_found_exception'])

/** Errors that keep every document from being taken, though they come with the status of a bad one. */
const REFUSING = new Set(['index_closed_exception', 'invalid_index_name_exception', 'security_exception'])

/** The class of an answer about one document (exactly-once.md P8). */
export function classifyItem({ status, error = {} }: BulkItem, op: 'index' | 'delete'): ItemOutcome {
  if (status < 300 || (op === 'delete' && status === 404 && error.type === undefined)) return DONE
  if (status === 409) return { kind: 'conflict', told: toldVersion(error) }
  const reason = describeReason(error)
  const type = error.type ?? ''
  if (PASSING.has(type) || status === 429 || status >= 500) return { kind: 'retry', reason }
  if (REFUSING.has(type) || status === 401 || status === 403 || status === 404) {
    return { kind: 'refused', code: 'elasticsearch_refuses', reason }
  }
  return { kind: 'reject', code: status === 413 ? 'document_too_large' : 'document_refused', reason }
}

/** `… current version [7] is higher or equal to the one provided [5]`: all that is told of a deleted document. */
function toldVersion({ reason }: Reason): bigint | null {
  const version = /current version \[(\d{1,19})\]/.exec(reason ?? '')?.[1]
  return version === undefined ? null : BigInt(version)
}
