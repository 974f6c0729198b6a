import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** A TCP proxy in front of Redis that can lose the answers to what Redis has done. */
export class RedisGate {
  /** Answers that were lost. */
  lost = 0
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #toLose = 0

  private constructor(port: number) {
    this.#server = createServer((client) => this.#relay(client, connect(port, '127.0.0.1')))
  }

  /** Listens on loopback in front of a Redis on this port. */
  static async open(port: number): Promise<RedisGate> {
    const gate = new RedisGate(port)
    await new Promise<void>((resolve) => gate.#server.listen(0, '127.0.0.1', resolve))
    return gate
  }

  /** What clients connect to. */
  get address(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** So many connections are cut when the next answer comes, which is lost with them. */
  loseAnswers(count: number): void {
    this.#toLose = count
  }

  /** Ends it. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #relay(client: Socket, redis: Socket): void {
    const both = [client, redis]
    client.on('data', (bytes) => redis.write(bytes))
    redis.on('data', (bytes) => {
      if (this.#toLose === 0) return client.write(bytes)
      this.#toLose--
      this.lost++
      return client.destroy()
    })
    for (const socket of both) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        for (const other of both) other.destroy()
      })
    }
  }
}
