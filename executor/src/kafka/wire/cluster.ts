import type { Api, TopicPartition } from './api/api.ts'
import { type CoordinatorKind, findCoordinator } from './api/find-coordinator.ts'
import { type BrokerAddress, metadata, type TopicMetadataEntry } from './api/metadata.ts'
import { BrokerConnection, type ConnectionSettings } from './broker-connection.ts'
import { BrokerLink } from './broker-link.ts'
import { clientFault, KafkaError, namedBrokerError, throwOnError } from './errors.ts'

/** One topic of the cluster. */
export type TopicMetadata = Omit<TopicMetadataEntry, 'error'>

/** Settings of every connection and where to begin. */
export interface ClusterSettings extends ConnectionSettings {
  /** Brokers to ask first, each `host:port`. */
  readonly brokers: readonly string[]
}

const LAST_IN_BRACKETS = /^\[(.+)\]$/

/** What the client knows of the cluster: brokers, topics and coordinators, asked for when needed, and its sockets. */
export class Cluster {
  readonly settings: ClusterSettings
  /** Links by `host:port`, for questions that any broker can answer. */
  readonly #seeds = new Map<string, BrokerLink>()
  readonly #addresses = new Map<number, BrokerAddress>()
  readonly #topics = new Map<string, TopicMetadata>()
  readonly #coordinators = new Map<string, Promise<number>>()
  readonly #controlLinks = new Map<number, BrokerLink>()
  readonly #links = new Set<BrokerLink>()
  #closed = false

  constructor(settings: ClusterSettings) {
    this.settings = settings
    for (const text of settings.brokers) this.#addSeed(parseAddress(text))
  }

