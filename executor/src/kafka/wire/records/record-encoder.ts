import { BATCH, type HeaderInput } from './layout.ts'
import { sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from './varint.ts'

/** Key or value of a record: text is written as UTF-8. */
export type RecordBytes = string | Uint8Array | null

/** Length, attributes, both deltas, the key's and value's lengths and the number of headers, each at its longest. */
const MAX_OVERHEAD = 5 + 1 + 10 + 5 + 5 + 5 + 5
const MAX_UTF8_BYTES_PER_UNIT = 3

/** An upper bound of a record's bytes, cheap to compute. */
export function maxRecordSize(key: RecordBytes, value: RecordBytes, headers: readonly HeaderInput[]): number {
  let size = MAX_OVERHEAD + maxBytes(key) + maxBytes(value)
  for (const header of headers) size += 10 + maxBytes(header.key) + maxBytes(header.value)
  return size
}

/** Exact bytes of a batch that holds this record alone: what `max.message.bytes` of a topic is compared with. */
export function singleRecordBatchSize(
  key: RecordBytes,
  value: RecordBytes,
  headers: readonly HeaderInput[] = [],
): number {
  const body = bodySize(0, 0, exactBytes(key), exactBytes(value), headers)
  return BATCH.records + sizeOfVarint(body) + body
}

/**
 * Writes one record and returns the offset after it. The buffer must have `maxRecordSize` bytes of room.
 *
 * All lengths come before the text that they count, and counting UTF-8 costs as much as writing it. So each text is
 * taken for ASCII first; only when it turns out to be longer is the record written again with exact lengths.
 */
export function writeRecord(
  buffer: Buffer,
  from: number,
  offsetDelta: number,
  timestampDelta: number,
  key: RecordBytes,
  value: RecordBytes,
  headers: readonly HeaderInput[],
): number {
  const keySize = key === null ? -1 : key.length
  const valueSize = value === null ? -1 : value.length
  const end = tryWrite(buffer, from, offsetDelta, timestampDelta, key, keySize, value, valueSize, headers)
  if (end >= 0) return end
  return tryWrite(
    buffer,
    from,
    offsetDelta,
    timestampDelta,
    key,
    exactBytes(key),
    value,
    exactBytes(value),
    headers,
  )
}

/** @returns −1 when a text is not as long as announced */
function tryWrite(
  buffer: Buffer,
  from: number,
  offsetDelta: number,
  timestampDelta: number,
  key: RecordBytes,
  keySize: number,
  value: RecordBytes,
  valueSize: number,
  headers: readonly HeaderInput[],
): number {
  let at = writeVarint(buffer, bodySize(offsetDelta, timestampDelta, keySize, valueSize, headers), from)
  buffer[at++] = 0
  at = writeVarlong(buffer, timestampDelta, at)
  at = writeVarint(buffer, offsetDelta, at)
  at = writeVarint(buffer, keySize, at)
  if (key !== null) {
    if (writeBytes(buffer, key, at) !== keySize) return -1
    at += keySize
  }
  at = writeVarint(buffer, valueSize, at)
  if (value !== null) {
    if (writeBytes(buffer, value, at) !== valueSize) return -1
    at += valueSize
  }
  at = writeVarint(buffer, headers.length, at)
  for (const header of headers) at = writeHeader(buffer, header, at)
  return at
}

function bodySize(
  offsetDelta: number,
  timestampDelta: number,
  keySize: number,
  valueSize: number,
  headers: readonly HeaderInput[],
): number {
  let size = 1 + sizeOfVarlong(timestampDelta) + sizeOfVarint(offsetDelta) + sizeOfVarint(headers.length)
  size += sizedField(keySize) + sizedField(valueSize)
  for (const header of headers)
    size += sizedField(exactBytes(header.key)) + sizedField(exactBytes(header.value))
  return size
}

function sizedField(bytes: number): number {
  return sizeOfVarint(bytes) + (bytes < 0 ? 0 : bytes)
}

function writeHeader(buffer: Buffer, header: HeaderInput, from: number): number {
  let at = writeVarint(buffer, exactBytes(header.key), from)
  at += writeBytes(buffer, header.key, at)
  at = writeVarint(buffer, exactBytes(header.value), at)
  return header.value === null ? at : at + writeBytes(buffer, header.value, at)
}

function writeBytes(buffer: Buffer, bytes: string | Uint8Array, at: number): number {
  if (typeof bytes === 'string') return buffer.write(bytes, at)
  buffer.set(bytes, at)
  return bytes.length
}

function exactBytes(bytes: RecordBytes): number {
  if (bytes === null) return -1
  return typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length
}

function maxBytes(bytes: RecordBytes): number {
  if (bytes === null) return 0
  return typeof bytes === 'string' ? bytes.length * MAX_UTF8_BYTES_PER_UNIT : bytes.length
}
