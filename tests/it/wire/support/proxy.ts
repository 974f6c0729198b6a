import { connect, createServer, type Server, type Socket } from 'node:net'

/** One request of the Kafka protocol on its way to the broker, length prefix included. */
export interface ProxiedRequest {
  readonly apiKey: number
  readonly apiVersion: number
  readonly bytes: Buffer
}

/**
 * What becomes of a request:
 * `forward` as if nothing were there · `drop-reply` the broker gets it, the client's socket is cut before the reply ·
 * `hold` the client's socket is cut at once, and the broker gets the request when `release` is called.
 */
export type RequestFate = 'forward' | 'drop-reply' | 'hold'

/** A TCP proxy before one broker that understands where requests begin. */
export interface KafkaProxy {
  readonly port: number
  /** Decides about every request; forwards all at first. */
  decide: (request: ProxiedRequest) => RequestFate
  /** Requests that met a fate other than `forward`. */
  readonly caught: ProxiedRequest[]
  /** Sends the held requests to the broker over their old connections and gives the replies, length prefix included. */
  release(): Promise<Buffer[]>
  close(): Promise<void>
}

const LENGTH_BYTES = 4

/** Listens on loopback in front of a broker's port. */
export async function startProxy(listenPort: number, brokerPort: number): Promise<KafkaProxy> {
  const sockets = new Set<Socket>()
  const held: { upstream: Socket; request: ProxiedRequest }[] = []
  const caught: ProxiedRequest[] = []
  const server: Server = createServer((client) => {
    const upstream = connect(brokerPort, '127.0.0.1')
    const forward = (bytes: Buffer): unknown => client.write(bytes)
    upstream.on('data', forward)
    let kept = false
    const cutClient = (keepUpstream: boolean): void => {
      kept = keepUpstream
      upstream.off('data', forward)
      client.destroy()
    }
    client.on(
      'data',
      framing((request) => {
        const fate = proxy.decide(request)
        if (fate !== 'forward') caught.push(request)
        if (fate !== 'hold') upstream.write(request.bytes)
        if (fate === 'drop-reply') {
          upstream.off('data', forward)
          upstream.once('data', () => cutClient(false))
        }
        if (fate === 'hold') {
          held.push({ upstream, request })
          cutClient(true)
        }
      }),
    )
    client.on('close', () => {
      if (!kept) upstream.destroy()
    })
    upstream.on('close', () => client.destroy())
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => sockets.delete(socket))
    }
  })
  const proxy: KafkaProxy = {
    port: listenPort,
    decide: () => 'forward',
    caught,
    release: () =>
      Promise.all(held.splice(0).map(({ upstream, request }) => exchange(upstream, request.bytes))),
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  await new Promise<void>((resolve) => server.listen(listenPort, '127.0.0.1', resolve))
  return proxy
}

/** Cuts a byte stream into requests. */
function framing(onRequest: (request: ProxiedRequest) => void): (chunk: Buffer) => void {
  let pending = Buffer.alloc(0)
  return (chunk) => {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + pending.readInt32BE(0)
      if (pending.length < end) return
      const bytes = pending.subarray(0, end)
      pending = pending.subarray(end)
      onRequest({ apiKey: bytes.readInt16BE(4), apiVersion: bytes.readInt16BE(6), bytes })
    }
  }
}

function exchange(socket: Socket, request: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    socket.once('data', resolve)
    socket.once('close', () => reject(new Error('the broker closed the connection')))
    socket.write(request)
  })
}
