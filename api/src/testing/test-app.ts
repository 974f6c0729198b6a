import { randomBytes } from 'node:crypto'
import { catalogue, runtimes } from '@millrace/nodes'
import { createElasticsearchPort, createKafkaPort } from '@millrace/nodes/connectors'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { pino } from 'pino'
import { Value } from 'typebox/value'
import { expect, inject } from 'vitest'
import { createTestDatabase } from '../../../tests/setup/postgres.ts'
import { migratedSchema } from '../../../tests/setup/prisma.ts'
import '../../../tests/setup/servers.ts'
import { type AppParts, buildApp } from '../app.ts'
import { createSignInToken } from '../auth/sign-in-link.ts'
import { type Config, readEnvironment } from '../environment.ts'
import { createRedis } from '../plugins/redis.ts'

/** How the app reaches real servers. */
export const factories = { kafka: createKafkaPort, elasticsearch: createElasticsearchPort }

/** The Redis database of the api's tests, which no other test uses. Test files run one after the other. */
const REDIS_DATABASE = 5

/** An app on real servers, with what tests ask of it. */
export interface TestApp {
  readonly app: FastifyInstance
  readonly config: Config
  /** All that was logged, as JSON lines. */
  log(): string
  /** Signs in as the first user; the cookie goes into the headers of requests. */
  signIn(): Promise<{ cookie: string }>
  close(): Promise<void>
}

/** How a test app differs from the real one. */
export interface TestAppOptions extends Partial<AppParts> {
  readonly env?: NodeJS.ProcessEnv
  /** Ports through which the app reaches the servers. */
  readonly through?: { readonly postgres: number; readonly redis: number }
}

/** Builds the app over a fresh database and an empty Redis. */
export async function startTestApp({ env, through, ...parts }: TestAppOptions = {}): Promise<TestApp> {
  const place = await testPlace(env)
  const config = through ? { ...place.config, ...reachedThrough(place.config, through) } : place.config
  const lines: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const app = await buildApp(config, { log, catalogue, runtimes, factories, ...parts })
  checkAnswers(app)
  await app.ready()
  return {
    app,
    config,
    log: () => lines.join(''),
    signIn: () => signIn(app),
    close: async () => {
      await app.close()
      await place.drop()
    },
  }
}

function reachedThrough(
  { databaseUrl, redisUrl }: Config,
  ports: { readonly postgres: number; readonly redis: number },
): Pick<Config, 'databaseUrl' | 'redisUrl'> {
  const at = (url: string, port: number) => Object.assign(new URL(url), { port: String(port) }).href
  return { databaseUrl: at(databaseUrl, ports.postgres), redisUrl: at(redisUrl, ports.redis) }
}

/** Settings that lead to a fresh database and an empty Redis; `env` sets others. */
export async function testPlace(env: NodeJS.ProcessEnv = {}) {
  const servers = inject('servers')
  const database = await createTestDatabase(servers.postgres, await migratedSchema())
  const given: NodeJS.ProcessEnv = {
    DATABASE_URL: database.url,
    MILLRACE_REDIS_URL: `${servers.redis}/${REDIS_DATABASE}`,
    MILLRACE_SECRET_KEY: randomBytes(32).toString('base64'),
    MILLRACE_HTTP_PORT: '0',
    ...env,
  }
  const config = readEnvironment(given)
  if (env.MILLRACE_REDIS_URL === undefined) await emptyRedis(config.redisUrl)
  return { config, env: given, drop: () => database.drop() }
}

/** Empties the Redis database of the tests. */
export async function emptyRedis(redisUrl: string): Promise<void> {
  const redis = createRedis(redisUrl, 'worker', pino({ level: 'silent' }))
  await redis.flushdb()
  redis.disconnect()
}

/** Signs in as the first user by a link. */
export async function signIn(app: FastifyInstance): Promise<{ cookie: string }> {
  const token = await createSignInToken(app.prisma, null)
  const answer = await app.inject({ method: 'POST', url: '/api/auth/sign-in-link', payload: { token } })
  expect(answer.statusCode).toBe(200)
  return { cookie: sessionCookieOf(answer) }
}

/** The session cookie that an answer sets, as a browser sends it back. */
export function sessionCookieOf(answer: LightMyRequestResponse): string {
  const [cookie] = answer.cookies
  return `${cookie?.name}=${cookie?.value}`
}

/** Requests of a signed-in user. */
export function clientOf(app: FastifyInstance, headers: InjectOptions['headers']) {
  return async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) => {
    const answer = await app.inject({ method, url, headers, ...(payload && { payload }) })
    const body = answer.body === '' ? null : answer.json()
    return { status: answer.statusCode, headers: answer.headers, body }
  }
}

/** Makes an answer that does not fit its response schema fail the request. */
function checkAnswers(app: FastifyInstance): void {
  app.addHook('preSerialization', async (request, reply, payload) => {
    const schemas = request.routeOptions.schema?.response as { [status: string]: object } | undefined
    const schema = schemas?.[reply.statusCode]
    if (schema === undefined || Value.Check(schema, payload)) return payload
    const [first] = Value.Errors(schema, payload)
    throw new Error(`the answer of ${request.routeOptions.url} does not fit: ${JSON.stringify(first)}`)
  })
}
