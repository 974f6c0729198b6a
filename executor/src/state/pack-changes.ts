import type { StateChange } from '@millrace/engine'

const HAS_VALUE = 1
const HAS_TIMER = 2
const IS_INDEXED = 4
/** Lengths of field and value, node, flags and time. */
const FIXED_BYTES = 4 + 1 + 1 + 4 + 8

/** A node that keeps state in a copy. */
export interface IndexedNode {
  readonly id: string
  /** Its rows are read by range: an index of them is kept. */
  readonly openSubKeys: boolean
}

/**
 * Packs changes into one argument of a script: a thousand arguments would cost more than the rows themselves. Per row,
 * big-endian: u32 length and bytes of the field; u8 place of its node in `nodes`, from 1 (0: none); u8 flags (1 value,
 * 2 timer, 4 of a node whose rows are indexed); then u32 length and bytes of the value, and the timer as a double, as far as the flags say.
 */
export function packChanges(changes: readonly StateChange[], nodes: readonly IndexedNode[]): Buffer {
  const room = changes.reduce(
    (sum, { stateKey, value }) => sum + FIXED_BYTES + 3 * stateKey.length + (value?.length ?? 0),
    0,
  )
  const packed = Buffer.allocUnsafe(room)
  let at = 0
  for (const { stateKey, value, timer } of changes) {
    const length = packed.write(stateKey, at + 4)
    packed.writeUInt32BE(length, at)
    at += 4 + length
    const nodeId = stateKey.slice(0, stateKey.indexOf(':'))
    const node = nodes.findIndex(({ id }) => id === nodeId)
    packed[at++] = 1 + node
    packed[at++] =
      (value === null ? 0 : HAS_VALUE) +
      (timer === undefined ? 0 : HAS_TIMER) +
      (nodes[node]?.openSubKeys ? IS_INDEXED : 0)
    if (value !== null) {
      at = packed.writeUInt32BE(value.length, at)
      packed.set(value, at)
      at += value.length
    }
    if (timer !== undefined) at = packed.writeDoubleBE(timer, at)
  }
  return packed.subarray(0, at)
}
