import type { AbortedTransaction } from '../api/fetch.ts'

/** The facts of a batch that decide whether read_committed shows it. */
export interface FilteredBatch {
  readonly lastOffset: number
  readonly producerId: bigint
  readonly transactional: boolean
  /** A marker that ends a transaction; only the batch's attribute tells, never a record's key. */
  readonly control: boolean
}

/**
 * Finds the batches of aborted transactions, as the Java consumer does (KIP-98, "read_committed").
 * Per producer: its batches are hidden from the first offset of an aborted transaction up to its next marker.
 * One filter serves one fetch response of one partition; it must see every batch, in offset order.
 */
export class AbortFilter {
  readonly #byFirstOffset: readonly AbortedTransaction[]
  #next = 0
  readonly #aborting = new Set<bigint>()

  /** @param aborted in any order: brokers list them in the order of their completion */
  constructor(aborted: readonly AbortedTransaction[]) {
    this.#byFirstOffset = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset)
  }

  /** Whether the batch belongs to an aborted transaction. */
  hides(batch: FilteredBatch): boolean {
    this.#startUpTo(batch.lastOffset)
    if (batch.control) {
      this.#aborting.delete(batch.producerId)
      return false
    }
    return batch.transactional && this.#aborting.has(batch.producerId)
  }

  #startUpTo(offset: number): void {
    while (this.#next < this.#byFirstOffset.length) {
      const transaction = this.#byFirstOffset[this.#next]!
      if (transaction.firstOffset > offset) return
      this.#aborting.add(transaction.producerId)
      this.#next++
    }
  }
}
