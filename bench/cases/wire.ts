/**
 * Speed of record batches on one core, without network: `node bench/cases/wire.ts`.
 * Encoding stands beside kafkajs' encoder, decoding beside kafkajs' decoder, over the same records in the same run.
 */
import { createRequire } from 'node:module'
import { crc32c } from '../../executor/src/kafka/wire/crc32c.ts'
import { RecordBatchBuilder } from '../../executor/src/kafka/wire/index.ts'
import { RecordCursor } from '../../executor/src/kafka/wire/records/record-cursor.ts'

const require = createRequire(import.meta.url)
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0')
const KafkajsRecord = require('kafkajs/src/protocol/recordBatch/record/v0')
const KafkajsDecoder = require('kafkajs/src/protocol/decoder')
const decodeKafkajsBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder')

const RECORDS = 3_000
const ROUNDS = 60
const TIME = 1_700_000_000_000
const identity = { producerId: 4711n, producerEpoch: 3 }

interface Message {
  readonly key: string
  readonly value: string
}

function order(i: number, size: number): Message {
  const head = {
    orderId: `o-${i}`,
    userId: `u-${(i * 7919) % 5000}`,
    region: 'US-WEST',
    total: (i % 1000) + 0.25,
  }
  const value = JSON.stringify({ ...head, ts: TIME + i, note: '' })
  return {
    key: head.userId,
    value: value.replace('"note":""', `"note":"${'.'.repeat(size - value.length)}"`),
  }
}

/** The best of several rounds, in microseconds per record: the machine's other work only ever adds. */
async function measure(work: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    await work()
    best = Math.min(best, ((performance.now() - start) * 1_000) / RECORDS)
  }
  return best
}

const builder = new RecordBatchBuilder(8_000_000)

function encode(messages: readonly Message[]): Buffer {
  builder.reset()
  for (let i = 0; i < messages.length; i++) builder.append(messages[i]!.key, messages[i]!.value, TIME + i)
  return builder.seal(0, identity, 0)
}

function encodeWithKafkajs(messages: readonly Message[]): Promise<{ buffer: Buffer }> {
  return RecordBatch({
    firstTimestamp: TIME,
    maxTimestamp: TIME + messages.length,
    producerId: identity.producerId,
    producerEpoch: identity.producerEpoch,
    firstSequence: 0,
    transactional: true,
    lastOffsetDelta: messages.length - 1,
    records: messages.map(({ key, value }, i) =>
      KafkajsRecord({ key, value, offsetDelta: i, timestampDelta: i }),
    ),
  })
}

function cursorOver(batches: Buffer): RecordCursor {
  return new RecordCursor({
    topic: 'bench',
    partition: 0,
    batches,
    fromOffset: 0,
    abortFilter: null,
    maxBatchBytes: 1 << 26,
  })
}

function walk(batch: Buffer, look: (records: RecordCursor) => unknown): number {
  const records = cursorOver(batch)
  let seen = 0
  while (records.next()) if (look(records) !== undefined) seen++
  return seen
}

function line(name: string, microseconds: number, rival?: number): void {
  const ratio =
    rival === undefined ? '' : `  ${(rival / microseconds).toFixed(1)} × kafkajs (${rival.toFixed(2)} µs)`
  const rate = `${Math.round(1_000_000 / microseconds).toLocaleString('en')}/s`
  console.log(
    `  ${name.padEnd(34)} ${microseconds.toFixed(3).padStart(7)} µs/record ${rate.padStart(12)}${ratio}`,
  )
}

for (const size of [120, 260]) {
  const messages = Array.from({ length: RECORDS }, (_, i) => order(i, size))
  const batch = Buffer.from(encode(messages))
  console.log(`${size}-byte JSON values, ${RECORDS} records per batch of ${batch.length} bytes`)
  line(
    'encode and seal',
    await measure(() => encode(messages)),
    await measure(() => encodeWithKafkajs(messages)),
  )
  const kafkajsDecode = await measure(() => decodeKafkajsBatch(new KafkajsDecoder(batch)))
  line('decode: walk', await measure(() => walk(batch, () => 0)))
  line(
    'decode: key and value as views',
    await measure(() => walk(batch, (r) => [r.key(), r.value()])),
    kafkajsDecode,
  )
  line('decode: value as text', await measure(() => walk(batch, (r) => r.valueText())))
  line(
    'decode: value as text, JSON.parse',
    await measure(() => walk(batch, (r) => JSON.parse(r.valueText()!))),
  )
  line('checksum alone', await measure(() => crc32c(batch)))
}
