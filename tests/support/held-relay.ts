import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'

/** A relay before a server that can keep the answers back. */
export interface HeldRelay {
  readonly port: number
  /** What has been asked so far, as text. */
  asked(): string
  /** Keeps answers back from now on. */
  hold(): void
  /** Lets go of those that were kept back, and keeps back no more. */
  release(): void
  close(): void
}

/** Listens on loopback before a server's port. */
export async function startHeldRelay(serverPort: number): Promise<HeldRelay> {
  const sockets: { destroy(): void }[] = []
  let questions = ''
  let held: (() => void)[] | null = null
  const server = createServer((client) => {
    const upstream = connect(serverPort, '127.0.0.1')
    sockets.push(client, upstream)
    for (const socket of [client, upstream]) socket.on('error', () => {})
    client.on('data', (data) => {
      questions += data.toString('latin1')
      upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (held === null) client.write(data)
      else held.push(() => client.write(data))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    asked: () => questions,
    hold() {
      held = []
    },
    release() {
      for (const answer of held ?? []) answer()
      held = null
    },
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
