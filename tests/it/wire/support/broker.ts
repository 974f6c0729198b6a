import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createKafka, freePort, type Server, stackPlace } from '@millrace/stack'

/** What a broker of a test's own is to be like. */
export interface BrokerShape {
  readonly properties?: Readonly<Record<string, string>>
  readonly features?: Readonly<Record<string, number>>
  /** More listeners: what binds them, what clients are told, and their security protocol. */
  readonly listeners?: readonly ExtraListener[]
}

/** One listener besides the plain one. */
export interface ExtraListener {
  readonly name: string
  readonly port: number
  /** The port that clients are told; default: the listener's own. */
  readonly advertisedPort?: number
  readonly protocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL'
}

/** A broker of a test's own. */
export interface TestBroker {
  /** Of the plain listener, `host:port`. */
  readonly address: string
  readonly server: Server
  /** Ends the broker and removes its data. */
  remove(): Promise<void>
}

const HOST = '127.0.0.1'

/** Starts a real broker in a temporary folder. */
export async function startBroker({
  properties,
  features,
  listeners = [],
}: BrokerShape = {}): Promise<TestBroker> {
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-wire-'))
  const [port, controllerPort] = [await freePort(), await freePort()]
  const { cacheDir } = stackPlace(path.join(import.meta.dirname, '../../../..'))
  const server = createKafka({
    folder,
    cacheDir,
    port,
    features,
    // A fixed controller port, since the list of listeners below names it.
    cluster: { nodeId: 1, voters: [{ nodeId: 1, controllerPort }] },
    properties: { ...listenerProperties(port, controllerPort, listeners), ...properties },
  })
  await server.start()
  return {
    address: server.address(),
    server,
    async remove() {
      await server.kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function listenerProperties(
  port: number,
  controllerPort: number,
  extra: readonly ExtraListener[],
): Record<string, string> {
  const plain: ExtraListener = { name: 'PLAINTEXT', port, protocol: 'PLAINTEXT' }
  const clients = [plain, ...extra]
  return {
    listeners: [...clients, { name: 'CONTROLLER', port: controllerPort }]
      .map((listener) => `${listener.name}://${HOST}:${listener.port}`)
      .join(','),
    'advertised.listeners': clients
      .map((listener) => `${listener.name}://${HOST}:${listener.advertisedPort ?? listener.port}`)
      .join(','),
    'listener.security.protocol.map': [
      'CONTROLLER:PLAINTEXT',
      ...clients.map((listener) => `${listener.name}:${listener.protocol}`),
    ].join(','),
    'inter.broker.listener.name': 'PLAINTEXT',
  }
}
