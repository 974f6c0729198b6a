import { isIP } from 'node:net'
import { parseSecretKey } from '@millrace/contracts/secrets'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'

const flag = (description: string) => Type.Optional(Type.Enum(['1', '0', ''], { description }))
const text = (description: string) => Type.Optional(Type.String({ description }))

/** The environment variables of the api. Descriptions complete the sentence "NAME must be …". */
export const environmentSchema = Type.Object({
  DATABASE_URL: Type.String({
    pattern: '^postgres(ql)?://',
    description: 'the address of the database, as in postgres://user:password@host:5432/millrace',
  }),
  MILLRACE_REDIS_URL: Type.String({
    pattern: '^rediss?://',
    description: 'the address of Redis, as in redis://127.0.0.1:16379',
  }),
  MILLRACE_SECRET_KEY: Type.String({
    description: '32 random bytes in base64, as "openssl rand -base64 32" prints them; keep them',
  }),
  MILLRACE_HTTP_HOST: Type.String({ default: '127.0.0.1', description: 'an IP address to listen on' }),
  MILLRACE_HTTP_PORT: Type.Integer({
    default: 4000,
    minimum: 0,
    maximum: 65_535,
    description: 'a port number from 1 to 65535',
  }),
  MILLRACE_METRICS_TOKEN: Type.Optional(
    Type.String({
      minLength: 16,
      description: 'a secret of at least 16 characters with which /metrics may be read',
    }),
  ),
  MILLRACE_PUBLIC_URL: Type.Optional(
    Type.String({
      pattern: '^https?://[^/]+$',
      description: 'the address in the browser, as in https://millrace.example.org, without a path',
    }),
  ),
  MILLRACE_ALLOW_REMOTE: flag('1 to listen on other addresses than loopback, or not set'),
  MILLRACE_PUBLISHED_ON_LOOPBACK: flag(
    '1 in a container whose port is published on the loopback address of the host only, or not set',
  ),
  MILLRACE_TLS_CERT: text('a file with the certificate, in PEM'),
  MILLRACE_TLS_KEY: text('a file with the key of the certificate, in PEM'),
  MILLRACE_TRUST_PROXY: text('the addresses of the proxy that terminates TLS, separated by commas'),
  MILLRACE_REPLICATION_FACTOR: Type.Integer({
    default: 1,
    minimum: 1,
    maximum: 9,
    description: 'the number of copies of the topics that Millrace creates',
  }),
  MILLRACE_LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], {
    default: 'info',
    description: 'fatal, error, warn, info, debug or silent',
  }),
  MILLRACE_FAILPOINT: text('for tests only: where the process kills itself'),
})

type Environment = Static<typeof environmentSchema>

/** The settings of the api, read once at its start. */
export interface Config {
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly secretKey: Uint8Array
  readonly host: string
  readonly port: number
  readonly metricsToken: string | null
  /** Origin in the browser; null: loopback at the port that is listened on. */
  readonly publicUrl: string | null
  /** Files in PEM; null: plain HTTP. */
  readonly tls: { readonly certificate: string; readonly key: string } | null
  /** Addresses of proxies whose forwarding headers are believed. */
  readonly trustedProxies: readonly string[]
  readonly allowRemote: boolean
  readonly publishedOnLoopback: boolean
  readonly replicationFactor: number
  readonly logLevel: Environment['MILLRACE_LOG_LEVEL']
  readonly failpoint: string | null
}

/** Settings that are missing or wrong: one sentence a variable. */
export class EnvironmentError extends Error {
  readonly code = 'bad_environment'
  readonly domain = 'user'
  readonly retry = 'never'

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.name = 'EnvironmentError'
  }
}

/**
 * Reads the settings.
 *
 * @throws EnvironmentError
 */
export function readEnvironment(env: NodeJS.ProcessEnv): Config {
  const known = Object.keys(environmentSchema.properties)
  const given = Object.fromEntries(known.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
  const values = Value.Convert(environmentSchema, Value.Default(environmentSchema, given))
  const problems = wrongVariables(values)
  if (problems.length > 0) throw new EnvironmentError(problems)
  return toConfig(values as Environment)
}

/** True for an address that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

function wrongVariables(values: unknown): string[] {
  const given = values as { readonly [name: string]: unknown }
  const { properties } = environmentSchema
  const names = Object.keys(properties) as (keyof typeof properties)[]
  return names.flatMap((name) => {
    const schema = properties[name] as { description?: string }
    const isGiven = given[name] !== undefined
    const isFine = isGiven ? Value.Check(properties[name], given[name]) : !isRequired(name)
    return isFine ? [] : [`${name} ${isGiven ? '' : 'is not set: it '}must be ${schema.description}.`]
  })
}

function isRequired(name: string): boolean {
  return (environmentSchema.required as readonly string[]).includes(name)
}

function toConfig(env: Environment): Config {
  const { MILLRACE_TLS_CERT: certificate, MILLRACE_TLS_KEY: key } = env
  if (Boolean(certificate) !== Boolean(key)) {
    throw new EnvironmentError(['MILLRACE_TLS_CERT and MILLRACE_TLS_KEY go together: set both or none.'])
  }
  return {
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.MILLRACE_REDIS_URL,
    secretKey: secretKey(env.MILLRACE_SECRET_KEY),
    host: env.MILLRACE_HTTP_HOST,
    port: env.MILLRACE_HTTP_PORT,
    metricsToken: env.MILLRACE_METRICS_TOKEN ?? null,
    publicUrl: env.MILLRACE_PUBLIC_URL ?? null,
    tls: certificate && key ? { certificate, key } : null,
    trustedProxies: (env.MILLRACE_TRUST_PROXY ?? '')
      .split(',')
      .map((proxy) => proxy.trim())
      .filter(Boolean),
    allowRemote: env.MILLRACE_ALLOW_REMOTE === '1',
    publishedOnLoopback: env.MILLRACE_PUBLISHED_ON_LOOPBACK === '1',
    replicationFactor: env.MILLRACE_REPLICATION_FACTOR,
    logLevel: env.MILLRACE_LOG_LEVEL,
    failpoint: env.MILLRACE_FAILPOINT ?? null,
  }
}

function secretKey(value: string): Uint8Array {
  try {
    return parseSecretKey(value)
  } catch (error) {
    throw new EnvironmentError([(error as Error).message])
  }
}
