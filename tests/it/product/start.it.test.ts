import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type ExecutorHeartbeat, type PipelineBody, type PipelineRow, redisKeys } from '@millrace/contracts'
import {
  freePort,
  isPortFree,
  type NativeStack,
  type StackPorts,
  stackPlace,
  stackStatus,
  startStack,
} from '@millrace/stack'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { waitFor } from '../../support/wait-for.ts'

const ROOT = path.join(import.meta.dirname, '../../..')
const TEST_MS = 300_000
const LINK = /http:\/\/127\.0\.0\.1:\d+\/sign-in\?token=([\w-]+)/

let dataDir: string
let port: number
let ports: StackPorts
let env: NodeJS.ProcessEnv
const started: Start[] = []

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'millrace-start-'))
  port = await freePort()
  const [kafka, elasticsearch, redis, postgres] = await Promise.all([1, 2, 3, 4].map(() => freePort()))
  ports = { kafka, elasticsearch, redis, postgres } as StackPorts
  env = {
    ...process.env,
    ...{ MILLRACE_DATA: dataDir, MILLRACE_CACHE: stackPlace(ROOT).cacheDir, MILLRACE_STACK: 'native' },
    ...{ MILLRACE_HTTP_PORT: String(port), MILLRACE_KAFKA_PORT: String(kafka) },
    ...{ MILLRACE_ES_PORT: String(elasticsearch), MILLRACE_REDIS_PORT: String(redis) },
    MILLRACE_PG_PORT: String(postgres),
    PATH: [path.join(ROOT, 'node_modules/.bin'), process.env.PATH].join(path.delimiter),
  }
})

afterAll(async () => {
  await Promise.all(started.map((start) => start.interrupt()))
  await rm(dataDir, { recursive: true, force: true })
})

/** `npm start`, without the installation that comes before. */
class Start {
  output = ''
  readonly #child: ChildProcess
  readonly #ended: Promise<number | null>

  constructor(more: NodeJS.ProcessEnv = {}) {
    const command = [path.join(ROOT, 'scripts/start.ts')]
    this.#child = spawn(process.execPath, command, { cwd: ROOT, env: { ...env, ...more } })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (data) => (this.output += String(data)))
    this.#ended = once(this.#child, 'exit').then(([code]) => code)
    started.push(this)
  }

  /** Waits for a line of the output. */
  async until(line: string | RegExp): Promise<void> {
    const found = () => (typeof line === 'string' ? this.output.includes(line) : line.test(this.output))
    await waitFor(`${line}`, () => found() || this.#child.exitCode !== null, TEST_MS)
    if (!found()) throw new Error(`it ended without ${line}:\n${this.output}`)
  }

  /** Ctrl-C; gives the exit code. */
  interrupt(): Promise<number | null> {
    this.#child.kill('SIGINT')
    return this.#ended
  }

  /** Waits until it ends by itself; gives the exit code. */
  ended(): Promise<number | null> {
    return this.#ended
  }
}

async function runningServers(): Promise<string[]> {
  const found = await stackStatus({ ...stackPlace(ROOT, env), dataDir, ports })
  return found.filter(({ pid }) => pid !== undefined).map(({ name }) => name)
}

/** Signs in with the link that a start has printed, which works once; gives a client of the api. */
async function signIn({ output }: Start) {
  const [, token] = LINK.exec(output) ?? []
  const base = `http://127.0.0.1:${port}/api`
  const send = (method: string, url: string, body?: object, cookie = '') =>
    fetch(base + url, {
      method,
      headers: { cookie, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
  const signedIn = await send('POST', '/auth/sign-in-link', { token })
  const again = await send('POST', '/auth/sign-in-link', { token })
  expect([signedIn.status, again.status]).toEqual([200, 401])
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return async <Body>(method: string, url: string, body?: object): Promise<Body> =>
    (await send(method, url, body, cookie)).json() as Promise<Body>
}

/** Process id of an executor, as it told the others. */
async function pidOf(executor: string): Promise<number> {
  const redis = new Redis(ports.redis)
  const heartbeat = await redis.hget(redisKeys.executors, executor)
  redis.disconnect()
  return (JSON.parse(heartbeat ?? 'null') as ExecutorHeartbeat).pid
}

describe('npm start', { timeout: TEST_MS }, () => {
  test('tells in one sentence that its port is taken, and starts nothing', async () => {
    const listener = createServer().listen(port, '127.0.0.1')
    await once(listener, 'listening')
    const start = new Start()
    expect(await start.ended()).toBe(1)
    listener.close()
    expect(start.output.trim()).toBe(
      `Port ${port} is in use: end the program that listens there, or choose another port with MILLRACE_HTTP_PORT.`,
    )
    expect(await runningServers()).toEqual([])
  })

  describe('over servers that run already', () => {
    let stack: NativeStack

    beforeAll(async () => {
      stack = await startStack({ ...stackPlace(ROOT, env), dataDir, ports })
    }, TEST_MS)

    afterAll(() => stack.stop())

    test('ends at Ctrl-C in the middle of its start, and leaves the servers alone', async () => {
      const start = new Start()
      await start.until('✓ Api and executors')
      expect(await start.interrupt()).toBe(1)
      expect(start.output).toContain('Interrupted')
      expect(start.output).not.toMatch(/\n\s+at /)
      expect(await isPortFree(port)).toBe(true)
      expect(await runningServers()).toEqual(['kafka', 'elasticsearch', 'redis', 'postgres'])
    })
  })

  test('starts everything, lets nobody start it twice, and ends everything at Ctrl-C', async () => {
    const start = new Start()
    await start.until(LINK)
    const call = await signIn(start)
    const [demo] = await call<PipelineRow[]>('GET', '/pipelines')
    expect(demo).toMatchObject({ name: 'Orders by region', deployment: { state: 'running', version: 1 } })
    await breakDraft(call, demo?.id ?? '')
    const second = new Start({ MILLRACE_HTTP_PORT: String(await freePort()) })
    expect(await second.ended()).toBe(1)
    expect(second.output).toContain(`already runs from ${dataDir}, at http://127.0.0.1:${port}`)
    process.kill(await pidOf('executor-1'), 'SIGKILL')
    await start.until('executor-1 has ended (SIGKILL) and is started again.')
    expect(await start.interrupt()).toBe(0)
    expect(await isPortFree(port)).toBe(true)
    expect(await runningServers()).toEqual([])
  })

  test('finds everything as it was, and publishes no draft that somebody works on', async () => {
    const start = new Start()
    await start.until(LINK)
    const call = await signIn(start)
    expect(await call('GET', '/pipelines')).toMatchObject([
      {
        ...{ name: 'Orders by region', errors: 1, unpublished: true },
        deployment: { state: 'running', version: 1 },
      },
    ])
    expect(await start.interrupt()).toBe(0)
    expect(await runningServers()).toEqual([])
  })
})

/** Leaves a pipeline with a draft that cannot be published. */
async function breakDraft(call: Awaited<ReturnType<typeof signIn>>, id: string): Promise<void> {
  const { draft } = await call<PipelineBody>('GET', `/pipelines/${id}`)
  const nodes = draft.graph.nodes.map((node) =>
    node.id === 'region-topic' ? { ...node, config: { ...node.config, topic: '' } } : node,
  )
  const body = { graph: { ...draft.graph, nodes }, revision: draft.revision }
  await call('PUT', `/pipelines/${id}/draft`, body)
}
