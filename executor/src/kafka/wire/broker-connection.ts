import { isIP } from 'node:net'
import type { ConnectionOptions as TlsOptions } from 'node:tls'
import { Connection, ConnectionStatuses, type SASLOptions, Writer } from '@platformatic/kafka'
import type { Api } from './api/api.ts'
import { apiVersions, type VersionRange } from './api/api-versions.ts'
import type { BrokerAddress } from './api/metadata.ts'
import { connectFault, requestFault } from './connection-faults.ts'
import { clientFault, type FaultContext, type KafkaError, throwOnError } from './errors.ts'
import { decodeResponse } from './wire-reader.ts'
import { WireWriter } from './wire-writer.ts'

const SOFTWARE = { softwareName: 'millrace', softwareVersion: '0.1.0' } as const
const TRANSACTION_VERSION = 'transaction.version'

/** User name and password for SASL. */
export interface SaslCredentials {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
  readonly username: string
  readonly password: string
}

/** How to open connections. */
export interface ConnectionSettings {
  readonly clientId: string
  /** Options of Node's `tls.connect`; absent: no TLS. */
  readonly tls?: TlsOptions
  readonly sasl?: SaslCredentials
  readonly connectTimeoutMs: number
  /** A request without a reply for so long fails and closes its connection. */
  readonly requestTimeoutMs: number
  /** The highest version to use of a request (by its name), below what broker and client could speak. */
  readonly apiVersionCaps?: Readonly<Record<string, number>>
}

/** Versions that the sender of a request insists on. */
export interface VersionBounds {
  readonly min?: number
  readonly max?: number
}

/** One reply and the version it was made in. */
export interface Reply<Response> {
  readonly version: number
  readonly body: Response
}

/**
 * One authenticated connection to one broker. Requests are sent in the order of `request` calls and answered in that
 * order; up to five are under way at once. A broken connection stays broken.
 */
export class BrokerConnection {
  readonly #connection: Connection
  readonly #settings: ConnectionSettings
  readonly #broker: string
  #versions: ReadonlyMap<number, VersionRange> = new Map()
  #features: ReadonlyMap<string, number> = new Map()
  #destroyed = false