  /**
   * Topics by name, from the cache unless `refresh` is set or one is not in it.
   *
   * @throws KafkaError for the first topic that cannot be described (`UNKNOWN_TOPIC_OR_PARTITION`, …)
   */
  async topics(names: readonly string[], refresh = false): Promise<TopicMetadata[]> {
    const known = names.flatMap((name) => this.#topics.get(name) ?? [])
    if (!refresh && known.length === names.length) return known
    const fresh = await this.#refresh(names)
    return names.map((name) => described(fresh, name))
  }

  /** Id of a topic as the cache has it. */
  async topicId(name: string): Promise<string> {
    const [topic] = await this.topics([name])
    return topic!.topicId
  }

  /**
   * Id of the broker that leads a partition.
   *
   * @throws KafkaError `LEADER_NOT_AVAILABLE`, `UNKNOWN_TOPIC_OR_PARTITION`
   */
  async leaderOf({ topic, partition }: TopicPartition): Promise<number> {
    const known = leaderIn(this.#topics.get(topic), partition)
    if (known !== null) return known
    const leader = leaderIn((await this.#refresh([topic])).get(topic), partition)
    if (leader === null) throw namedBrokerError('LEADER_NOT_AVAILABLE', { topic, partition })
    return leader
  }

  /** Asks anew whether a broker leads a partition. */
  async stillLeads(brokerId: number, partition: TopicPartition): Promise<boolean> {
    this.forgetTopic(partition.topic)
    return (await this.leaderOf(partition)) === brokerId
  }

  /** Forgets what is cached of a topic; the next question is asked anew. */
  forgetTopic(name: string): void {
    this.#topics.delete(name)
  }

  /**
   * The broker that coordinates a group or transactional id. Callers that ask at the same time share the answer.
   *
   * @throws KafkaError `COORDINATOR_NOT_AVAILABLE`, an authorization error
   */
  coordinatorOf(kind: CoordinatorKind, key: string): Promise<number> {
    const name = `${kind}:${key}`
    const known = this.#coordinators.get(name)
    if (known) return known
    const asked = this.#findCoordinator(kind, key)
    this.#coordinators.set(name, asked)
    asked.catch(() => {
      if (this.#coordinators.get(name) === asked) this.#coordinators.delete(name)
    })
    return asked
  }

  /** Forgets a coordinator; the next question is asked anew. */
  forgetCoordinator(kind: CoordinatorKind, key: string): void {
    this.#coordinators.delete(`${kind}:${key}`)
  }

  /**
   * Does something with a connection to one broker or another: the first that does not fail in passing.
   *
   * @throws KafkaError of the last broker
   */
  async withAnyone<Result>(action: (connection: BrokerConnection) => Promise<Result>): Promise<Result> {
    let last: unknown = clientFault('CONNECTION_FAILED', 'no brokers are given')
    // A control link that is connecting may itself be waiting for this answer.
    const connected = [...this.#controlLinks.values()].filter((link) => link.connected)
    for (const link of [...connected, ...this.#seeds.values()]) {
      try {
        return await action(await link.connection())
      } catch (error) {
        if (!(error instanceof KafkaError) || !error.retriable) throw error
        last = error
      }
    }
    throw last
  }

  /** The shared link for short questions to one broker. */
  controlLink(brokerId: number): BrokerLink {
    const existing = this.#controlLinks.get(brokerId)
    if (existing) return existing
    const link = this.openLink(brokerId)
    this.#controlLinks.set(brokerId, link)
    return link
  }

  /** A link of the caller's own, to be given back with `closeLink`. */
  openLink(brokerId: number): BrokerLink {
    return this.#track(() => this.#connect(brokerId))
  }

  /** Closes a link that `openLink` gave. */
  closeLink(link: BrokerLink): void {
    this.#links.delete(link)
    link.close()
  }

  /** Closes every connection; requests under way fail. */
  close(): void {
    this.#closed = true
    for (const link of this.#links) link.close()
    this.#links.clear()
  }

  #track(open: () => Promise<BrokerConnection>): BrokerLink {
    const link = new BrokerLink(open)
    if (this.#closed) link.close()
    else this.#links.add(link)
    return link
  }

  async #refresh(names: readonly string[]): Promise<ReadonlyMap<string, TopicMetadata>> {
    const body = await this.#askAnyone(metadata, { topics: names })
    for (const [id, address] of body.brokers) {
      this.#addresses.set(id, address)
      this.#addSeed(address)
    }
    const fresh = new Map<string, TopicMetadata>()
    for (const { error, ...topic } of body.topics) {
      this.#topics.delete(topic.topic)
      throwOnError(error, { api: metadata.name, topic: topic.topic })
      this.#topics.set(topic.topic, topic)
      fresh.set(topic.topic, topic)
    }
    return fresh
  }

  async #findCoordinator(kind: CoordinatorKind, key: string): Promise<number> {
    const context = { api: findCoordinator.name, [kind === 'group' ? 'group' : 'transactionalId']: key }
    const [found] = await this.#askAnyone(findCoordinator, { kind, key })
    if (!found) throw namedBrokerError('COORDINATOR_NOT_AVAILABLE', context)
    throwOnError(found.error, context, found.message)
    this.#addresses.set(found.brokerId, { host: found.host, port: found.port })
    return found.brokerId
  }

  #addSeed(address: BrokerAddress): void {
    const name = `${address.host}:${address.port}`
    if (this.#seeds.has(name)) return
    const link = this.#track(() => BrokerConnection.open(address, this.settings))
    this.#seeds.set(name, link)
  }

  async #askAnyone<Request, Response>(api: Api<Request, Response>, request: Request): Promise<Response> {
    const { body } = await this.withAnyone((connection) => connection.request(api, request))
    return body
  }

  /** A broker may come back under another address: one that does not answer is looked up again. */
  async #connect(brokerId: number): Promise<BrokerConnection> {
    if (!this.#addresses.has(brokerId)) await this.#refresh([])
    const address = this.#addresses.get(brokerId)
    if (!address) {
      throw clientFault('CONNECTION_FAILED', 'the cluster has no such broker', { broker: `${brokerId}` })
    }
    try {
      return await BrokerConnection.open(address, this.settings)
    } catch (error) {
      this.#forgetBroker(brokerId)
      throw error
    }
  }

  /** What the broker led and coordinated may have moved. */
  #forgetBroker(brokerId: number): void {
    this.#addresses.delete(brokerId)
    this.#coordinators.clear()
    for (const [name, { partitions }] of this.#topics) {
      if (partitions.some(({ leader }) => leader === brokerId)) this.#topics.delete(name)
    }
  }
}

function described(topics: ReadonlyMap<string, TopicMetadata>, name: string): TopicMetadata {
  const topic = topics.get(name)
  if (!topic) throw namedBrokerError('UNKNOWN_TOPIC_OR_PARTITION', { topic: name })
  return topic
}

function leaderIn(topic: TopicMetadata | undefined, partition: number): number | null {
  const found = topic?.partitions.find((one) => one.partition === partition)
  return found && found.leader >= 0 ? found.leader : null
}

function parseAddress(text: string): BrokerAddress {
  const colon = text.lastIndexOf(':')
  const port = Number(text.slice(colon + 1))
  if (colon < 1 || !Number.isInteger(port)) throw new TypeError(`"${text}" is no broker address (host:port)`)
  return { host: text.slice(0, colon).replace(LAST_IN_BRACKETS, '$1'), port }
}
