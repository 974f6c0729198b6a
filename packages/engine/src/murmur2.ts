const SEED = 0x9747b28c
const MULTIPLIER = 0x5bd1e995
const SHIFT = 24

/**
 * The 32-bit murmur2 hash that Kafka's Java client uses for keys (`org.apache.kafka.common.utils.Utils#murmur2`).
 * A range may be given, so that a key inside a larger buffer needs no copy.
 *
 * @returns a signed 32-bit integer
 */
export function murmur2(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  const length = end - start
  let hash = SEED ^ length
  let at = start
  for (const last = end - 4; at <= last; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    hash = Math.imul(hash, MULTIPLIER) ^ mixWord(word)
  }
  if (at < end) {
    if (end - at >= 3) hash ^= bytes[at + 2]! << 16
    if (end - at >= 2) hash ^= bytes[at + 1]! << 8
    hash = Math.imul(hash ^ bytes[at]!, MULTIPLIER)
  }
  return finish(hash)
}

/**
 * The partition that Kafka's default partitioner gives a record with this key:
 * the hash without its sign bit, modulo the number of partitions.
 */
export function partitionOfKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount
}

function mixWord(word: number): number {
  const mixed = Math.imul(word, MULTIPLIER)
  return Math.imul(mixed ^ (mixed >>> SHIFT), MULTIPLIER)
}

function finish(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 13), MULTIPLIER)
  return mixed ^ (mixed >>> 15)
}
