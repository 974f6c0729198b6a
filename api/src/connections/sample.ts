import type { SampleRecord, TopicSample } from '@millrace/contracts'
import type { KafkaPort, SampledRecord } from '@millrace/nodes'
import { AppError } from '../errors.ts'

/** Bounds of one sample, whatever is asked for. */
export const SAMPLE_LIMITS = { records: 1_000, bytes: 8_000_000, timeoutMs: 5_000 } as const

/** What to sample of a topic. */
export interface SampleRequest {
  readonly topic: string
  readonly limit: number
  /** Null: all partitions. */
  readonly partition: number | null
  readonly from: 'latest' | 'earliest'
}

/**
 * Reads a few records of a topic. Nobody's position moves, and no group is left behind.
 *
 * @throws AppError `not_found`, `invalid_request`
 */
export async function sampleTopic(
  port: KafkaPort,
  { topic, limit, partition, from }: SampleRequest,
): Promise<TopicSample> {
  const found = await port.describeTopic(topic)
  if (found === null) throw new AppError('not_found', `There is no topic "${topic}".`)
  const { partitions } = found
  if (partition !== null && partition >= partitions) {
    throw new AppError(
      'invalid_request',
      `The topic "${topic}" has ${partitions} partitions, counted from 0.`,
    )
  }
  const records = await port.sample(topic, {
    ...(partition !== null && { partition }),
    from,
    limit: Math.min(limit, SAMPLE_LIMITS.records),
    maxBytes: SAMPLE_LIMITS.bytes,
    timeoutMs: SAMPLE_LIMITS.timeoutMs,
  })
  return { topic, partitions, partition, records: records.map(shownRecord).sort(byPlace) }
}

function shownRecord({ partition, offset, timestamp, key, value }: SampledRecord): SampleRecord {
  return { partition, offset, timestamp, key: toBase64(key), value: toBase64(value) }
}

function byPlace(a: SampleRecord, b: SampleRecord): number {
  return a.partition - b.partition || a.offset - b.offset
}

function toBase64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('base64')
}
