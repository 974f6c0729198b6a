import { existsSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import kafkajs from 'kafkajs'
import { type Command, runCommand } from './command.ts'
import { ensureJars, type JarSet } from './jar-cache.ts'
import { renderProperties } from './java-properties.ts'
import { findJdk } from './jdk.ts'
import { freePort, loopback } from './ports.ts'
import { createServer, type PrepareSteps, type Server } from './server.ts'
import { kafkaSettings } from './settings.ts'

/** One member of a cluster, as its other members see it. */
export interface KafkaVoter {
  nodeId: number
  /** Port on loopback on which this node's controller listens. */
  controllerPort: number
}

/** Where and how one Kafka node runs. */
export interface KafkaOptions {
  folder: string
  cacheDir: string
  port: number
  /** Broker settings on top of those of settings.ts. */
  properties?: Readonly<Record<string, string>>
  /** Levels of cluster features below the newest, such as `transaction.version`; set when the data is laid out. */
  features?: Readonly<Record<string, number>>
  /** For a cluster of several nodes: which one this is, and all of them. Absent, it stands alone. */
  cluster?: { nodeId: number; voters: readonly KafkaVoter[] }
}

const jars: JarSet = {
  name: 'kafka',
  version: kafkaSettings.version,
  sources: ['kafka.pom.xml'],
  arrange: (from, target) => rename(from, path.join(target, 'lib')),
}

/**
 * A real Kafka node in KRaft mode, broker and controller in one. Its address is `host:port`.
 *
 * After `kill()` a start takes some 10 s: a broker may register again only when its last session has run out.
 * Kafka 4.4.0 has a fault there. A broker that starts before that leads its partitions from old metadata; when the
 * session ends it takes them for deleted, and a transaction that was prepared but not yet marked in them is noted as
 * complete without its markers. Consumers that read committed data then wait at that transaction for ever. So kill a
 * broker whose last transactions have been read, or one of a cluster, and start it when the others have dropped it.
 */
export function createKafka(options: KafkaOptions): Server {
  const address = `${loopback}:${options.port}`
  return createServer({
    name: 'kafka',
    label: kafkaSettings.label,
    folder: options.folder,
    port: options.port,
    portVariable: kafkaSettings.portVariable,
    address: () => address,
    stopSignal: 'SIGTERM',
    prepare: (steps) => prepareKafka(options, steps),
    probe: () => probeKafka(address),
  })
}

/** Broker settings of one node: those that every way of running Kafka shares, and those of this place. */
export function kafkaProperties(
  node: { nodeId: number; port: number; voters: readonly KafkaVoter[]; logDir: string },
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const own = node.voters.find((voter) => voter.nodeId === node.nodeId)
  if (!own) throw new RangeError(`node ${node.nodeId} is not among the voters`)
  return {
    ...kafkaSettings.properties,
    'node.id': String(node.nodeId),
    'controller.quorum.voters': node.voters
      .map((voter) => `${voter.nodeId}@${loopback}:${voter.controllerPort}`)
      .join(','),
    listeners: `PLAINTEXT://${loopback}:${node.port},CONTROLLER://${loopback}:${own.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${loopback}:${node.port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': node.logDir,
    ...extra,
  }
}

async function prepareKafka(options: KafkaOptions, steps: PrepareSteps): Promise<Command> {
  const jdk = findJdk()
  const { cacheDir } = options
  const home = await ensureJars(jars, { cacheDir, jdk, onFetch: steps.installing, signal: steps.signal })
  const java = path.join(jdk.home, 'bin', 'java')
  const classPath = ['-cp', path.join(home, 'lib', '*')]
  const configuration = await writeConfiguration(options)
  if (!existsSync(path.join(options.folder, 'data', 'meta.properties'))) {
    const features = Object.entries(options.features ?? {}).flatMap(([name, level]) => [
      '--feature',
      `${name}=${level}`,
    ])
    const args = [...classPath, 'kafka.tools.StorageTool', 'format', '--ignore-formatted', ...features]
    const problem = 'The data folder of Kafka could not be laid out.'
    await runCommand(
      { file: java, args: [...args, '-t', kafkaSettings.clusterId, '-c', configuration] },
      problem,
      steps.signal,
    )
  }
  return { file: java, args: [...kafkaSettings.heap, ...logging, ...classPath, 'kafka.Kafka', configuration] }
}

// Kafka prints hundreds of lines at start-up; only what needs attention is worth keeping.
const logging = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
]

async function writeConfiguration(options: KafkaOptions): Promise<string> {
  const { nodeId, voters } = options.cluster ?? {
    nodeId: 1,
    // Nobody but the node itself uses this port, so that it may differ from start to start.
    voters: [{ nodeId: 1, controllerPort: await freePort() }],
  }
  const logDir = path.join(options.folder, 'data')
  const properties = kafkaProperties({ nodeId, port: options.port, voters, logDir }, options.properties)
  const file = path.join(options.folder, 'server.properties')
  await writeFile(file, renderProperties(properties))
  return file
}

/** Kafka is ready when its metadata names a controller and a broker; ApiVersions alone answers before that. */
async function probeKafka(address: string): Promise<void> {
  const kafka = new kafkajs.Kafka({
    brokers: [address],
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    retry: { retries: 0 },
    logLevel: kafkajs.logLevel.NOTHING,
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    const { brokers, controller } = await admin.describeCluster()
    if (brokers.length === 0 || controller === null) throw new Error('Kafka has no broker or controller yet')
  } finally {
    await admin.disconnect()
  }
}
