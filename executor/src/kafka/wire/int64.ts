import { clientFault } from './errors.ts'

const TWO_POW_32 = 0x1_0000_0000

/**
 * A signed 64-bit integer as a number.
 *
 * @throws KafkaError `NUMBER_TOO_LARGE` beyond ±2^53
 */
export function readInt64(buffer: Buffer, at: number): number {
  const value = buffer.readInt32BE(at) * TWO_POW_32 + buffer.readUInt32BE(at + 4)
  if (!Number.isSafeInteger(value)) {
    throw clientFault('NUMBER_TOO_LARGE', `${buffer.readBigInt64BE(at)} cannot be held exactly`)
  }
  return value
}

/** Writes a safe integer as a signed 64-bit integer. */
export function writeInt64(buffer: Buffer, value: number, at: number): void {
  buffer.writeInt32BE(Math.floor(value / TWO_POW_32), at)
  buffer.writeUInt32BE(value >>> 0, at + 4)
}
