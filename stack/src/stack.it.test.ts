import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import kafkajs from 'kafkajs'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type StackPlace, stackPlace } from './environment.ts'
import { ensureJars, type JarSet } from './jar-cache.ts'
import { findJdk } from './jdk.ts'
import { createKafka } from './kafka.ts'
import { listeningAddresses } from './listening-addresses.test-helper.ts'
import { freePort, loopback } from './ports.ts'
import { createPostgres } from './postgres.ts'
import type { Server } from './server.ts'
import { kafkaSettings, type ServerName, serverNames, serverSettings } from './settings.ts'
import { type NativeStack, startStack } from './stack.ts'

const repository = path.join(import.meta.dirname, '..', '..')
const { cacheDir } = stackPlace(repository)

/** How a client writes something to each server and how it finds it again later. */
const clients: Record<
  ServerName,
  { write(address: string): Promise<void>; read(address: string): Promise<unknown> }
> = {
  kafka: {
    async write(address) {
      const kafka = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING })
      const admin = kafka.admin()
      await admin.connect()
      await admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 1 }], waitForLeaders: true })
      await admin.disconnect()
      const producer = kafka.producer({ idempotent: true, transactionalId: 'keeper', maxInFlightRequests: 1 })
      await producer.connect()
      const transaction = await producer.transaction()
      await transaction.send({ topic: 'kept', messages: [{ value: 'kept' }] })
      await transaction.commit()
      await producer.disconnect()
    },
    async read(address) {
      const kafka = new kafkajs.Kafka({ brokers: [address], logLevel: kafkajs.logLevel.NOTHING })
      const consumer = kafka.consumer({ groupId: `reader-${Date.now()}` })
      await consumer.connect()
      await consumer.subscribe({ topic: 'kept', fromBeginning: true })
      const found = Promise.withResolvers<unknown>()
      await consumer.run({ eachMessage: async ({ message }) => found.resolve(message.value?.toString()) })
      const value = await found.promise
      await consumer.disconnect()
      return value
    },
  },
  elasticsearch: {
    async write(address) {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${address}/kept/_doc/1`, {
        method: 'PUT',
        headers,
        body: '{"text":"kept"}',
      })
      if (!answer.ok) throw new Error(await answer.text())
    },
    async read(address) {
      // The cluster answers before its shards are open again; the search waits for them.
      await fetch(`${address}/_cluster/health/kept?wait_for_status=yellow&timeout=30s`)
      const answer = (await (await fetch(`${address}/kept/_doc/1`)).json()) as { _source?: { text: string } }
      return answer._source?.text
    },
  },
  redis: {
    async write(address) {
      const redis = new Redis(address)
      await redis.set('kept', 'kept')
      redis.disconnect()
    },
    async read(address) {
      const redis = new Redis(address)
      const value = await redis.get('kept')
      redis.disconnect()
      return value
    },
  },
  postgres: {
    async write(address) {
      await query(address, 'create table kept (text text); insert into kept values ($$kept$$)')
    },
    async read(address) {
      return (await query(address, 'select text from kept'))[0]?.text
    },
  },
}

async function query(address: string, sql: string): Promise<{ text: string }[]> {
  const client = new pg.Client({ connectionString: address })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

let dataDir: string

beforeAll(async () => {
  // Closed to everyone else, as a clone under /root would be.
  dataDir = await mkdtemp(path.join(tmpdir(), 'millrace-stack-'))
})

afterAll(() => rm(dataDir, { recursive: true, force: true }))

describe('the four servers', () => {
  let place: StackPlace
  let stack: NativeStack

  beforeAll(async () => {
    const folder = path.join(dataDir, 'four')
    stack = await startStack({ dataDir: folder, cacheDir, ports: 'free' })
    const ports = Object.fromEntries(serverNames.map((name) => [name, stack.servers[name].port]))
    place = { dataDir: folder, cacheDir, ports: ports as StackPlace['ports'] }
  })

  afterAll(() => stack?.stop())

  test.each(serverNames)('%s answers, is killed, and has kept its data when it runs again', async (name) => {
    const server = stack.servers[name]
    const address = stack.addresses[name]
    const firstPid = server.pid()
    await clients[name].write(address)
    // Not only a proof: see `createKafka` for what a kill does to a transaction that nobody could read yet.
    expect(await clients[name].read(address)).toBe('kept')
    await server.kill()
    expect(server.pid()).toBeUndefined()
    expect(await server.start()).toBe('started')
    expect(server.pid()).not.toBe(firstPid)
    expect(server.address()).toBe(address)
    expect(await clients[name].read(address)).toBe('kept')
  })

  test.each(serverNames)('%s has kept its data after it was stopped', async (name) => {
    await stack.servers[name].stop()
    expect(stack.servers[name].pid()).toBeUndefined()
    await stack.servers[name].start()
    expect(await clients[name].read(stack.addresses[name])).toBe('kept')
  })

  test.each(serverNames)('%s listens on the loopback address only', async (name) => {
    const addresses = await listeningAddresses(stack.servers[name].pid() ?? 0)
    expect(addresses).toContainEqual({ host: loopback, port: place.ports[name] })
    expect(addresses.filter(({ host }) => host !== loopback)).toEqual([])
  })

  test('are used as they are by a second start, whose stop leaves them alone', async () => {
    const pids = serverNames.map((name) => stack.servers[name].pid())
    const second = await startStack(place)
    expect(second.started).toEqual([])
    expect(second.addresses).toEqual(stack.addresses)
    await second.stop()
    expect(serverNames.map((name) => stack.servers[name].pid())).toEqual(pids)
  })

  test('are not taken for servers on other ports', async () => {
    const moved = { ...place, ports: { ...place.ports, redis: await freePort() } }
    await expect(startStack(moved)).rejects.toMatchObject({ code: 'STACK_RUNS_ELSEWHERE' })
    expect(stack.servers.redis.pid()).toBeDefined()
  })

  test('refuse a Postgres client without the password', async () => {
    const url = new URL(stack.addresses.postgres)
    url.password = 'guess'
    await expect(query(url.href, 'select 1')).rejects.toThrow('password authentication failed')
  })

  test('are shown and stopped by another process', async () => {
    const ports = serverNames.map((name) => [serverSettings[name].portVariable, String(place.ports[name])])
    const env = {
      ...process.env,
      ...Object.fromEntries(ports),
      MILLRACE_DATA: place.dataDir,
      MILLRACE_STACK: 'native',
    }
    const run = (action: string) =>
      promisify(execFile)(process.execPath, [path.join(repository, 'scripts', 'stack.ts'), action], { env })
    const { stdout } = await run('status')
    for (const name of serverNames)
      expect(stdout).toContain(`running as process ${stack.servers[name].pid()}`)
    await run('down')
    expect(serverNames.map((name) => stack.servers[name].pid())).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect((await run('status')).stdout.match(/not running/g)).toHaveLength(4)
  })

  test('lose their data, and only that, in a reset', async () => {
    const run = promisify(execFile)(
      process.execPath,
      [path.join(repository, 'scripts', 'stack.ts'), 'reset'],
      {
        env: { ...process.env, MILLRACE_DATA: place.dataDir, MILLRACE_STACK: 'native' },
      },
    )
    await mkdir(path.join(place.dataDir, 'something-else'))
    await run
    expect(await readdir(place.dataDir)).toEqual(['something-else'])
  })
})

describe('a start that fails', () => {
  function runningIn(folder: string): Promise<string[]> {
    return readdir(folder, { recursive: true }).then((files) =>
      files.filter((file) => file.endsWith('pid.json')),
    )
  }

  test('because a port is taken leaves nothing running', async () => {
    const folder = path.join(dataDir, 'taken')
    const port = await freePort()
    const listener = createServer().listen(port, loopback)
    await once(listener, 'listening')
    const ports = {
      kafka: await freePort(),
      elasticsearch: await freePort(),
      redis: port,
      postgres: await freePort(),
    }
    await expect(startStack({ dataDir: folder, cacheDir, ports })).rejects.toMatchObject({
      code: 'STACK_PORT_TAKEN',
      message: expect.stringContaining('MILLRACE_REDIS_PORT'),
    })
    expect(await runningIn(folder)).toEqual([])
    listener.close()
  })

  test('because it is interrupted leaves nothing running', async () => {
    const folder = path.join(dataDir, 'interrupted')
    const interrupt = new AbortController()
    const reason = new Error('interrupted')
    const start = startStack({
      dataDir: folder,
      cacheDir,
      ports: 'free',
      signal: interrupt.signal,
      report: ({ server, step }) => server === 'redis' && step === 'ready' && interrupt.abort(reason),
    })
    await expect(start).rejects.toBe(reason)
    expect(await runningIn(folder)).toEqual([])
  })

  test('because the server ends gives its last lines', async () => {
    const folder = path.join(dataDir, 'damaged')
    await mkdir(path.join(folder, 'data'), { recursive: true })
    const server = createPostgres({ folder, port: await freePort() })
    await expect(server.start()).rejects.toMatchObject({
      code: 'STACK_SERVER_DIED',
      detail: expect.stringContaining(path.join(folder, 'data')),
    })
    expect(server.pid()).toBeUndefined()
  })

  test('because a command before it fails gives what that printed', async () => {
    const properties = { 'controller.listener.names': '' }
    const server = createKafka({
      folder: path.join(dataDir, 'refused'),
      cacheDir,
      port: await freePort(),
      properties,
    })
    await expect(server.start()).rejects.toMatchObject({
      code: 'STACK_COMMAND_FAILED',
      detail: expect.stringContaining('controller.listener.names'),
    })
  })
})

describe('a Kafka cluster', () => {
  let nodes: Server[]

  beforeAll(async () => {
    const ids = [1, 2, 3]
    const voters = await Promise.all(
      ids.map(async (nodeId) => ({ nodeId, controllerPort: await freePort() })),
    )
    nodes = await Promise.all(
      ids.map(async (nodeId) =>
        createKafka({
          folder: path.join(dataDir, `kafka-${nodeId}`),
          cacheDir,
          port: await freePort(),
          cluster: { nodeId, voters },
          properties: { 'offsets.topic.replication.factor': '3' },
        }),
      ),
    )
    await Promise.all(nodes.map((node) => node.start()))
  })

  afterAll(() => Promise.all((nodes ?? []).map((node) => node.stop())))

  test('replicates to all of its brokers', async () => {
    const brokers = nodes.map((node) => node.address())
    const admin = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).admin()
    await admin.connect()
    await expect
      .poll(async () => (await admin.describeCluster()).brokers, { timeout: 30_000 })
      .toHaveLength(3)
    await admin.createTopics({ topics: [{ topic: 'copied', numPartitions: 1, replicationFactor: 3 }] })
    const replicas = async () => {
      const { topics } = await admin.fetchTopicMetadata({ topics: ['copied'] })
      return topics[0]?.partitions[0]?.isr.toSorted()
    }
    await expect.poll(replicas, { timeout: 30_000 }).toEqual([1, 2, 3])
    await admin.disconnect()
  })
})

describe('the jar cache', () => {
  test('is filled once by several that need the same jars at once', async () => {
    const folder = path.join(dataDir, 'cache')
    let fetches = 0
    const jars: JarSet = {
      name: 'kafka',
      version: kafkaSettings.version,
      sources: ['kafka.pom.xml'],
      arrange: (from, target) => rm(from, { recursive: true }).then(() => mkdir(path.join(target, 'lib'))),
    }
    const options = { cacheDir: folder, jdk: findJdk(), onFetch: () => fetches++ }
    const entries = await Promise.all([1, 2, 3].map(() => ensureJars(jars, options)))
    expect(new Set(entries).size).toBe(1)
    expect(fetches).toBe(1)
    expect((await readdir(folder)).toSorted()).toEqual(
      [path.basename(entries[0] ?? ''), 'maven.lock'].toSorted(),
    )
  })

  test('says so when Maven cannot fetch the jars', async () => {
    const folder = path.join(dataDir, 'no-cache')
    const jars = {
      name: 'kafka',
      version: '0.0.0',
      sources: ['kafka.pom.xml'],
      arrange: async () => undefined,
    }
    await expect(ensureJars(jars, { cacheDir: folder, jdk: findJdk() })).rejects.toMatchObject({
      code: 'STACK_COMMAND_FAILED',
      message: expect.stringContaining('could not fetch kafka 0.0.0'),
    })
    expect(await readdir(folder)).toEqual(['maven.lock'])
  })
})
