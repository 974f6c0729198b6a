import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Command } from './command.ts'
import { ensureJars, type JarSet } from './jar-cache.ts'
import { findJdk } from './jdk.ts'
import { freePort, loopback } from './ports.ts'
import { createServer, type PrepareSteps, type Server, type StartOptions } from './server.ts'

/** The version that `startFlink` runs. */
export const flinkVersion = '2.3.0'

/** Flink 2.3 is made for these; on a newer one it starts, but is not what its users have. */
const java = { minimum: 17, maximum: 21, neededFor: 'Flink' }

/** Where and how a cluster of one JobManager, one TaskManager and one SQL gateway runs. */
export interface FlinkOptions extends StartOptions {
  folder: string
  cacheDir: string
  /** Tasks that the TaskManager runs side by side, and the parallelism of a job that sets none. */
  slots: number
  /** A command in front of JobManager and TaskManager, such as `taskset -c 1`. */
  launcher?: readonly string[]
  /** Flink's settings on top of those that a cluster on one machine needs. */
  settings?: Readonly<Record<string, string>>
}

/** A cluster that runs. */
export interface RunningFlink {
  /** The JobManager's REST address, an `http:` URL. */
  rest: string
  /** The SQL gateway's REST address, an `http:` URL. */
  gateway: string
  /** Pids of JobManager and TaskManager: what runs jobs. The gateway only takes statements. */
  pids(): readonly number[]
  stop(): Promise<void>
}

/** One of the three processes. */
interface FlinkPart {
  name: `flink-${string}`
  label: string
  mainClass: string
  arguments: readonly string[]
  jvm: readonly string[]
  port: number
  launched: boolean
  probe(): Promise<unknown>
}

const jars: JarSet = {
  name: 'flink',
  version: flinkVersion,
  sources: ['flink.pom.xml'],
  arrange: (from, target) => rename(from, path.join(target, 'lib')),
}

const MB = 2 ** 20

/**
 * Memory of the TaskManager, by part, MB. Flink asks for each of them where its own script does not work them out.
 * More heap than Flink's defaults give (512 of 1,728 MB), since state is on the heap.
 */
const taskManagerMemory = {
  'taskmanager.memory.task.heap.size': 1_024,
  'taskmanager.memory.framework.heap.size': 128,
  'taskmanager.memory.framework.off-heap.size': 128,
  'taskmanager.memory.task.off-heap.size': 0,
  'taskmanager.memory.managed.size': 256,
  'taskmanager.memory.network.min': 128,
  'taskmanager.memory.network.max': 128,
  'taskmanager.memory.jvm-metaspace.size': 256,
  'taskmanager.memory.jvm-overhead.min': 192,
  'taskmanager.memory.jvm-overhead.max': 192,
}

/** What Flink's script gives a TaskManager with that memory: heap fixed, G1. */
const taskManagerJvm = [
  '-Xms1152m',
  '-Xmx1152m',
  '-XX:MaxDirectMemorySize=256m',
  '-XX:MaxMetaspaceSize=256m',
  '-XX:+UseG1GC',
]

/** The same for a JobManager of 800 MB. */
const jobManagerJvm = ['-Xms224m', '-Xmx224m', '-XX:MaxMetaspaceSize=256m']

/** Packages that Flink opens to reflection since Java modules are closed. */
const opened = [
  ...['lang', 'lang.reflect', 'net', 'io', 'nio', 'text', 'time', 'util'],
  ...['util.concurrent', 'util.concurrent.atomic', 'util.concurrent.locks'],
].map((name) => `--add-opens=java.base/java.${name}=ALL-UNNAMED`)

/**
 * Starts Flink on loopback and free ports; resolves when the TaskManager has joined and the gateway answers. When one
 * part cannot be started, the others are stopped.
 *
 * @throws StackError `STACK_JDK_MISSING` where there is no Java 17 to 21, and what fetching and starting servers throw
 */
export async function startFlink(options: FlinkOptions): Promise<RunningFlink> {
  const ports = {
    rpc: await freePort(),
    rest: await freePort(),
    task: await freePort(),
    sql: await freePort(),
  }
  const parts = partsOf(ports, options.slots)
  const settings = { ...settingsOf(ports, options), ...options.settings }
  const servers = parts.map((part) => serverOf(part, settings, options))
  const stop = async () => void (await Promise.all(servers.map((server) => server.stop())))
  const starts = await Promise.allSettled(servers.map((server) => server.start(options)))
  const failed = starts.find(({ status }) => status === 'rejected')
  if (failed?.status === 'rejected') {
    await stop()
    throw failed.reason
  }
  const pids = () => servers.slice(0, 2).flatMap((server) => server.pid() ?? [])
  return { rest: httpAddress(ports.rest), gateway: httpAddress(ports.sql), pids, stop }
}

