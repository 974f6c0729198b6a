import type { CoordinatorKind } from './api/find-coordinator.ts'
import type { BrokerConnection } from './broker-connection.ts'
import type { BrokerLinks } from './broker-links.ts'
import type { Cluster } from './cluster.ts'
import { KafkaError } from './errors.ts'
import { backoff, retrying } from './retry.ts'

const CONCURRENT_TRANSACTIONS_RETRY_MS = 5

/** Answers of a coordinator that did nothing: asking again, perhaps elsewhere, is safe for every request. */
const NOTHING_DONE: ReadonlySet<string> = new Set([
  'CONCURRENT_TRANSACTIONS',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
])

/** After these the coordinator may be another broker. */
const COORDINATOR_MAY_HAVE_MOVED: ReadonlySet<string> = new Set([
  'COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR',
  'CONNECTION_FAILED',
  'CONNECTION_LOST',
  'REQUEST_TIMEOUT',
])

/** One request to a coordinator, from sending to judging the reply. */
export type CoordinatorAttempt<Result> = (connection: BrokerConnection) => Promise<Result>

/** Finds coordinators and asks them over the owner's sockets. */
export class CoordinatorClient {
  readonly #cluster: Cluster
  readonly #links: BrokerLinks
  readonly #deadlineMs: number

  /** @param deadlineMs how long to repeat an attempt */
  constructor(cluster: Cluster, links: BrokerLinks, deadlineMs: number) {
    this.#cluster = cluster
    this.#links = links
    this.#deadlineMs = deadlineMs
  }

  /**
   * Asks once, and again only where the coordinator has done nothing yet.
   *
   * @throws KafkaError
   */
  ask<Result>(kind: CoordinatorKind, key: string, attempt: CoordinatorAttempt<Result>): Promise<Result> {
    return this.#ask(kind, key, attempt, (error) => NOTHING_DONE.has(error.code))
  }

  /**
   * Asks until there is an answer, also where an earlier attempt may have been carried out: for requests that may be.
   *
   * @throws KafkaError
   */
  askPatiently<Result>(
    kind: CoordinatorKind,
    key: string,
    attempt: CoordinatorAttempt<Result>,
  ): Promise<Result> {
    return this.#ask(kind, key, attempt, (error) => error.retriable)
  }

  #ask<Result>(
    kind: CoordinatorKind,
    key: string,
    attempt: CoordinatorAttempt<Result>,
    repeatable: (error: KafkaError) => boolean,
  ): Promise<Result> {
    const delayAfter = (error: KafkaError, tries: number): number | null => {
      if (!repeatable(error)) return null
      return error.code === 'CONCURRENT_TRANSACTIONS'
        ? CONCURRENT_TRANSACTIONS_RETRY_MS
        : backoff(error, tries)
    }
    return retrying({ deadlineMs: this.#deadlineMs, delayAfter }, async () => {
      try {
        const brokerId = await this.#cluster.coordinatorOf(kind, key)
        return await attempt(await this.#links.to(brokerId).connection())
      } catch (error) {
        if (error instanceof KafkaError && COORDINATOR_MAY_HAVE_MOVED.has(error.code)) {
          this.#cluster.forgetCoordinator(kind, key)
        }
        throw error
      }
    })
  }
}
