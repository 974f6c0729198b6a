import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { compressionsAlgorithms } from '@platformatic/kafka'
import { clientFault, type FaultContext } from '../errors.ts'
import { lz4Length } from './lz4-frame.ts'
import { snappyLength } from './snappy-block.ts'

/** zlib unpacks into pieces of this size. */
const CHUNK_BYTES = 262_144

interface Codec {
  /** What the packed bytes announce; `null` when only unpacking tells. */
  announcedLength(packed: Buffer): number | null
  decompress(packed: Buffer, maxBytes: number): Buffer
}

/** Codecs by the compression bits of a batch's attributes; 0 is "none". */
const CODECS: readonly (Codec | null)[] = [
  null,
  {
    announcedLength: () => null,
    decompress: (packed, maxOutputLength) => gunzipSync(packed, { maxOutputLength, chunkSize: CHUNK_BYTES }),
  },
  {
    announcedLength: snappyLength,
    decompress: (packed) => compressionsAlgorithms.snappy.decompressSync(packed),
  },
  {
    announcedLength: lz4Length,
    decompress: (packed) => compressionsAlgorithms.lz4.decompressSync(packed),
  },
  {
    announcedLength: () => null,
    decompress: (packed, maxOutputLength) =>
      zstdDecompressSync(packed, { maxOutputLength, chunkSize: CHUNK_BYTES }),
  },
]

/**
 * Unpacks the records of a batch without ever holding more than `maxBytes` of them.
 *
 * @param codec compression bits of the batch's attributes, not 0
 * @throws KafkaError `BATCH_OVER_LIMIT` or `CORRUPT_BATCH`
 */
export function decompress(codec: number, packed: Buffer, maxBytes: number, context: FaultContext): Buffer {
  const known = CODECS[codec]
  if (!known) throw clientFault('CORRUPT_BATCH', `compression ${codec} is not known`, context)
  try {
    if ((known.announcedLength(packed) ?? 0) > maxBytes) throw overLimit(maxBytes, context)
    return known.decompress(packed, maxBytes)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'BATCH_OVER_LIMIT') throw error
    if (isOutputLimit(error)) throw overLimit(maxBytes, context)
    throw clientFault('CORRUPT_BATCH', 'the records cannot be unpacked', context, error)
  }
}

function overLimit(maxBytes: number, context: FaultContext): Error {
  return clientFault('BATCH_OVER_LIMIT', `the records would unpack to more than ${maxBytes} bytes`, context)
}

/** zlib's way to say that `maxOutputLength` is reached. */
function isOutputLimit(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE'
}
