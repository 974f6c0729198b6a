import type { DeploymentSpec } from '@millrace/contracts'
import { type KafkaClient, KafkaError } from '../kafka/wire/index.ts'
import { checkTopics } from './resolve-inputs.ts'

const INTERVAL_MS = 10_000

/**
 * Sees while a task runs that a topic which it reads has other partitions than at publish, or was created anew: nobody
 * else would read what is in a new partition.
 */
export class TopicWatch {
  readonly #client: KafkaClient
  readonly #topics: DeploymentSpec['topics']
  readonly #failed: (error: unknown) => void
  #lookedAt = performance.now()

  /** `read`: names of the topics that the task reads. `failed` is told the TaskStopError. */
  constructor(
    client: KafkaClient,
    { topics }: DeploymentSpec,
    read: ReadonlySet<string>,
    failed: (error: unknown) => void,
  ) {
    this.#client = client
    this.#topics = Object.fromEntries(Object.entries(topics).filter(([, { topic }]) => read.has(topic)))
    this.#failed = failed
  }

  /** To be called again and again; looks every 10 s, and waits for nothing. `now` is monotonic, ms. */
  look(now: number): void {
    if (now - this.#lookedAt < INTERVAL_MS) return
    this.#lookedAt = now
    this.#check().catch((error: unknown) => {
      // Who reads or writes a topic that is out of reach or gone finds out by itself.
      if (!(error instanceof KafkaError)) this.#failed(error)
    })
  }

  async #check(): Promise<void> {
    const names = Object.values(this.#topics).map(({ topic }) => topic)
    if (names.length === 0) return
    const topics = await this.#client.describeTopics([...new Set(names)], { refresh: true })
    checkTopics({ topics: this.#topics }, new Map(topics.map((topic) => [topic.topic, topic])))
  }
}
