import path from 'node:path'
import { type ServerName, type ServerSettings, serverNames, serverSettings } from './settings.ts'
import { StackError } from './stack-error.ts'

/** A port for each server. */
export type StackPorts = Record<ServerName, number>

/** Where the servers of a checkout keep their data and which ports they use. */
export interface StackPlace {
  dataDir: string
  /** Jars, shared by everyone who names the same folder. */
  cacheDir: string
  ports: StackPorts
}

/** How the servers run: processes of this machine, or containers. */
export type StackMode = 'native' | 'docker'

/**
 * The place that the environment chooses: `MILLRACE_DATA` (default `.millrace` in the checkout), `MILLRACE_CACHE`
 * (default `cache` in the data folder) and a port variable for each server.
 *
 * @param root folder of the checkout, against which relative paths are resolved
 * @throws StackError `STACK_BAD_SETTING`
 */
export function stackPlace(root: string, env: NodeJS.ProcessEnv = process.env): StackPlace {
  const dataDir = path.resolve(root, env.MILLRACE_DATA || '.millrace')
  const cacheDir = env.MILLRACE_CACHE ? path.resolve(root, env.MILLRACE_CACHE) : path.join(dataDir, 'cache')
  const ports = Object.fromEntries(
    serverNames.map((name) => [name, chosenPort(serverSettings[name], env)]),
  ) as StackPorts
  refuseSharedPorts(ports)
  return { dataDir, cacheDir, ports }
}

/**
 * The mode that `MILLRACE_STACK` forces; undefined when it is left open.
 *
 * @throws StackError `STACK_BAD_SETTING`
 */
export function forcedMode(env: NodeJS.ProcessEnv = process.env): StackMode | undefined {
  const mode = env.MILLRACE_STACK
  if (mode === undefined || mode === '') return undefined
  if (mode === 'native' || mode === 'docker') return mode
  throw new StackError('STACK_BAD_SETTING', 'MILLRACE_STACK must be "native" or "docker", or not set.')
}

function chosenPort(server: ServerSettings, env: NodeJS.ProcessEnv): number {
  const text = env[server.portVariable]
  if (text === undefined || text === '') return server.defaultPort
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port >= 1 && port <= 65_535) return port
  throw new StackError('STACK_BAD_SETTING', `${server.portVariable} must be a port number from 1 to 65535.`)
}

function refuseSharedPorts(ports: StackPorts): void {
  for (const name of serverNames) {
    const other = serverNames.find((candidate) => candidate !== name && ports[candidate] === ports[name])
    if (other === undefined) continue
    const variables = `${serverSettings[name].portVariable} and ${serverSettings[other].portVariable}`
    throw new StackError(
      'STACK_BAD_SETTING',
      `${variables} choose the same port ${ports[name]}: change one of them.`,
    )
  }
}
