/** The request for a topic's metadata, in the first version that every broker with topic ids by name speaks. */
export const METADATA = { apiKey: 3, apiVersion: 12, apiName: 'Metadata' } as const

/** What makes a topic the same topic. */
export interface TopicIdentity {
  /** 22 characters of base64url, as Kafka writes ids. */
  readonly topicId: string
  readonly partitions: number
  /** True where each partition has a leader, as a new one has not at once. */
  readonly isLed: boolean
}

const NONE = 0
const UNKNOWN_TOPIC = 3
/** The topic is there; a partition of it has to wait. */
const LEADER_NOT_AVAILABLE = 5
const UUID_BYTES = 16
const NO_TAGS = 0

/*
  Request header v2: … TAGS, and Metadata v12 => [topics] allow_auto_topic_creation include_topic_authorized_operations TAGS
    topics => topic_id name TAGS
  Arrays and strings are led by their length plus one, as an unsigned variable-length number.
*/
/** The body of the request, in the shape in which kafkajs takes encoders. */
export function encodeTopicRequest(topic: string): { readonly buf: Buffer; readonly buffer: Buffer } {
  const name = Buffer.from(topic)
  const buffer = Buffer.concat([
    Buffer.from([NO_TAGS, 2]),
    Buffer.alloc(UUID_BYTES),
    unsignedVarint(name.length + 1),
    name,
    Buffer.from([NO_TAGS, 0, 0, NO_TAGS]),
  ])
  return { buf: buffer, buffer }
}

function unsignedVarint(value: number): Buffer {
  return Buffer.from(value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >> 7])
}

/*
  Response header v1: TAGS, and Metadata v12 => throttle_time_ms [brokers] cluster_id controller_id [topics] TAGS
    brokers => node_id host port rack TAGS
    topics => error_code name topic_id is_internal [partitions] …
    partitions => error_code partition_index leader_id leader_epoch [replicas] [in_sync] [offline] TAGS
*/
/** The only topic of a response; null where the broker does not know it. */
export function decodeTopic(payload: Buffer): TopicIdentity | null {
  const reader = new FlexibleReader(payload)
  reader.skipTags()
  reader.skip(4)
  for (let brokers = reader.length(); brokers > 0; brokers--) {
    reader.skip(4)
    reader.skipText()
    reader.skip(4)
    reader.skipText()
    reader.skipTags()
  }
  reader.skipText()
  reader.skip(4)
  if (reader.length() !== 1) return null
  const error = reader.int16()
  reader.skipText()
  const topicId = reader.uuid()
  reader.skip(1)
  if (error !== NONE && error !== LEADER_NOT_AVAILABLE) return refuse(error)
  const partitions = reader.length()
  return { topicId, partitions, isLed: readLeaders(reader, partitions) }
}

function readLeaders(reader: FlexibleReader, partitions: number): boolean {
  let isLed = true
  for (let i = 0; i < partitions; i++) {
    const error = reader.int16()
    reader.skip(4)
    const leader = reader.int32()
    if (error !== NONE || leader < 0) isLed = false
    reader.skip(4)
    for (let lists = 0; lists < 3; lists++) reader.skip(4 * Math.max(0, reader.length()))
    reader.skipTags()
  }
  return isLed
}

function refuse(error: number): null {
  if (error === UNKNOWN_TOPIC) return null
  // Named as kafkajs names the errors of brokers, so that it is told like those.
  throw Object.assign(new Error(`the broker answers with error ${error}`), { type: ERROR_NAMES.get(error) })
}

const ERROR_NAMES: ReadonlyMap<number, string> = new Map([
  [17, 'INVALID_TOPIC_EXCEPTION'],
  [29, 'TOPIC_AUTHORIZATION_FAILED'],
])

class FlexibleReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  skip(count: number): void {
    this.#at += count
  }

  int16(): number {
    this.#at += 2
    return this.#bytes.readInt16BE(this.#at - 2)
  }

  int32(): number {
    this.#at += 4
    return this.#bytes.readInt32BE(this.#at - 4)
  }

  uuid(): string {
    this.#at += UUID_BYTES
    return this.#bytes.toString('base64url', this.#at - UUID_BYTES, this.#at)
  }

  /** The length of what follows; −1 for null. */
  length(): number {
    return this.#unsignedVarint() - 1
  }

  skipText(): void {
    this.skip(Math.max(0, this.length()))
  }

  skipTags(): void {
    for (let tags = this.#unsignedVarint(); tags > 0; tags--) {
      this.#unsignedVarint()
      this.skip(this.#unsignedVarint())
    }
  }

  #unsignedVarint(): number {
    let value = 0
    for (let shift = 0; shift < 32; shift += 7) {
      const byte = this.#bytes.readUInt8(this.#at++)
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    return value >>> 0
  }
}
