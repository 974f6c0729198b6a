import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type StackPlace, stackPlace } from './environment.ts'
import { listeningAddresses } from './listening-addresses.test-helper.ts'
import { freePort, loopback } from './ports.ts'
import { clients, query } from './server-clients.test-helper.ts'
import { serverNames, serverSettings } from './settings.ts'
import { type NativeStack, startStack } from './stack.ts'

const repository = path.join(import.meta.dirname, '..', '..')
const { cacheDir } = stackPlace(repository)

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
