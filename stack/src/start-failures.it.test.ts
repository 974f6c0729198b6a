import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stackPlace } from './environment.ts'
import { createKafka } from './kafka.ts'
import { freePort, loopback } from './ports.ts'
import { createPostgres } from './postgres.ts'
import { startStack } from './stack.ts'

const { cacheDir } = stackPlace(path.join(import.meta.dirname, '..', '..'))

let dataDir: string

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'millrace-stack-'))
})

afterAll(() => rm(dataDir, { recursive: true, force: true }))

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
