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
}

/** Reads some records of a topic. */
export function fetchSample(sample: SampleRequest, signal?: AbortSignal): Promise<TopicSample> {
  const { connection, topic, limit, partition, from } = sample
  const query = new URLSearchParams({ limit: String(limit), from })
  if (partition !== null) query.set('partition', String(partition))
  return request(`/connections/${segment(connection)}/topics/${segment(topic)}/sample?${query}`, { signal })
}

/** The bytes of a key or value. */
export function bytesOf(base64: string | null): Uint8Array | null {
  return base64 === null ? null : Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
}

/** The JSON in a value; undefined where it is none. */
export function jsonOf(base64: string | null): unknown {
  const bytes = bytesOf(base64)
  if (bytes === null) return undefined
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}
