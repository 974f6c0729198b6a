import type { KafkaClient, TopicPartition } from '../kafka/wire/index.ts'

const INTERVAL_MS = 1_000

/** How much may wait unread in an internal topic before its writers are held up. */
export interface BacklogLimits {
  readonly records: number
  readonly bytes: number
}

/** A topic that is watched: by how many tasks, and what is known of it. */
interface Watched {
  readonly partitions: readonly TopicPartition[]
  readonly limits: BacklogLimits
  watchers: number
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

  /** Begins to watch a topic for one more task. */
  watch(topic: string, partitions: number, limits: BacklogLimits): void {
    const watched = this.#topics.get(topic)
    if (watched !== undefined) watched.watchers++
    else {
      const all = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))
      this.#topics.set(topic, { partitions: all, limits, watchers: 1, records: 0, bytes: 0, unread: 0 })
    }
  }

  /** One of the tasks that watch a topic needs it no longer. */
  unwatch(topic: string): void {
    const watched = this.#topics.get(topic)
    if (watched !== undefined && --watched.watchers === 0) this.#topics.delete(topic)
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
    return watched.unread > watched.limits.records || watched.unread * size > watched.limits.bytes
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
