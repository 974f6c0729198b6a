import path from 'node:path'
import process from 'node:process'
import { createKafkaPort } from '@millrace/nodes/connectors'
import {
  claimFolder,
  isPortFree,
  type RunningStack,
  releaseFolder,
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
const progress = new Progress()

async function main(): Promise<void> {
  const place = stackPlace(ROOT)
  const port = readPort()
  claim(place, port)
  await requireFree(port)
  const stack = await step('Servers: Kafka, Elasticsearch, Redis, Postgres', (say) =>
    startServers(place, say),
  )
  await step('Database client and editor', () => buildApp(interrupt.signal))
  const app = await step('Api and executors', () => startApp(place, stack, port))
  await step('Demo data', (say) => unlessInterrupted(loadDemo(stack, say)))
  await step('Pipeline “Orders by region”', (say) => publishDemo(stack, app, say))
  startLoad(place, stack)
  const link = await app.command('sign-in-link')
  console.log(
    `\nMillrace is up after ${progress.elapsed}. Sign in once with this link (Ctrl-C stops everything):\n\n  ${link}\n`,
  )
  await Promise.race([interrupted(), ...app.children.map(async (child) => tellEnd(child))])
}

/** A step of the start, unless the start was interrupted before. Steps that take long see to interrupts themselves. */
function step<Result>(
  title: string,
  work: (say: (text: string) => void) => Promise<Result>,
): Promise<Result> {
  interrupt.signal.throwIfAborted()
  return progress.step(title, work)
}

/** Two of them in one data folder would write the demo’s orders twice. */
function claim({ dataDir }: StackPlace, port: number): void {
  const folder = path.join(dataDir, 'app')
  const other = claimFolder(folder, port)
  if (other === undefined) {
    undo.unshift(async () => releaseFolder(folder))
    return
  }
  throw new AppError(
    `Millrace already runs from ${dataDir}, at http://127.0.0.1:${other.port}: use that one, end it with Ctrl-C where it was started, or choose another folder with MILLRACE_DATA.`,
  )
}

function readPort(): number {
  const text = process.env.MILLRACE_HTTP_PORT || String(DEFAULT_PORT)
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port >= 1 && port <= 65_535) return port
  throw new AppError('MILLRACE_HTTP_PORT must be a port number from 1 to 65535.')
}

async function requireFree(port: number): Promise<void> {
  if (await isPortFree(port)) return
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
  const { signal } = interrupt
  const app = await runApp({ addresses, port, secretKey, executors: EXECUTORS, logFolder, onRestart, signal })
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
  // Whoever has pipelines of their own and has deleted the demo does not want it back.
  if (pipeline === '') return
  say('publishing')
  await app.command('publish', pipeline, '--once', '--start', 'earliest')
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

function unlessInterrupted<Result>(work: Promise<Result>): Promise<Result> {
  const end = interrupted().then(() => {
    throw INTERRUPTED
  })
  return Promise.race([work, end])
}

/** Resolves when the start or the run is to end. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    if (interrupt.signal.aborted) resolve()
    else interrupt.signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function tellFault(error: unknown): void {
  process.exitCode = 1
  // Whatever was under way when it was interrupted failed by that.
  if (interrupt.signal.aborted) console.error(INTERRUPTED.message)
  else if (error instanceof StackError)
    console.error([error.message, error.detail].filter(Boolean).join('\n'))
  else console.error(error instanceof AppError ? error.message : error)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => interrupt.abort(INTERRUPTED))
// A terminal that was closed takes no more lines; everything must still be stopped.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

try {
  await main()
} catch (error) {
  tellFault(error)
}
// The first thing to be undone is only the claim to the folder.
if (undo.length > 1) console.log('Stopping …')
for (const task of undo) await task().catch((error: unknown) => console.error(error))
process.exit()
