import type { SampleRecord, TopicSample } from '@millrace/contracts'
import type { RawRecord } from '@millrace/engine'
import { bytesOf, fetchSample, type SampleRequest } from '../connections/topic-sample.ts'
import { wordsOf } from '../http/api-error.ts'
import type { SampleNeed } from './sample-needs.ts'

/** Records for one node of the preview, or why there are none. */
export interface Sample {
  readonly need: SampleNeed
  readonly records: readonly RawRecord[]
  /** The partition that was read; null: all, or none there is. */
  readonly partition: number | null
  /** Partitions of the topic. */
  readonly partitions: number
  /** True where the topic may hold more records than were read. */
  readonly isCut: boolean
  /** Why nothing could be read, in words. */
  readonly problem: string | null
}

/** Events of a source that the preview runs over: of one partition, so that their order is that of the topic. */
export const SAMPLED_EVENTS = 1_000
/** Records of a reference, by partition: as many as the api gives at once. */
export const SAMPLED_REFERENCE = 1_000
/** So many partitions are tried for one that holds events, or read of a reference. */
const TRIED_PARTITIONS = 8

/** How records of a topic are read. */
export type ReadTopic = (request: SampleRequest) => Promise<TopicSample>

/** Reads what a node needs. Never fails: what goes wrong stands in the sample, in words. */
export async function takeSample(
  need: SampleNeed,
  generatorStart: number,
  read: ReadTopic = fetchSample,
): Promise<Sample> {
  if (need.kind === 'generator') return generated(need, generatorStart)
  try {
    return need.kind === 'source' ? await sampleEvents(need, read) : await sampleReference(need, read)
  } catch (error) {
    return { need, records: [], partition: null, partitions: 0, isCut: false, problem: wordsOf(error) }
  }
}

type TopicNeed = Exclude<SampleNeed, { kind: 'generator' }>

async function sampleEvents(need: TopicNeed, read: ReadTopic): Promise<Sample> {
  const { connection, topic } = need
  for (let partition = 0; ; partition++) {
    const sample = await read({ connection, topic, limit: SAMPLED_EVENTS, partition, from: 'latest' })
    const isLast = partition + 1 >= Math.min(sample.partitions, TRIED_PARTITIONS)
    if (sample.records.length > 0 || isLast) return sampleOf(need, sample, SAMPLED_EVENTS)
  }
}

async function sampleReference(need: TopicNeed, read: ReadTopic): Promise<Sample> {
  const { connection, topic } = need
  const readOne = (partition: number) =>
    read({ connection, topic, limit: SAMPLED_REFERENCE, partition, from: 'earliest' })
  const first = await readOne(0)
  const count = Math.min(first.partitions, TRIED_PARTITIONS)
  const others = await Promise.all(Array.from({ length: count - 1 }, (_, i) => readOne(i + 1)))
  const parts = [first, ...others].map((part) => sampleOf(need, part, SAMPLED_REFERENCE))
  return {
    need,
    records: parts.flatMap(({ records }) => records),
    partition: null,
    partitions: first.partitions,
    isCut: count < first.partitions || parts.some(({ isCut }) => isCut),
    problem: null,
  }
}

function sampleOf(
  need: TopicNeed,
  { topic, partition, partitions, records }: TopicSample,
  limit: number,
): Sample {
  return {
    need,
    records: records.map((record) => rawRecord(topic, record)),
    partition,
    partitions,
    isCut: records.length >= limit,
    problem: null,
  }
}

function rawRecord(topic: string, { partition, offset, timestamp, key, value }: SampleRecord): RawRecord {
  return { topic, partition, offset, timestamp, key: bytesOf(key), value: bytesOf(value) }
}

/** A generator makes its events from the offset alone. */
function generated(need: Extract<SampleNeed, { kind: 'generator' }>, start: number): Sample {
  const interval = 1000 / need.ratePerSecond
  const records = Array.from(
    { length: SAMPLED_EVENTS },
    (_, offset): RawRecord => ({
      topic: '',
      partition: 0,
      offset,
      timestamp: start + Math.floor(offset * interval),
      key: null,
      value: null,
    }),
  )
  return { need, records, partition: null, partitions: 1, isCut: true, problem: null }
}
