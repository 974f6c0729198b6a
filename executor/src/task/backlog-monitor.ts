import type { KafkaClient, TopicPartition } from '../kafka/wire/index.ts'

/** An internal topic with more unread records than this holds its writers up. */
const MAX_UNREAD_RECORDS = 1_000_000
const MAX_UNREAD_BYTES = 1_000_000_000
const INTERVAL_MS = 1_000

/** A topic that is watched: how many partitions, and how large its records are on average. */
interface Watched {
  readonly partitions: readonly TopicPartition[]
  records: number
  bytes: number
  unread: number
}

/**
 * Watches how much waits unread in the internal topics that this process writes, so that their writers can hold back
 * (exactly-once.md P7). Readers delete what they have read, so the unread part is what the log holds.
 */
export class BacklogMonitor {
  readonly #client: KafkaClient
  readonly #topics = new Map<string, Watched>()
  readonly #timer: NodeJS.Timeout
  #looking: Promise<void> | null = null

  constructor(client: KafkaClient) {
    this.#client = client
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = null
      })
    }, INTERVAL_MS)
    this.#timer.unref()
  }

  /** Begins to watch a topic. */
  watch(topic: string, partitions: number): void {
    if (this.#topics.has(topic)) return
    const all = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))
    this.#topics.set(topic, { partitions: all, records: 0, bytes: 0, unread: 0 })
  }

  /** Notes what was written to a topic, to know the size of its records. */
  wrote(topic: string, records: number, bytes: number): void {
    const watched = this.#topics.get(topic)
    if (watched === undefined) return
    watched.records += records
    watched.bytes += bytes
  }

  /** Records that wait unread in a topic. */
  unread(topic: string): number {
    return this.#topics.get(topic)?.unread ?? 0
  }

  /** True where writers should hold back. */
  isFull(topic: string): boolean {
    const watched = this.#topics.get(topic)
    if (watched === undefined) return false
    const size = watched.records === 0 ? 0 : watched.bytes / watched.records
    return watched.unread > MAX_UNREAD_RECORDS || watched.unread * size > MAX_UNREAD_BYTES
  }

  /** Stops watching. */
  close(): void {
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    for (const watched of this.#topics.values()) {
      try {
        const starts = await this.#client.listOffsets(watched.partitions, 'earliest')
        const ends = await this.#client.listOffsets(watched.partitions, 'last-stable')
        watched.unread = ends.reduce(
          (sum, { offset }, i) => sum + (offset ?? 0) - (starts[i]?.offset ?? 0),
          0,
        )
      } catch {
        // The tasks themselves say when Kafka is out of reach; until then the last figure stands.
      }
    }
  }
}
