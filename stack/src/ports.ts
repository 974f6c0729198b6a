import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { StackError } from './stack-error.ts'

/** The only address that local servers bind. */
export const loopback = '127.0.0.1'

// Above the default ports and below 32768, where Linux takes the local ports of outgoing connections from: a port
// found free here is not lost to such a connection before its server binds it.
const freeRange = { from: 20_000, to: 32_000 }

/** Whether nothing listens on `port` of the loopback address. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false)
      else reject(error)
    })
    server.listen({ port, host: loopback, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

// A port stays free until its server binds it, which may take seconds.
const handedOut = new Set<number>()

/** A port of the loopback address on which nothing listens; never the same one twice in a process. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(freeRange.from, freeRange.to)
    if (handedOut.has(port) || !(await isPortFree(port))) continue
    handedOut.add(port)
    return port
  }
  throw new StackError(
    'STACK_PORT_TAKEN',
    `No free port was found from ${freeRange.from} to ${freeRange.to}.`,
  )
}

/**
 * Refuses to go on when another program listens on `port`.
 *
 * @param label name of the server for people
 * @param variable environment variable that chooses another port
 */
export async function assertPortFree(port: number, label: string, variable: string): Promise<void> {
  if (await isPortFree(port)) return
  throw new StackError(
    'STACK_PORT_TAKEN',
    `Port ${port} for ${label} is in use by another program: stop that program or choose another port with ${variable}=<port>.`,
  )
}
