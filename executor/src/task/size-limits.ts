import type { KafkaClient } from '../kafka/wire/index.ts'

interface Known {
  /** What the topic's setting was. */
  readonly setting: number
  /** What we keep to. */
  readonly limit: number
  readonly refused: boolean
}

/**
 * The largest batches that topics take, bytes. Outlives the sessions of a task, so that nothing loops where a broker
 * refuses what its own setting allows.
 */
export class SizeLimits {
  readonly #known = new Map<string, Known>()

  /**
   * Notes a topic's `max.message.bytes` as it was read at a take-over. Gives what to keep to: half of the last limit if
   * the topic has refused that, and the setting is still the same.
   */
  adopt(topic: string, setting: number): number {
    const known = this.#known.get(topic)
    const isNews = known === undefined || known.setting !== setting
    const limit = isNews ? setting : known.refused ? Math.floor(known.limit / 2) : known.limit
    this.#known.set(topic, { setting, limit, refused: false })
    return limit
  }

  /** Notes that a topic refused what kept to its limit. */
  refused(topic: string): void {
    const known = this.#known.get(topic)
    if (known !== undefined) this.#known.set(topic, { ...known, refused: true })
  }

  /**
   * Reads the settings of topics and gives the limits to keep to. `otherwise`: by topic, its setting where the broker
   * does not tell it.
   */
  async read(
    client: KafkaClient,
    otherwise: ReadonlyMap<string, number>,
  ): Promise<ReadonlyMap<string, number>> {
    const told = await client.topicSetting([...otherwise.keys()], 'max.message.bytes')
    return new Map(
      [...otherwise].map(([topic, known]) => [topic, this.adopt(topic, Number(told.get(topic) ?? known))]),
    )
  }
}
