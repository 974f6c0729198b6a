import { createRequire } from 'node:module'
import { crc32c } from '../../executor/src/kafka/wire/crc32c.ts'
import { RecordBatchBuilder } from '../../executor/src/kafka/wire/index.ts'
import { RecordCursor } from '../../executor/src/kafka/wire/records/record-cursor.ts'
import type { BenchCase, Figure } from '../support/bench-case.ts'
import { measureRounds, PER_RECORD, perRecordFigure, startCpuClock, type Timed } from '../support/rounds.ts'

const require = createRequire(import.meta.url)
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0')
const KafkajsRecord = require('kafkajs/src/protocol/recordBatch/record/v0')
const KafkajsDecoder = require('kafkajs/src/protocol/decoder')
const decodeKafkajsBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder')

const RECORDS = 3_000

/** Record batches on one core. */
export const benchCase: BenchCase = {
  method:
    'batches of 3,000 records with JSON values, 60 rounds of all rows after one to warm up; kafkajs encodes and decodes the same records in the same round',
  columns: [...PER_RECORD, { key: 'ratio', title: '× kafkajs', digits: 1 }],
  run: async ({ quick }) => {
    const figures: Figure[] = []
    for (const size of [120, 260]) figures.push(...(await measureSize(size, quick ? 2 : 60)))
    return figures
  },
}
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

/** Name, work, and the place of the rival's row. */
function rowsOf(messages: readonly Message[], batch: Buffer): [string, () => unknown, number?][] {
  return [
    ['encode with kafkajs', () => encodeWithKafkajs(messages)],
    ['encode and seal', () => encode(messages), 0],
    ['decode with kafkajs', () => decodeKafkajsBatch(new KafkajsDecoder(batch))],
    ['decode: key and value as views', () => walk(batch, (r) => [r.key(), r.value()]), 2],
    ['decode: walk', () => walk(batch, () => 0)],
    ['decode: value as text', () => walk(batch, (r) => r.valueText())],
    ['decode: value as text, JSON.parse', () => walk(batch, (r) => JSON.parse(r.valueText()!))],
    ['checksum alone', () => crc32c(batch)],
  ]
}

async function measureSize(size: number, rounds: number): Promise<Figure[]> {
  const messages = Array.from({ length: RECORDS }, (_, i) => order(i, size))
  const rows = rowsOf(messages, Buffer.from(encode(messages)))
  const works = rows.map(([, work]) => timed(work))
  const samples = await measureRounds(works, rounds)
  return rows.map(([name, , rival], i) =>
    perRecordFigure(
      `${size} bytes: ${name}`,
      samples[i] ?? [],
      rival === undefined ? undefined : samples[rival],
    ),
  )
}

function timed(work: () => unknown): Timed {
  return async () => {
    const spent = startCpuClock()
    await work()
    return spent() / RECORDS
  }
}
