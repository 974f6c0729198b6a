import { isDeepStrictEqual } from 'node:util'
import type { ConnectionKind } from '@millrace/contracts'
import type { ElasticsearchPort, KafkaPort } from '@millrace/nodes'
import { AppError } from '../errors.ts'
import type { Connections, OpenConnection } from './connections.ts'

type Settings = { readonly [name: string]: string }

/** How ports are made; the app supplies the connectors of the node catalogue. */
export interface PortFactories {
  kafka(settings: Settings, secrets: Settings): KafkaPort
  elasticsearch(settings: Settings, secrets: Settings): ElasticsearchPort
}

interface PortsByKind {
  readonly kafka: KafkaPort
  readonly elasticsearch: ElasticsearchPort
}

interface OpenPort {
  /** What it was opened with. */
  readonly connection: OpenConnection
  readonly port: KafkaPort | ElasticsearchPort
}

/** One port for each connection in use; a changed connection gets a new one. */
export class Ports {
  readonly #connections: Connections
  readonly #factories: PortFactories
  readonly #open: Map<string, OpenPort>

  constructor(connections: Connections, factories: PortFactories) {
    this.#connections = connections
    this.#factories = factories
    this.#open = new Map()
  }

  /**
   * The port of a connection.
   *
   * @throws AppError `not_found`, `wrong_kind`; SecretsError
   */
  async get<Kind extends ConnectionKind>(kind: Kind, id: string): Promise<PortsByKind[Kind]> {
    const connection = await this.#connections.open(id)
    if (connection === null) throw new AppError('not_found', `There is no connection "${id}".`)
    if (connection.kind !== kind) {
      throw new AppError('wrong_kind', `"${id}" is a ${connection.kind} connection, and ${kind} is needed.`)
    }
    return this.#portOf(connection) as PortsByKind[Kind]
  }

  /** Closes all ports. */
  async close(): Promise<void> {
    const open = [...this.#open.values()]
    this.#open.clear()
    await Promise.allSettled(open.map(({ port }) => port.close()))
  }

  #portOf(connection: OpenConnection): KafkaPort | ElasticsearchPort {
    const { id, kind, settings, secrets } = connection
    const known = this.#open.get(id)
    if (known && isDeepStrictEqual(known.connection, connection)) return known.port
    const port = this.#factories[kind](settings, secrets)
    this.#open.set(id, { connection, port })
    // Calls under way on the old one may fail; they were made with settings that are no longer right.
    void known?.port.close().catch(() => undefined)
    return port
  }
}
