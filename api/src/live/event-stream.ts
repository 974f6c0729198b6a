import type { FastifyReply } from 'fastify'

/** Comments that keep proxies from closing a quiet stream. */
const HEARTBEAT_MS = 5_000

/** What a stream asks now and then: whether it may go on. */
export type MayGoOn = () => Promise<boolean>

/** A stream of server-sent events to one browser. */
export class EventStream {
  readonly #reply: FastifyReply
  readonly #timer: NodeJS.Timeout
  readonly #onEnd: Set<() => void>
  #isEnded: boolean

  /** @param mayGoOn asked every 5 s; the stream ends when it says no. A question that fails is asked again. */
  constructor(reply: FastifyReply, mayGoOn: MayGoOn) {
    this.#reply = reply
    this.#onEnd = new Set()
    this.#isEnded = false
    reply.hijack()
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    reply.raw.on('close', () => this.end())
    this.#timer = setInterval(() => void this.#beat(mayGoOn), HEARTBEAT_MS)
  }

  /** Sends one event. A browser that does not keep up misses events: each says all there is to say. */
  send(data: object): void {
    const { raw } = this.#reply
    if (this.#isEnded || raw.writableNeedDrain) return
    raw.write(`data: ${JSON.stringify(data)}\n\n`)
  }

  /** Calls back once when the stream has ended, for whatever reason. */
  onEnd(callback: () => void): void {
    this.#onEnd.add(callback)
  }

  /** Ends the stream. */
  end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    clearInterval(this.#timer)
    this.#reply.raw.end()
    for (const callback of this.#onEnd) callback()
  }

  async #beat(mayGoOn: MayGoOn): Promise<void> {
    const goesOn = await mayGoOn().catch(() => true)
    if (!goesOn) this.end()
    else if (!this.#isEnded && !this.#reply.raw.writableNeedDrain) this.#reply.raw.write(': still here\n\n')
  }
}
