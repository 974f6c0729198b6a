import type { ProposedFieldsBody, SampleRecord, TopicSample } from '@millrace/contracts'
import { formatType } from '@millrace/expr'
import { counted, fieldsOfJson } from '@millrace/graph'
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
  /** With `earliest`: begin at this offset, or at the first record from this time on, epoch ms. */
  readonly offset?: number
  readonly time?: number
  /** What numbers with a fraction become in the fields that are proposed; absent: none are. */
  readonly fields?: 'double' | 'decimal'
}

/**
 * Reads a few records of a topic. Nobody's position moves, and no group is left behind.
 *
 * @throws AppError `not_found`, `invalid_request`
 */
export async function sampleTopic(
  port: KafkaPort,
  { topic, limit, partition, from, fields, offset, time }: SampleRequest,
): Promise<TopicSample> {
  const found = await port.describeTopic(topic)
  if (found === null) throw new AppError('not_found', `There is no topic "${topic}".`)
  const { partitions } = found
  if (partition !== null && partition >= partitions) {
    throw new AppError(
      'invalid_request',
      `The topic "${topic}" has ${counted(partitions, 'partition')}, counted from 0.`,
    )
  }
  const records = await port.sample(topic, {
    ...(partition !== null && { partition }),
    from,
    ...(offset !== undefined && { offset }),
    ...(time !== undefined && { time }),
    limit: Math.min(limit, SAMPLE_LIMITS.records),
    maxBytes: SAMPLE_LIMITS.bytes,
    timeoutMs: SAMPLE_LIMITS.timeoutMs,
  })
  const inOrder = records.toSorted(byPlace)
  return {
    ...{ topic, partitions, partition, records: inOrder.map(shownRecord) },
    ...(fields !== undefined && { proposed: proposedFields(inOrder, fields) }),
  }
}

/** Records without a value say nothing of fields. */
function proposedFields(
  records: readonly SampledRecord[],
  fractions: 'double' | 'decimal',
): ProposedFieldsBody {
  const values = records.flatMap(({ value }) => (value === null ? [] : [jsonOf(value)]))
  const { fields, issues, read, unread } = fieldsOfJson(values, { decimals: fractions === 'decimal' })
  return {
    fields: fields.map(({ name, type, confidence, values: seen, remarks }) => ({
      ...{ name, type: formatType(type), confidence, remarks: [...remarks] },
      ...(seen && { values: [...seen] }),
    })),
    issues: issues.map(({ path, message }) => ({ path: [...path], message })),
    ...{ read, unread },
  }
}

/** Undefined where it is no JSON. */
function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}

function shownRecord({ partition, offset, timestamp, key, value }: SampledRecord): SampleRecord {
  return { partition, offset, timestamp, key: toBase64(key), value: toBase64(value) }
}

function byPlace(a: SampledRecord, b: SampledRecord): number {
  return a.partition - b.partition || a.offset - b.offset
}

function toBase64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('base64')
}
