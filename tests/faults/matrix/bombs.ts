import { gzipSync, zstdCompressSync } from 'node:zlib'
import { compressionsAlgorithms } from '@platformatic/kafka'
import kafkajs from 'kafkajs'

const { lz4, snappy } = compressionsAlgorithms

/** How each compression packs; snappy in blocks, as the Java client does, which brokers unpack one by one. */
const PACKERS = {
  gzip: { type: kafkajs.CompressionTypes.GZIP, pack: (bytes: Buffer) => gzipSync(bytes) },
  snappy: { type: kafkajs.CompressionTypes.Snappy, pack: xerial },
  lz4: { type: kafkajs.CompressionTypes.LZ4, pack: (bytes: Buffer) => lz4.compressSync(bytes) },
  zstd: { type: kafkajs.CompressionTypes.ZSTD, pack: (bytes: Buffer) => zstdCompressSync(bytes) },
} as const

/** The compressions that Kafka knows. */
export const COMPRESSIONS = ['gzip', 'snappy', 'lz4', 'zstd'] as const

/** Sends one value as a batch of its own, packed; gives the packed records, as they stand in the batch. */
export async function sendPacked(
  address: string,
  topic: string,
  compression: keyof typeof PACKERS,
  value: Buffer,
): Promise<Buffer> {
  const { type, pack } = PACKERS[compression]
  let packed: Buffer = Buffer.alloc(0)
  const compress = async ({ buffer }: { readonly buffer: Buffer }): Promise<Buffer> => {
    packed = pack(buffer)
    return packed
  }
  const before = kafkajs.CompressionCodecs[type as kafkajs.CompressionTypes.GZIP]
  kafkajs.CompressionCodecs[type as kafkajs.CompressionTypes.GZIP] = () => ({
    ...{ compress, decompress: async (bytes: Buffer) => bytes },
  })
  const producer = new kafkajs.Kafka({
    ...{ brokers: [address], logLevel: kafkajs.logLevel.NOTHING, requestTimeout: 120_000 },
  }).producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
  try {
    await producer.connect()
    await producer.send({ topic, compression: type, messages: [{ key: null, value, partition: 0 }] })
  } finally {
    await producer.disconnect()
    kafkajs.CompressionCodecs[type as kafkajs.CompressionTypes.GZIP] = before
  }
  return packed
}

function xerial(bytes: Buffer): Buffer {
  const blocks: Buffer[] = [Buffer.from('82534e41505059000000000100000001', 'hex')]
  for (let at = 0; at < bytes.length; at += 32_768) {
    const block = snappy.compressSync(bytes.subarray(at, at + 32_768))
    const size = Buffer.alloc(4)
    size.writeUInt32BE(block.length)
    blocks.push(size, block)
  }
  return Buffer.concat(blocks)
}