  private constructor(address: BrokerAddress, settings: ConnectionSettings) {
    this.#settings = settings
    this.#broker = `${address.host}:${address.port}`
    this.#connection = new Connection(settings.clientId, {
      connectTimeout: settings.connectTimeoutMs,
      requestTimeout: settings.requestTimeoutMs,
      tls: settings.tls,
      tlsServerName: isIP(address.host) === 0,
      sasl: settings.sasl satisfies SASLOptions | undefined,
    })
    // Errors reach the caller through the request or the connect that they end; an unheard event would crash the process.
    this.#connection.on('error', () => {})
  }

  /**
   * Connects, authenticates and asks for the broker's versions.
   *
   * @throws KafkaError `CONNECTION_FAILED`, `TLS_FAILED`, `AUTHENTICATION_FAILED` or `UNSUPPORTED_BROKER`
   */
  static async open(address: BrokerAddress, settings: ConnectionSettings): Promise<BrokerConnection> {
    const opened = new BrokerConnection(address, settings)
    try {
      await opened.#connection.connect(address.host, address.port)
      await opened.#askVersions()
      return opened
    } catch (error) {
      opened.destroy()
      throw connectFault(error, { broker: opened.#broker })
    }
  }

  /** Whether requests can be sent. */
  get usable(): boolean {
    const { status } = this.#connection
    return status === ConnectionStatuses.CONNECTED || status === ConnectionStatuses.REAUTHENTICATING
  }

  /** Finalized level of the cluster's feature `transaction.version` as this broker told it when connecting. */
  get transactionVersion(): number {
    return this.#features.get(TRANSACTION_VERSION) ?? 0
  }

  /**
   * The highest version of a request that client and broker speak within the bounds.
   *
   * @throws KafkaError `UNSUPPORTED_BROKER`
   */
  versionOf<Request, Response>(api: Api<Request, Response>, bounds: VersionBounds = {}): number {
    const offered = this.#versions.get(api.key)
    const cap = this.#settings.apiVersionCaps?.[api.name] ?? api.maxVersion
    const max = Math.min(api.maxVersion, cap, bounds.max ?? api.maxVersion, offered?.max ?? -1)
    const min = Math.max(api.minVersion, bounds.min ?? 0, offered?.min ?? 0)
    if (max < min) {
      const speaks = offered ? `${offered.min} to ${offered.max}` : 'none'
      throw clientFault(
        'UNSUPPORTED_BROKER',
        `needs ${api.name} version ${min}, the broker speaks ${speaks}`,
        {
          broker: this.#broker,
        },
      )
    }
    return max
  }

  /**
   * Sends one request and waits for its reply.
   *
   * @throws KafkaError `CONNECTION_LOST`, `REQUEST_TIMEOUT`, `MALFORMED_RESPONSE` or `UNSUPPORTED_BROKER`
   */
  async request<Request, Response>(
    api: Api<Request, Response>,
    request: Request,
    bounds?: VersionBounds,
  ): Promise<Reply<Response>> {
    const version = this.versionOf(api, bounds)
    if (this.#connection.status === ConnectionStatuses.REAUTHENTICATING) await this.#reauthenticated(api.name)
    return { version, body: await this.#exchange(api, request, version) }
  }

  /** Closes the socket; requests without a reply fail with `CLOSED`. */
  destroy(): void {
    this.#destroyed = true
    this.#connection.socket?.destroy()
    // Also stops the library's timer for the next SASL re-authentication.
    this.#connection.close(() => {})
  }

  async #askVersions(): Promise<void> {
    const answer = await this.#exchange(apiVersions, SOFTWARE, apiVersions.minVersion)
    throwOnError(answer.error, this.#context(apiVersions.name))
    this.#versions = answer.versions
    this.#features = answer.features
  }

  /** Between the two halves of a SASL re-authentication (KIP-368) the broker takes no other request. */
  async #reauthenticated(api: string): Promise<void> {
    try {
      await this.#connection.ready()
    } catch (error) {
      throw this.#fault(error, api)
    }
  }

  #fault(error: unknown, api: string): KafkaError {
    const context = this.#context(api)
    return this.#destroyed
      ? clientFault('CLOSED', 'the connection was closed before the reply', context, error)
      : requestFault(error, context)
  }

  #exchange<Request, Response>(
    api: Api<Request, Response>,
    request: Request,
    version: number,
  ): Promise<Response> {
    const { promise, resolve, reject } = Promise.withResolvers<Response>()
    this.#connection.send<Buffer>(
      api.key,
      version,
      () => payloadOf(api, request, version),
      (_correlationId, _apiKey, _apiVersion, reader) => reader.buffer.slice(reader.position),
      true,
      // ApiVersions answers with the old header, so that clients can read it before they know the broker.
      api.key !== apiVersions.key,
      (error, body) => {
        if (error || !body) reject(this.#fault(error, api.name))
        else
          settle(resolve, reject, () =>
            decodeResponse(api.name, body, (reader) => api.decode(reader, version)),
          )
      },
    )
    return promise
  }

  #context(api: string): FaultContext {
    return { api, broker: this.#broker }
  }
}

function payloadOf<Request, Response>(
  api: Api<Request, Response>,
  request: Request,
  version: number,
): Writer {
  const body = new WireWriter()
  api.encode(body, request, version)
  const payload = Writer.create()
  for (const part of body.parts()) payload.append(part)
  return payload
}

function settle<Value>(
  resolve: (value: Value) => void,
  reject: (error: unknown) => void,
  make: () => Value,
): void {
  try {
    resolve(make())
  } catch (error) {
    reject(error)
  }
}
