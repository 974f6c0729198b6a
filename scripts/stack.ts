import path from 'node:path'
import process from 'node:process'
import {
  type ServerStatus,
  StackError,
  type StackPlace,
  type StackProgress,
  stackDown,
  stackPlace,
  stackReset,
  stackStatus,
  stackUp,
} from '@millrace/stack'

const actions: Record<string, (place: StackPlace) => Promise<void>> = { up, down, reset, status }

/** `npm run stack:up|down|reset|status`: the local servers alone. */
async function main(): Promise<void> {
  const action = process.argv[2] ?? ''
  if (!Object.hasOwn(actions, action)) {
    console.error(`Usage: npm run stack:<${Object.keys(actions).join('|')}>`)
    process.exitCode = 1
    return
  }
  try {
    await actions[action]?.(stackPlace(path.join(import.meta.dirname, '..')))
  } catch (error) {
    process.exitCode = 1
    reportFailure(error)
  }
}

async function up(place: StackPlace): Promise<void> {
  const interrupt = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt.abort(interrupted))
  await stackUp(place, { report: printProgress, signal: interrupt.signal })
  await status(place)
}

async function down(place: StackPlace): Promise<void> {
  const stopped = await stackDown(place)
  console.log(stopped.length === 0 ? 'No server was running.' : `Stopped: ${stopped.join(', ')}.`)
}

async function reset(place: StackPlace): Promise<void> {
  await stackReset(place)
  console.log('The servers are stopped and their data is deleted.')
}

async function status(place: StackPlace): Promise<void> {
  for (const server of await stackStatus(place)) console.log(statusLine(server))
}

function statusLine(server: ServerStatus): string {
  const columns = [server.label.padEnd(14), `127.0.0.1:${server.port}`.padEnd(16), stateText(server)]
  return columns.join('  ')
}

function stateText({ mode, pid }: ServerStatus): string {
  if (mode === undefined) return 'not running'
  return mode === 'docker' ? 'running in a container' : `running as process ${pid}`
}

const stepTexts = {
  installing: 'fetching (first time only) …',
  starting: 'starting …',
  ready: 'ready',
  reused: 'runs already',
} satisfies Record<StackProgress['step'], string>

function printProgress({ label, step }: StackProgress): void {
  console.log(`${label}: ${stepTexts[step]}`)
}

const interrupted = new Error('Interrupted: what was started is stopped again.')

/** A fault of the servers has its own sentence; only the unexpected shows where it comes from. */
function reportFailure(error: unknown): void {
  if (error instanceof StackError) console.error([error.message, error.detail].filter(Boolean).join('\n'))
  else console.error(error === interrupted ? interrupted.message : error)
}

await main()
