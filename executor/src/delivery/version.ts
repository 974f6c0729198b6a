const OFFSET_BITS = 48n
const MAX_INCARNATION = 32_767

/**
 * The external version of a document: its sink's incarnation, then its outbox offset. Newer documents of one id stand
 * later in the outbox; those of a later incarnation win over all earlier ones (exactly-once.md P8).
 */
export function versionOf(incarnation: number, offset: number): bigint {
  if (incarnation < 0 || incarnation > MAX_INCARNATION)
    throw new RangeError(`incarnation ${incarnation} is out of range`)
  return (BigInt(incarnation) << OFFSET_BITS) + BigInt(offset)
}

/** The incarnation in a version. */
export function incarnationOf(version: bigint): number {
  return Number(version >> OFFSET_BITS)
}
