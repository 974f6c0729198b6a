import { clientFault } from '../errors.ts'
import { readInt64 } from '../int64.ts'
import { BATCH, LENGTH_OVERHEAD } from './layout.ts'

/**
 * Offset after the batch that begins at `from`, or −1 when not all of it is there: a fetch may cut the last one.
 *
 * @throws KafkaError `CORRUPT_BATCH` when the length cannot be one
 */
export function completeBatchEnd(batches: Buffer, from: number): number {
  if (from + BATCH.records > batches.length) return -1
  const length = batches.readInt32BE(from + BATCH.length)
  const end = from + LENGTH_OVERHEAD + length
  if (end < from + BATCH.records)
    throw clientFault('CORRUPT_BATCH', `${length} bytes are too few for a batch`)
  return end > batches.length ? -1 : end
}

/** Offset of the last record that the batch held when it was written, whatever compaction removed since. */
export function lastOffsetOf(batches: Buffer, from: number): number {
  return readInt64(batches, from + BATCH.baseOffset) + batches.readInt32BE(from + BATCH.lastOffsetDelta)
}

/**
 * Where to read on after these batches: the last complete batch's last offset + 1, be it emptied by compaction or a
 * transaction marker. `fromOffset` when there is no batch.
 */
export function nextOffsetAfter(batches: Buffer, fromOffset: number): number {
  let next = fromOffset
  let from = 0
  for (let end = completeBatchEnd(batches, from); end >= 0; end = completeBatchEnd(batches, from)) {
    next = Math.max(next, lastOffsetOf(batches, from) + 1)
    from = end
  }
  return next
}
