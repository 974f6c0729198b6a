import path from 'node:path'
import process from 'node:process'
import { createKafkaPort } from '@millrace/nodes/connectors'
import {
  isPortFree,
  type RunningStack,
  StackError,
  type StackPlace,
  stackPlace,
  stackUp,
} from '@millrace/stack'
import { buildApp } from './app/build-app.ts'
import { Child } from './app/child-process.ts'
import { Progress } from './app/progress.ts'
import { AppError, type RunningApp, runApp } from './app/run-app.ts'
import { secretKeyOf } from './app/secret-key.ts'
import { prepareDemo } from './demo/prepare-demo.ts'

/**
 * `npm start`: starts the four servers, the api and two executors, publishes the demo and keeps it busy with 200 orders
 * a second, until Ctrl-C. Whatever this process started it stops again, and only that.
 */
const ROOT = path.dirname(import.meta.dirname)
const EXECUTORS = 2
const DEFAULT_PORT = 4000

/** What is to be undone, newest first. */
const undo: (() => Promise<void>)[] = []
const interrupt = new AbortController()
const INTERRUPTED = new Error('Interrupted: what was started is stopped again.')

async function main(): Promise<void> {
  const progress = new Progress()
  const place = stackPlace(ROOT)
  const port = await httpPort()
  const stack = await progress.step('Servers: Kafka, Elasticsearch, Redis, Postgres', (say) =>
    startServers(place, say),
  )
  await progress.step('Database client and editor', async () => buildApp())
  const app = await progress.step('Api and executors', () => startApp(place, stack, port))
  await progress.step('Demo data', (say) => loadDemo(stack, say))
  await progress.step('Pipeline “Orders by region”', (say) => publishDemo(stack, app, say))
  startLoad(place, stack)
  const link = await app.command('sign-in-link')
  console.log(
    `\nMillrace is up after ${progress.elapsed}. Sign in once with this link (Ctrl-C stops everything):\n\n  ${link}\n`,
  )
  await Promise.race([aborted(), ...app.children.map(async (child) => tellEnd(child))])
}

async function httpPort(): Promise<number> {
  const text = process.env.MILLRACE_HTTP_PORT || String(DEFAULT_PORT)
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535)
    throw new AppError('MILLRACE_HTTP_PORT must be a port number from 1 to 65535.')
  if (await isPortFree(port)) return port
  throw new AppError(
    `Port ${port} is in use: end the program that listens there, or choose another port with MILLRACE_HTTP_PORT.`,
  )
}

async function startServers(place: StackPlace, say: (text: string) => void): Promise<RunningStack> {
  const steps = new Map<string, string>()
  const stack = await stackUp(place, {
    signal: interrupt.signal,
    report: ({ label, step }) => {
      steps.set(label, step)
      say([...steps].map(([name, at]) => `${name} ${at}`).join(', '))
    },
  })
  undo.unshift(() => stack.stop())
  return stack
}

async function startApp(place: StackPlace, { addresses }: RunningStack, port: number): Promise<RunningApp> {
  const secretKey = process.env.MILLRACE_SECRET_KEY ?? secretKeyOf(place.dataDir)
  const logFolder = path.join(place.dataDir, 'logs')
  const app = await runApp({ addresses, port, secretKey, executors: EXECUTORS, logFolder, onRestart })
  undo.unshift(() => app.stop())
  return app
}

async function loadDemo({ addresses }: RunningStack, say: (text: string) => void): Promise<void> {
  const kafka = createKafkaPort({ brokers: addresses.kafka }, {})
  try {
    await prepareDemo(kafka, say)
  } finally {
    await kafka.close()
  }
}

async function publishDemo(
  { addresses }: RunningStack,
  app: RunningApp,
  say: (text: string) => void,
): Promise<void> {
  const pipeline = await app.command(
    'seed-demo',
    '--kafka',
    addresses.kafka,
    '--elasticsearch',
    addresses.elasticsearch,
  )
  say('publishing')
  await app.command('publish', pipeline, '--start', 'earliest')
}

/** Its tasks are with the other executor by then; what the api was doing goes on where it was. */
function onRestart(name: string, how: string): void {
  if (!interrupt.signal.aborted) console.log(`${name} has ended (${how}) and is started again.`)
}

function startLoad(place: StackPlace, { addresses }: RunningStack): void {
  const command = [path.join(ROOT, 'scripts/demo/live-load.ts'), addresses.kafka]
  const load = new Child({ name: 'live-load', command, env: {}, logFolder: path.join(place.dataDir, 'logs') })
  undo.unshift(() => load.stop())
}

/** Resolves when a part of the product has ended by itself, and says so. */
async function tellEnd(child: Child): Promise<void> {
  await child.ended()
  if (interrupt.signal.aborted) return
  process.exitCode = 1
  console.error(`${child.name} has ended; ${child.logFile} ends with:\n${child.lastLines}`)
}

function aborted(): Promise<void> {
  return new Promise((resolve) => {
    if (interrupt.signal.aborted) resolve()
    else interrupt.signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt.abort(INTERRUPTED))

try {
  await main()
} catch (error) {
  process.exitCode = 1
  if (error instanceof StackError) console.error([error.message, error.detail].filter(Boolean).join('\n'))
  else
    console.error(
      error instanceof Error && (error instanceof AppError || error === INTERRUPTED) ? error.message : error,
    )
}
console.log('Stopping …')
for (const step of undo) await step().catch((error: unknown) => console.error(error))
process.exit()
