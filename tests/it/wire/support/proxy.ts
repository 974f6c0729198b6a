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
 * `hold` the client's socket is cut at once, and the broker gets the request when `release` is called ·
 * `silence` nobody hears of it or of what follows, the sockets stay open · `mute` the broker gets it, the sockets stay
 * open, and no reply comes through them any more.
 */
export type RequestFate = 'forward' | 'drop-reply' | 'hold' | 'silence' | 'mute'

/** A TCP proxy before one broker that understands where requests begin. */
export interface KafkaProxy {
  readonly port: number
  /** Decides about every request; forwards all at first. */
  decide: (request: ProxiedRequest) => RequestFate
  /** Time that each request takes on its way, ms; 0 at first. */
  latencyMs: number
  /** True: new connections are broken off at once; false at first. */
  refuses: boolean
  /** Requests that met a fate other than `forward`. */
  readonly caught: ProxiedRequest[]
  /** Sends the held requests to the broker over their old connections and gives the replies, length prefix included. */
  release(): Promise<Buffer[]>
  /** How many connections were ever opened. */
  connectionCount(): number
  /** Breaks all connections; new ones are taken. */
  cutAll(): void
  close(): Promise<void>
}

const LENGTH_BYTES = 4

/** Listens on loopback in front of a broker's port. */
export async function startProxy(listenPort: number, brokerPort: number): Promise<KafkaProxy> {
  const relays = new Set<Relay>()
  const held: { upstream: Socket; request: ProxiedRequest }[] = []
  const server: Server = createServer((client) => {
    if (proxy.refuses) return client.destroy()
    const relay = new Relay(client, connect(brokerPort, '127.0.0.1'))
    relays.add(relay)
    const fates: Record<RequestFate, (request: ProxiedRequest) => void> = {
      forward: ({ bytes }) => relay.upstream.write(bytes),
      'drop-reply': ({ bytes }) => {
        relay.upstream.once('data', () => relay.close())
        relay.muteReplies()
        relay.upstream.write(bytes)
      },
      hold: (request) => {
        held.push({ upstream: relay.upstream, request })
        relay.cutClient()
      },
      silence: () => relay.deafen(),
      mute: ({ bytes }) => {
        relay.muteReplies()
        relay.upstream.write(bytes)
      },
    }
    const onRequest = (request: ProxiedRequest): void => {
      if (relay.deaf) return
      const fate = proxy.decide(request)
      if (fate !== 'forward') proxy.caught.push(request)
      relay.later(proxy.latencyMs, () => fates[fate](request))
    }
    client.on('data', framing(onRequest))
  })
  const proxy: KafkaProxy = {
    port: listenPort,
    decide: () => 'forward',
    latencyMs: 0,
    refuses: false,
    caught: [],
    release: () =>
      Promise.all(held.splice(0).map(({ upstream, request }) => exchange(upstream, request.bytes))),
    connectionCount: () => relays.size,
    cutAll() {
      for (const relay of relays) relay.close()
    },
    async close() {
      for (const relay of relays) relay.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  await new Promise<void>((resolve) => server.listen(listenPort, '127.0.0.1', resolve))
  return proxy
}

/** One client's socket and the one to the broker that stands for it; when one ends, so does the other. */
class Relay {
  readonly upstream: Socket
  readonly #client: Socket
  #deaf = false
  /** When the last request that is under way arrives. */
  #arrival = 0
  readonly #reply = (bytes: Buffer): unknown => this.#client.write(bytes)
  readonly #onClientClose = (): unknown => this.upstream.destroy()

  constructor(client: Socket, upstream: Socket) {
    this.#client = client
    this.upstream = upstream
    upstream.on('data', this.#reply)
    upstream.on('close', () => client.destroy())
    client.on('close', this.#onClientClose)
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy())
  }

  /** Does something after a time, and never before what was to be done earlier. */
  later(ms: number, action: () => void): void {
    const now = performance.now()
    this.#arrival = Math.max(this.#arrival, now + ms)
    if (this.#arrival <= now) action()
    else setTimeout(action, this.#arrival - now)
  }

  /** Nothing that the client sends gets through any more. */
  get deaf(): boolean {
    return this.#deaf
  }

  deafen(): void {
    this.#deaf = true
  }

  muteReplies(): void {
    this.upstream.off('data', this.#reply)
  }

  /** Ends the client's socket alone. */
  cutClient(): void {
    this.muteReplies()
    this.#client.off('close', this.#onClientClose)
    this.#client.destroy()
  }

  close(): void {
    this.#client.destroy()
    this.upstream.destroy()
  }
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