interface FlinkPorts {
  rpc: number
  rest: number
  task: number
  sql: number
}

function partsOf(ports: FlinkPorts, slots: number): FlinkPart[] {
  const rest = httpAddress(ports.rest)
  return [
    {
      ...{ name: 'flink-jobmanager', label: 'Flink JobManager', port: ports.rest, launched: true },
      mainClass: 'org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint',
      ...{ arguments: ['--configDir', 'conf'], jvm: jobManagerJvm },
      probe: () => getJson(`${rest}/overview`),
    },
    {
      ...{ name: 'flink-taskmanager', label: 'Flink TaskManager', port: ports.task, launched: true },
      mainClass: 'org.apache.flink.runtime.taskexecutor.TaskManagerRunner',
      ...{ arguments: ['--configDir', 'conf'], jvm: taskManagerJvm },
      probe: () => probeSlots(rest, slots),
    },
    {
      ...{ name: 'flink-sql-gateway', label: 'Flink SQL gateway', port: ports.sql, launched: false },
      mainClass: 'org.apache.flink.table.gateway.SqlGateway',
      ...{ arguments: [], jvm: ['-Xmx512m'] },
      probe: () => getJson(`${httpAddress(ports.sql)}/v1/info`),
    },
  ]
}

function settingsOf(ports: FlinkPorts, { folder, slots }: FlinkOptions): Record<string, string> {
  const memory = Object.entries(taskManagerMemory).map(([name, size]) => [name, `${size * MB}b`])
  return {
    'jobmanager.rpc.address': loopback,
    'jobmanager.rpc.port': String(ports.rpc),
    'jobmanager.bind-host': loopback,
    'jobmanager.memory.process.size': '800m',
    'rest.address': loopback,
    'rest.bind-address': loopback,
    'rest.port': String(ports.rest),
    'taskmanager.host': loopback,
    'taskmanager.bind-host': loopback,
    'taskmanager.rpc.port': String(ports.task),
    'taskmanager.numberOfTaskSlots': String(slots),
    'taskmanager.cpu.cores': String(slots),
    'parallelism.default': String(slots),
    ...Object.fromEntries(memory),
    'io.tmp.dirs': path.join(folder, 'tmp'),
    'execution.checkpointing.dir': `file://${path.join(folder, 'checkpoints')}`,
    'sql-gateway.endpoint.rest.address': loopback,
    'sql-gateway.endpoint.rest.bind-address': loopback,
    'sql-gateway.endpoint.rest.port': String(ports.sql),
  }
}

function serverOf(
  part: FlinkPart,
  settings: Readonly<Record<string, string>>,
  options: FlinkOptions,
): Server {
  const { name, label, port, probe } = part
  const folder = path.join(options.folder, name)
  return createServer({
    ...{ name, label, folder, port, portVariable: 'the settings of the start' },
    address: () => httpAddress(port),
    stopSignal: 'SIGTERM',
    prepare: (steps) => preparePart(part, settings, { ...options, folder }, steps),
    probe: async () => void (await probe()),
  })
}

async function preparePart(
  part: FlinkPart,
  settings: Readonly<Record<string, string>>,
  { folder, cacheDir, launcher = [] }: FlinkOptions,
  steps: PrepareSteps,
): Promise<Command> {
  const jdk = findJdk(undefined, undefined, java)
  const home = await ensureJars(jars, { cacheDir, jdk, onFetch: steps.installing, signal: steps.signal })
  const [conf, temporary] = [path.join(folder, 'conf'), path.join(folder, 'tmp')]
  await mkdir(conf, { recursive: true })
  await mkdir(temporary, { recursive: true })
  const lines = Object.entries(settings).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
  await writeFile(path.join(conf, 'config.yaml'), lines.join(''))
  const program = [
    path.join(jdk.home, 'bin', 'java'),
    ...part.jvm,
    ...opened,
    `-Djava.io.tmpdir=${temporary}`,
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
    // Says at every checkpoint that two metrics have one name.
    '-Dorg.slf4j.simpleLogger.log.org.apache.flink.metrics.MetricGroup=error',
    ...['-cp', path.join(home, 'lib', '*'), part.mainClass],
    ...part.arguments,
  ]
  const [file = '', ...args] = part.launched ? [...launcher, ...program] : program
  return { file, args, cwd: folder, env: { FLINK_CONF_DIR: conf } }
}

async function probeSlots(rest: string, slots: number): Promise<void> {
  const overview = (await getJson(`${rest}/overview`)) as { 'slots-total'?: number }
  if (overview['slots-total'] !== slots) throw new Error('the TaskManager has not joined yet')
}

async function getJson(url: string): Promise<unknown> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) })
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`)
  return answer.json()
}

function httpAddress(port: number): string {
  return `http://${loopback}:${port}`
}
