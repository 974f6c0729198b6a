import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createKafkaPort } from '@millrace/nodes/connectors'
import {
  createElasticsearch,
  createPostgres,
  createRedis,
  freePort,
  type NativeStack,
  type Server,
  stackPlace,
  startStack,
} from '@millrace/stack'
import { request } from '@playwright/test'
import { buildApp } from '../../scripts/app/build-app.ts'
import {
  type ApiCommand,
  type AppPlace,
  apiCommand,
  type RunningApp,
  runApp,
} from '../../scripts/app/run-app.ts'
import { prepareDemo } from '../../scripts/demo/prepare-demo.ts'

const ROOT = path.join(import.meta.dirname, '../..')
const EXECUTORS = 2

/** Variable by which the runner tells the tests where everything is. */
const VARIABLE = 'MILLRACE_E2E_WORLD'

/** The whole product on real servers, as tests find it. */
export interface World extends AppPlace {
  readonly url: string
  /** Holds the data of the servers; gone after the tests. */
  readonly dataDir: string
  /** Logs of api, executors and load; they stay. */
  readonly logFolder: string
  /** A file with the cookies of somebody who is signed in. */
  readonly session: string
  /** Signs somebody else in, once. */
  readonly signInLink: string
}

/** The world that the runner has started. */
export function readWorld(): World {
  const text = process.env[VARIABLE]
  if (text === undefined) throw new Error(`${VARIABLE} is not set: the tests need their global setup.`)
  return JSON.parse(text) as World
}

/** The commands of the api. */
export function commandOf(world: World): ApiCommand {
  return apiCommand(world)
}

/** One of the servers, to be stopped and started again. */
export function serverOf(world: World, name: 'elasticsearch' | 'postgres' | 'redis'): Server {
  const folder = path.join(world.dataDir, name)
  const port = Number(new URL(world.addresses[name]).port)
  switch (name) {
    case 'elasticsearch':
      return createElasticsearch({ folder, port, cacheDir: stackPlace(ROOT).cacheDir })
    case 'postgres':
      return createPostgres({ folder, port })
    case 'redis':
      return createRedis({ folder, port })
  }
}

/**
 * Starts the servers on free ports in a temporary folder, api and executors on them, loads the demo's data and makes
 * its pipeline; nothing is published yet.
 *
 * @returns what undoes it; that fails where the api or an executor has ended unasked
 */
export async function startWorld(): Promise<() => Promise<void>> {
  const undo: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const step of undo) await step().catch((error: unknown) => console.error(error))
  }
  try {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'millrace-e2e-'))
    undo.unshift(() => rm(dataDir, { recursive: true, force: true }))
    await buildApp()
    const { cacheDir } = stackPlace(ROOT)
    const stack = await startStack({ dataDir, cacheDir, ports: 'free' })
    undo.unshift(() => stack.stop())
    const place = {
      ...{ addresses: stack.addresses, port: await freePort() },
      secretKey: randomBytes(32).toString('base64'),
    }
    const logFolder = path.join(ROOT, 'test-results/logs')
    const app = await runApp({ ...place, executors: EXECUTORS, logFolder })
    undo.unshift(() => app.stop())
    await loadDemo(stack, app)
    const session = path.join(dataDir, 'session.json')
    await signIn(app, session)
    const signInLink = await app.command('sign-in-link', '--email', 'ada@example.org')
    const world: World = { ...place, url: app.url, dataDir, logFolder, session, signInLink }
    process.env[VARIABLE] = JSON.stringify(world)
    return async () => {
      const ended = app.children.filter(({ alive }) => !alive)
      await stop()
      for (const { name, lastLines } of ended) throw new Error(`${name} ended unasked:\n${lastLines}`)
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function loadDemo({ addresses }: NativeStack, app: RunningApp): Promise<void> {
  const kafka = createKafkaPort({ brokers: addresses.kafka }, {})
  try {
    await prepareDemo(kafka, () => {})
  } finally {
    await kafka.close()
  }
  const { kafka: brokers, elasticsearch } = addresses
  await app.command('seed-demo', '--kafka', brokers, '--elasticsearch', elasticsearch)
}

async function signIn(app: RunningApp, session: string): Promise<void> {
  const link = new URL(await app.command('sign-in-link'))
  const context = await request.newContext({ baseURL: app.url })
  const token = link.searchParams.get('token')
  const response = await context.post('/api/auth/sign-in-link', { data: { token } })
  if (!response.ok()) throw new Error(`The sign-in link was refused: ${await response.text()}`)
  await context.storageState({ path: session })
  await context.dispose()
}
