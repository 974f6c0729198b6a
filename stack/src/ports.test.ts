import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { assertPortFree, freePort, isPortFree, loopback } from './ports.ts'

let listener: Server | undefined

async function listenOn(host: string): Promise<number> {
  const port = await freePort()
  listener = createServer().listen(port, host)
  await once(listener, 'listening')
  return port
}

afterEach(async () => {
  if (listener) await new Promise((resolve) => listener?.close(resolve))
  listener = undefined
})

describe('isPortFree', () => {
  test('is true for a port on which nothing listens', async () => {
    expect(await isPortFree(await freePort())).toBe(true)
  })

  test.each([loopback, '0.0.0.0'])('is false for a port on which a program listens at %s', async (host) => {
    expect(await isPortFree(await listenOn(host))).toBe(false)
  })
})

describe('freePort', () => {
  test('never gives the same port twice', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()))
    expect(new Set(ports).size).toBe(50)
  })
})

describe('assertPortFree', () => {
  test('names the server, the port and the variable that chooses another', async () => {
    const port = await listenOn(loopback)
    await expect(assertPortFree(port, 'Redis', 'MILLRACE_REDIS_PORT')).rejects.toMatchObject({
      code: 'STACK_PORT_TAKEN',
      domain: 'user',
      message: `Port ${port} for Redis is in use by another program: stop that program or choose another port with MILLRACE_REDIS_PORT=<port>.`,
    })
  })

  test('lets a free port pass', async () => {
    await expect(assertPortFree(await freePort(), 'Redis', 'MILLRACE_REDIS_PORT')).resolves.toBeUndefined()
  })
})
