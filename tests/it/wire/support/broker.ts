import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createKafka, freePort, type KafkaVoter, type Server, stackPlace } from '@millrace/stack'

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
  /** Kills the broker and starts it again with its data on another port. */
  moveTo(port: number): Promise<void>
  /** Ends the broker and removes its data. */
  remove(): Promise<void>
}

const HOST = '127.0.0.1'
const cacheDir = stackPlace(path.join(import.meta.dirname, '../../../..')).cacheDir

/** Starts a real broker in a temporary folder. */
export async function startBroker({
  properties,
  features,
  listeners = [],
}: BrokerShape = {}): Promise<TestBroker> {
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-wire-'))
  const controllerPort = await freePort()
  const start = async (port: number): Promise<Server> => {
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
    return server
  }
  let server = await start(await freePort())
  return {
    get address() {
      return server.address()
    },
    get server() {
      return server
    },
    async moveTo(port) {
      await server.kill()
      server = await start(port)
    },
    async remove() {
      await server.kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Several brokers that form one cluster. */
export interface TestCluster {
  readonly addresses: readonly string[]
  readonly servers: readonly Server[]
  remove(): Promise<void>
}

/** Starts a cluster of three brokers, which keep internal topics on all of them. */
export async function startCluster(): Promise<TestCluster> {
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-cluster-'))
  const voters: KafkaVoter[] = []
  for (const nodeId of [1, 2, 3]) voters.push({ nodeId, controllerPort: await freePort() })
  const servers: Server[] = []
  for (const { nodeId } of voters) {
    const properties = {
      'offsets.topic.replication.factor': '3',
      'transaction.state.log.replication.factor': '3',
      'transaction.state.log.min.isr': '2',
    }
    const place = { folder: path.join(folder, `${nodeId}`), cacheDir, port: await freePort() }
    servers.push(createKafka({ ...place, properties, cluster: { nodeId, voters } }))
  }
  await Promise.all(servers.map((server) => server.start()))
  return {
    addresses: servers.map((server) => server.address()),
    servers,
    async remove() {
      await Promise.all(servers.map((server) => server.kill()))
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
