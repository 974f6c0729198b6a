import type { TopicSample } from '@millrace/contracts'
import { request, segment } from '../http/request.ts'

/** Which records of a topic are wanted. */
export interface SampleRequest {
  readonly connection: string
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

/** Reads some records of a topic. */
export function fetchSample(sample: SampleRequest, signal?: AbortSignal): Promise<TopicSample> {
  const { connection, topic, limit, partition, from, fields, offset, time } = sample
  const query = new URLSearchParams({ limit: String(limit), from })
  if (partition !== null) query.set('partition', String(partition))
  if (offset !== undefined) query.set('offset', String(offset))
  if (time !== undefined) query.set('time', String(time))
  if (fields !== undefined) query.set('fields', fields)
  return request(`/connections/${segment(connection)}/topics/${segment(topic)}/sample?${query}`, { signal })
}

/** The bytes of a key or value. */
export function bytesOf(base64: string | null): Uint8Array | null {
  return base64 === null ? null : Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
}
