import type { Api } from './api/api.ts'
import type { BrokerConnection, Reply, VersionBounds } from './broker-connection.ts'
import { clientFault } from './errors.ts'

/** A socket to one broker: opened when first used, opened anew when it broke. */
export class BrokerLink {
  readonly #open: () => Promise<BrokerConnection>
  #pending: Promise<BrokerConnection> | null = null
  #latest: BrokerConnection | null = null
  #closed = false

  constructor(open: () => Promise<BrokerConnection>) {
    this.#open = open
  }

  /** Whether a request would go out without connecting first. */
  get connected(): boolean {
    return this.#latest?.usable ?? false
  }

  /**
   * The connection as it is now, or a new one. Callers that find it broken at the same time share its successor.
   *
   * @throws KafkaError as `BrokerConnection.open`, or `CLOSED`
   */
  async connection(): Promise<BrokerConnection> {
    for (let attempt = 0; attempt < 2; attempt++) {
      if (this.#closed) throw clientFault('CLOSED', 'the link is closed')
      this.#pending ??= this.#open()
      const pending = this.#pending
      try {
        const connection = await pending
        this.#latest = connection
        if (connection.usable) return connection
        this.#discard(pending)
      } catch (error) {
        this.#discard(pending)
        throw error
      }
    }
    throw clientFault('CONNECTION_LOST', 'the broker closed a connection as soon as it was open')
  }

  /** Sends one request over the current connection. */
  async request<Request, Response>(
    api: Api<Request, Response>,
    request: Request,
    bounds?: VersionBounds,
  ): Promise<Reply<Response>> {
    const connection = await this.connection()
    return connection.request(api, request, bounds)
  }

  /** Breaks the current connection: requests under way fail; the next one opens a new connection. */
  reset(): void {
    if (this.#pending) this.#discard(this.#pending)
  }

  /** Ends the link for good; requests under way fail. */
  close(): void {
    this.#closed = true
    this.reset()
  }

  #discard(pending: Promise<BrokerConnection>): void {
    if (this.#pending === pending) this.#pending = null
    pending.then((connection) => connection.destroy()).catch(() => {})
  }
}
