import type { WireReader } from '../wire-reader.ts'
import type { WireWriter } from '../wire-writer.ts'

/**
 * One request type of the Kafka protocol: which versions this layer can write and read, and how.
 * All versions named here are flexible (KIP-482), so header and body have tagged fields.
 */
export interface Api<Request, Response> {
  readonly name: string
  readonly key: number
  readonly minVersion: number
  readonly maxVersion: number
  encode(writer: WireWriter, request: Request, version: number): void
  /** Reads error codes as they are; whoever sent the request judges them. */
  decode(reader: WireReader, version: number): Response
}

/** A partition of a topic. */
export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** `read_committed` sees records of committed transactions only, up to the last stable offset. */
export type IsolationLevel = 'read_uncommitted' | 'read_committed'

/** The wire form of an isolation level. */
export const ISOLATION_LEVELS = { read_uncommitted: 0, read_committed: 1 } as const satisfies Record<
  IsolationLevel,
  number
>

/** The producer that a transactional id stands for now. */
export interface ProducerIdentity {
  readonly producerId: bigint
  /** 0 to 32,767; grows with each init and, with transaction version 2, with each transaction. */
  readonly producerEpoch: number
}

/** Items under their topic, in the order of their first appearance: most requests are laid out by topic. */
export function groupByTopic<Item extends TopicPartition>(
  items: readonly Item[],
): readonly (readonly [string, Item[]])[] {
  const byTopic = new Map<string, Item[]>()
  for (const item of items) {
    const group = byTopic.get(item.topic)
    if (group) group.push(item)
    else byTopic.set(item.topic, [item])
  }
  return [...byTopic]
}
