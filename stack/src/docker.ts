import path from 'node:path'
import { type Command, findOnPath, runCommand } from './command.ts'
import type { StackPlace } from './environment.ts'
import { assertPortFree, loopback } from './ports.ts'
import { postgresAddress, postgresPassword } from './postgres.ts'
import type { StartOptions } from './server.ts'
import { type ServerName, serverNames, serverSettings } from './settings.ts'
import type { RunningStack, StackAddresses } from './stack.ts'
import { StackError } from './stack-error.ts'

/** The compose file; its four servers are named like `serverNames`. */
export const composeFile = path.join(import.meta.dirname, '..', '..', 'docker-compose.yml')

/** What is asked of docker compose. */
export type ComposeAction = 'up' | 'running' | 'stop' | 'down' | 'reset'

const composeArguments: Record<ComposeAction, readonly string[]> = {
  up: ['up', '--detach', '--wait', '--quiet-pull'],
  running: ['ps', '--services', '--status', 'running'],
  stop: ['stop'],
  down: ['down'],
  reset: ['down', '--volumes'],
}

const enginePatienceMs = 3_000

/**
 * The docker compose command for an action on the four servers.
 *
 * @param services for `stop`: which of them; the other actions concern all
 */
export function composeCommand(
  action: ComposeAction,
  place: StackPlace,
  env: NodeJS.ProcessEnv = process.env,
  services: readonly ServerName[] = [],
): Command {
  const ports = serverNames.map((name) => [serverSettings[name].portVariable, String(place.ports[name])])
  return {
    file: 'docker',
    args: [
      'compose',
      '--file',
      composeFile,
      '--profile',
      'servers',
      ...composeArguments[action],
      ...services,
    ],
    env: {
      ...Object.fromEntries(ports),
      MILLRACE_PG_PASSWORD: postgresPassword(path.join(place.dataDir, 'postgres')),
      // Compose wants every required variable of the file, also of services that it is not asked to start.
      MILLRACE_SECRET_KEY: env.MILLRACE_SECRET_KEY || 'not-used-by-the-servers',
    },
  }
}

/** Whether a Docker engine and docker compose answer within a few seconds. */
export async function dockerAnswers(): Promise<boolean> {
  const file = findOnPath('docker')
  if (!file) return false
  try {
    const signal = AbortSignal.timeout(enginePatienceMs)
    await runCommand({ file, args: ['info', '--format', '{{.ServerVersion}}'] }, 'no Docker engine', signal)
    await runCommand({ file, args: ['compose', 'version'] }, 'no docker compose', signal)
    return true
  } catch {
    // No engine, no permission, no compose, or no answer in time: in each case Docker cannot be used.
    return false
  }
}

/**
 * Starts the four servers as containers and resolves when all of them are healthy. Containers that run already are
 * used as they are.
 *
 * @throws StackError
 */
export async function startWithDocker(place: StackPlace, options: StartOptions = {}): Promise<RunningStack> {
  const before = await runningContainers(place)
  const started = serverNames.filter((name) => !before.includes(name))
  for (const name of started) {
    await assertPortFree(place.ports[name], serverSettings[name].label, serverSettings[name].portVariable)
  }
  const step = (names: readonly ServerName[], word: 'starting' | 'ready' | 'reused') => {
    for (const name of names)
      options.report?.({ server: name, label: serverSettings[name].label, step: word })
  }
  const stop = async () => {
    if (started.length > 0) await compose('stop', place, 'The containers could not be stopped.', started)
  }
  step(started, 'starting')
  try {
    await runCommand(composeCommand('up', place), upProblem, options.signal)
  } catch (error) {
    await stop()
    throw error
  }
  step(started, 'ready')
  step(before, 'reused')
  return { addresses: containerAddresses(place), started, stop }
}

const upProblem =
  'Docker could not start the servers: see its last lines, or start them without Docker with MILLRACE_STACK=native.'

/** Stops and removes the containers of the servers; their data stays. Gives the names of those that ran. */
export async function stopWithDocker(place: StackPlace): Promise<ServerName[]> {
  const running = await runningContainers(place)
  await compose('down', place, 'The containers could not be stopped.')
  return running
}

/** Removes the containers of the servers with their data. */
export async function resetWithDocker(place: StackPlace): Promise<void> {
  await compose('reset', place, 'The containers could not be removed.')
}

/** The servers that run as containers. */
export async function runningContainers(place: StackPlace): Promise<ServerName[]> {
  const output = await compose('running', place, 'Docker could not list the containers.')
  const services = output.split('\n').map((line) => line.trim())
  return serverNames.filter((name) => services.includes(name))
}

/** Refuses to go on when Docker was asked for and cannot be used. */
export async function requireDocker(): Promise<void> {
  if (await dockerAnswers()) return
  throw new StackError(
    'STACK_DOCKER_UNAVAILABLE',
    'MILLRACE_STACK=docker, but no Docker engine with docker compose answers: start Docker, or unset MILLRACE_STACK.',
  )
}

function compose(
  action: ComposeAction,
  place: StackPlace,
  problem: string,
  services: readonly ServerName[] = [],
): Promise<string> {
  return runCommand(composeCommand(action, place, process.env, services), problem)
}

function containerAddresses(place: StackPlace): StackAddresses {
  const { ports } = place
  return {
    kafka: `${loopback}:${ports.kafka}`,
    elasticsearch: `http://${loopback}:${ports.elasticsearch}`,
    redis: `redis://${loopback}:${ports.redis}`,
    postgres: postgresAddress(ports.postgres, postgresPassword(path.join(place.dataDir, 'postgres'))),
  }
}
