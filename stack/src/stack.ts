import { rm } from 'node:fs/promises'
import path from 'node:path'
import { createElasticsearch } from './elasticsearch.ts'
import type { StackPlace, StackPorts } from './environment.ts'
import { createKafka } from './kafka.ts'
import { freePort } from './ports.ts'
import { createPostgres } from './postgres.ts'
import { createRedis } from './redis.ts'
import type { Server, StartOptions } from './server.ts'
import { type ServerName, serverNames } from './settings.ts'

/** What clients connect to: Kafka `host:port`, the others a URL; that of Postgres holds its password. */
export type StackAddresses = Record<ServerName, string>

/** Where and how the four servers start. */
export interface StackOptions extends StartOptions {
  dataDir: string
  cacheDir: string
  /** `free` picks a free port for each. */
  ports: StackPorts | 'free'
}

/** The four servers, running. */
export interface RunningStack {
  addresses: StackAddresses
  /** Those that this start brought up; the others ran already. */
  started: readonly ServerName[]
  /** Stops the servers that this start brought up, and only those. */
  stop(): Promise<void>
}

/** The four servers, running as processes of this machine. */
export interface NativeStack extends RunningStack {
  /** Each server, to be killed and started again by tests. */
  servers: Record<ServerName, Server>
}

/**
 * Starts the four real servers as processes of this machine and resolves when all of them answer. Servers of the
 * same data folder that run already are used as they are. When one cannot be started, those that were are stopped.
 *
 * @throws StackError
 */
export async function startStack(options: StackOptions): Promise<NativeStack> {
  const servers = stackServers({ ...options, ports: await resolvePorts(options.ports) })
  const abort = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal
  const started: ServerName[] = []
  const starts = serverNames.map(async (name) => {
    try {
      if ((await servers[name].start({ report: options.report, signal })) === 'started') started.push(name)
    } catch (error) {
      abort.abort(error)
      throw error
    }
  })
  const stop = async () => void (await Promise.all(started.map((name) => servers[name].stop())))
  if ((await Promise.allSettled(starts)).some((start) => start.status === 'rejected')) {
    await stop()
    throw signal.reason
  }
  return { addresses: addressesOf(servers), servers, started, stop }
}

/** Stops whatever runs of the servers of a data folder, whoever started it; gives the names of those that ran. */
export async function stopStack(place: StackPlace): Promise<ServerName[]> {
  const servers = stackServers(place)
  const running = serverNames.filter((name) => servers[name].pid() !== undefined)
  await Promise.all(running.map((name) => servers[name].stop()))
  return running
}

/** Stops the servers of a data folder and deletes their data. The jar cache stays. */
export async function resetStack(place: StackPlace): Promise<void> {
  await stopStack(place)
  await Promise.all(
    serverNames.map((name) => rm(serverFolder(place.dataDir, name), { recursive: true, force: true })),
  )
}

/** The four servers of a data folder, none of them started by this. */
export function stackServers(place: StackPlace): Record<ServerName, Server> {
  const { cacheDir, ports } = place
  const folder = (name: ServerName) => serverFolder(place.dataDir, name)
  return {
    kafka: createKafka({ folder: folder('kafka'), cacheDir, port: ports.kafka }),
    elasticsearch: createElasticsearch({
      folder: folder('elasticsearch'),
      cacheDir,
      port: ports.elasticsearch,
    }),
    redis: createRedis({ folder: folder('redis'), port: ports.redis }),
    postgres: createPostgres({ folder: folder('postgres'), port: ports.postgres }),
  }
}

function serverFolder(dataDir: string, name: ServerName): string {
  return path.join(dataDir, name)
}

function addressesOf(servers: Record<ServerName, Server>): StackAddresses {
  return Object.fromEntries(serverNames.map((name) => [name, servers[name].address()])) as StackAddresses
}

async function resolvePorts(ports: StackPorts | 'free'): Promise<StackPorts> {
  if (ports !== 'free') return ports
  return {
    kafka: await freePort(),
    elasticsearch: await freePort(),
    redis: await freePort(),
    postgres: await freePort(),
  }
}
