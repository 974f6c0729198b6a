import { murmur2 } from './murmur2.ts'

const bytes = new Uint8Array(16)
const view = new DataView(bytes.buffer)

/**
 * A number in [0, 1) that looks random and is a pure function of its arguments: murmur2 over them.
 *
 * @param seed whole number; the same seed gives the same sequence for ever
 * @param index whole number of at most 53 bits, such as the index of an event
 * @param salt tells apart several numbers for one index
 */
export function seededNumber(seed: number, index: number, salt: number): number {
  view.setInt32(0, seed)
  view.setUint32(4, Math.floor(index / 2 ** 32))
  view.setUint32(8, index)
  view.setInt32(12, salt)
  return (murmur2(bytes) >>> 0) / 2 ** 32
}
