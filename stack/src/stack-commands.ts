import {
  dockerAnswers,
  requireDocker,
  resetWithDocker,
  runningContainers,
  startWithDocker,
  stopWithDocker,
} from './docker.ts'
import { forcedMode, type StackMode, type StackPlace } from './environment.ts'
import type { StartOptions } from './server.ts'
import { type ServerName, serverNames, serverSettings } from './settings.ts'
import { type RunningStack, resetStack, stackServers, startStack, stopStack } from './stack.ts'

/** What one server is doing now. */
export interface ServerStatus {
  name: ServerName
  label: string
  port: number
  /** Undefined when it does not run. */
  mode: StackMode | undefined
  /** Of a native server that runs. */
  pid: number | undefined
}

/**
 * Starts the four servers, in containers where a Docker engine answers, else as processes of this machine
 * (`MILLRACE_STACK` forces one of the two). Those that run already are used as they are.
 *
 * @throws StackError
 */
export async function stackUp(place: StackPlace, options: StartOptions = {}): Promise<RunningStack> {
  return (await chooseMode(place)) === 'docker'
    ? await startWithDocker(place, options)
    : await startStack({ ...place, ...options })
}

/** Stops the four servers, whoever started them and however they run; gives the names of those that ran. */
export async function stackDown(place: StackPlace): Promise<ServerName[]> {
  const stopped = await stopStack(place)
  return (await chooseMode(place)) === 'docker' ? [...stopped, ...(await stopWithDocker(place))] : stopped
}

/** Stops the four servers and deletes their data. The jar cache stays. */
export async function stackReset(place: StackPlace): Promise<void> {
  if ((await chooseMode(place)) === 'docker') await resetWithDocker(place)
  await resetStack(place)
}

/** What each of the four servers is doing. */
export async function stackStatus(place: StackPlace): Promise<ServerStatus[]> {
  const containers = (await chooseMode(place)) === 'docker' ? await runningContainers(place) : []
  const servers = stackServers(place)
  return serverNames.map((name) => {
    const pid = servers[name].pid()
    const mode = pid !== undefined ? 'native' : containers.includes(name) ? 'docker' : undefined
    return { name, label: serverSettings[name].label, port: place.ports[name], mode, pid }
  })
}

/** Servers that run natively are kept: two ways at once would meet on the same ports. */
async function chooseMode(place: StackPlace): Promise<StackMode> {
  const forced = forcedMode()
  if (forced === 'docker') await requireDocker()
  if (forced !== undefined) return forced
  if (Object.values(stackServers(place)).some((server) => server.pid() !== undefined)) return 'native'
  return (await dockerAnswers()) ? 'docker' : 'native'
}
