import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type DeploymentBody, type PipelineBody, redisKeys, type SavedDraft } from '@millrace/contracts'
import type { PipelineGraph } from '@millrace/graph'
import { freePort, type StackAddresses } from '@millrace/stack'
import { Redis } from 'ioredis'
import { type RunningApp, runApp } from '../../scripts/app/run-app.ts'
import { LiveFrames } from './live-frames.ts'
import { waitFor } from './wait-for.ts'

const DEADLINE_MS = 120_000
const EXECUTORS = 2

/** A pipeline of a test. */
export interface TestPipeline {
  readonly id: string
}

/** The real api and real executors on real servers, used as the editor uses them. */
export class Product {
  readonly app: RunningApp
  readonly redis: Redis
  readonly #cookie: string
  readonly #logFolder: string

  private constructor(app: RunningApp, redis: Redis, cookie: string, logFolder: string) {
    this.app = app
    this.redis = redis
    this.#cookie = cookie
    this.#logFolder = logFolder
  }

  /**
   * Empties the Redis database, starts api and executors over an empty Postgres database, signs in, and makes the two
   * connections.
   */
  static async start(addresses: StackAddresses): Promise<Product> {
    const redis = new Redis(addresses.redis)
    // Tests kill it.
    redis.on('error', () => {})
    await redis.flushdb()
    const logFolder = await mkdtemp(path.join(tmpdir(), 'millrace-product-'))
    const app = await runApp({
      ...{ addresses, port: await freePort(), executors: EXECUTORS, logFolder },
      secretKey: randomBytes(32).toString('base64'),
    })
    const link = new URL(await app.command('sign-in-link'))
    const signedIn = await fetch(`${app.url}/api/auth/sign-in-link`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: link.searchParams.get('token') }),
    })
    const [cookie = ''] = signedIn.headers.getSetCookie()
    const product = new Product(app, redis, cookie.split(';')[0] ?? '', logFolder)
    await product.connect('kafka', 'kafka', { brokers: addresses.kafka })
    await product.connect('elasticsearch', 'elasticsearch', { node: addresses.elasticsearch })
    return product
  }

  /** Asks the api as somebody who is signed in; fails where it refuses. */
  async call<Body>(method: string, url: string, payload?: object): Promise<Body> {
    const response = await fetch(`${this.app.url}/api${url}`, {
      method,
      headers: { cookie: this.#cookie, ...(payload && { 'content-type': 'application/json' }) },
      ...(payload && { body: JSON.stringify(payload) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`)
    return (text === '' ? null : JSON.parse(text)) as Body
  }

  /** Makes or changes a connection. */
  async connect(id: string, kind: 'kafka' | 'elasticsearch', settings: object): Promise<void> {
    await this.call('PUT', `/connections/${id}`, { kind, label: id, settings })
  }

  /** Makes a pipeline; its draft is still empty. */
  create(name: string): Promise<TestPipeline> {
    return this.call('POST', '/pipelines', { name })
  }

  /** Saves a draft and publishes it; resolves when the operation has ended well. */
  async publish({ id }: TestPipeline, graph: PipelineGraph, rest: object = {}): Promise<DeploymentBody> {
    const { draft } = await this.call<PipelineBody>('GET', `/pipelines/${id}`)
    const body = { graph, revision: draft.revision }
    const { revision } = await this.call<SavedDraft>('PUT', `/pipelines/${id}/draft`, body)
    return this.operate({ id }, 'publish', { revision, acknowledgeEmpty: [], ...rest })
  }

  /** Begins an operation; resolves with the deployment when it has ended well. */
  async operate(pipeline: TestPipeline, name: string, payload?: object): Promise<DeploymentBody> {
    const url = `/pipelines/${pipeline.id}/${name}`
    const { operation } = await this.call<{ operation: string }>('POST', url, payload)
    const ended = await this.until(
      pipeline,
      `${name} has ended`,
      (now) => now.operation?.id === operation && now.operation.endedAt !== null,
    )
    if (ended.operation?.outcome !== 'done') throw new Error(`${name} failed: ${JSON.stringify(ended)}`)
    return ended
  }

  /** How the deployment of a pipeline stands. */
  deployment({ id }: TestPipeline): Promise<DeploymentBody> {
    return this.call('GET', `/pipelines/${id}/deployment`)
  }

  /** Listens to what the Monitoring tab of a pipeline hears. */
  live({ id }: TestPipeline): Promise<LiveFrames> {
    return LiveFrames.open(`${this.app.url}/api/pipelines/${id}/live`, this.#cookie)
  }

  /** Listens to a stream of server-sent events until the signal ends it; each is told as it comes. */
  async listen(url: string, signal: AbortSignal, heard: (event: unknown) => void): Promise<void> {
    const response = await fetch(`${this.app.url}/api${url}`, { headers: { cookie: this.#cookie }, signal })
    if (!response.ok || response.body === null) throw new Error(`${url}: ${response.status}`)
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of response.body) {
      const events = (text + decoder.decode(chunk, { stream: true })).split('\n\n')
      text = events.pop() ?? ''
      for (const event of events) if (event.startsWith('data: ')) heard(JSON.parse(event.slice(6)))
    }
  }

  /** The id of the only deployment there is, which names its topics. */
  async onlyDeployment(): Promise<string> {
    const ids = await this.redis.smembers(redisKeys.deployments)
    if (ids.length !== 1) throw new Error(`there are ${ids.length} deployments`)
    return ids[0] as string
  }

  /** Waits for something to be true of a deployment. */
  async until(
    pipeline: TestPipeline,
    what: string,
    isTrue: (now: DeploymentBody) => boolean,
  ): Promise<DeploymentBody> {
    let seen: DeploymentBody | null = null
    const look = async () => {
      seen = await this.deployment(pipeline)
      return isTrue(seen) && seen
    }
    try {
      return await waitFor(what, look, DEADLINE_MS)
    } catch (error) {
      throw new Error(`${what}: it never came true\n${JSON.stringify(seen)}\n${this.#lastWords()}`, {
        cause: error,
      })
    }
  }

  #lastWords(): string {
    return this.app.children.map(({ name, lastLines }) => `── ${name}\n${lastLines.slice(-2_000)}`).join('\n')
  }

  /** Ends everything that `start` began. */
  async stop(): Promise<void> {
    await this.app.stop()
    this.redis.disconnect()
    await rm(this.#logFolder, { recursive: true, force: true })
  }
}
