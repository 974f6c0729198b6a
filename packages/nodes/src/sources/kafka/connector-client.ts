import { isBrokerError } from './connector-errors.ts'

interface Connectable {
  connect(): Promise<void>
  disconnect(): Promise<void>
}

/**
 * A client of kafkajs that is connected when it is first needed. It is replaced where it finds a topic unknown: a client
 * remembers every topic that it was asked for, and from then on fails for all of them if one is deleted.
 */
export class LazyClient<Client extends Connectable> {
  readonly #create: () => Client
  #opening: Promise<Client> | null = null

  constructor(create: () => Client) {
    this.#create = create
  }

  /** Calls with a connected client; a second time with a fresh one, where the first knows a topic no longer. */
  async use<Result>(call: (client: Client) => Promise<Result>): Promise<Result> {
    try {
      return await call(await this.#get())
    } catch (error) {
      if (!isBrokerError(error, 'UNKNOWN_TOPIC_OR_PARTITION')) throw error
      void this.close()
      return call(await this.#get())
    }
  }

  /** Disconnects; a later call connects anew. */
  async close(): Promise<void> {
    const opening = this.#opening
    this.#opening = null
    // Nobody waits for what a client that is given up still has to say.
    await opening?.then((client) => client.disconnect()).catch(() => undefined)
  }

  async #get(): Promise<Client> {
    this.#opening ??= this.#open()
    const opening = this.#opening
    try {
      return await opening
    } catch (error) {
      if (this.#opening === opening) this.#opening = null
      throw error
    }
  }

  async #open(): Promise<Client> {
    const client = this.#create()
    await client.connect()
    return client
  }
}
