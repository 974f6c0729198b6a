import { freePort } from '@millrace/stack'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from 'vitest'
import { startBroker, type TestBroker } from '../../it/wire/support/broker.ts'
import { type KafkaProxy, startProxy } from '../../it/wire/support/proxy.ts'
import { ExecutorProcess } from '../../support/executor-process.ts'
import { KafkaForTests } from '../../support/kafka.ts'
import { Flow } from './flow.ts'

/** A broker with a proxy before it, through which an executor reaches it; the test goes to the broker itself. */
export class BehindProxy {
  readonly proxy: KafkaProxy
  readonly kafka: KafkaForTests
  readonly redis: Redis
  readonly #redisUrl: string
  readonly #broker: TestBroker
  #executors = 0

  private constructor(
    proxy: KafkaProxy,
    kafka: KafkaForTests,
    redis: Redis,
    redisUrl: string,
    broker: TestBroker,
  ) {
    this.proxy = proxy
    this.kafka = kafka
    this.redis = redis
    this.#redisUrl = redisUrl
    this.#broker = broker
  }

  /** Starts broker and proxy, and empties Redis. */
  static async start(redisUrl: string): Promise<BehindProxy> {
    const [behindPort, proxyPort] = [await freePort(), await freePort()]
    const proxy = await startProxy(proxyPort, behindPort)
    const broker = await startBroker({
      listeners: [{ name: 'PROXIED', port: behindPort, advertisedPort: proxyPort, protocol: 'PLAINTEXT' }],
      properties: { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '1000' },
    })
    const redis = new Redis(redisUrl)
    await redis.flushall()
    return new BehindProxy(proxy, await KafkaForTests.connect(broker.address), redis, redisUrl, broker)
  }

  /** A flow that executors work at through the proxy. */
  deploy(): Promise<Flow> {
    return Flow.deploy(this.kafka, this.redis, { brokers: `127.0.0.1:${this.proxy.port}` })
  }

  executor(): ExecutorProcess {
    return ExecutorProcess.start(`behind-proxy-${++this.#executors}`, this.#redisUrl)
  }

  /** Lets a fault begin while something is under way. */
  async strike(flow: Flow, fault: () => unknown): Promise<void> {
    await flow.works(50)
    await fault()
    expect(await flow.inFlight()).toBeGreaterThan(0)
  }

  /** Lets everything through again. */
  heal(): void {
    this.proxy.decide = () => 'forward'
    this.proxy.latencyMs = 0
    this.proxy.refuses = false
    this.proxy.caught.length = 0
  }

  async end(): Promise<void> {
    this.redis.disconnect()
    await this.kafka.close()
    await this.proxy.close()
    await this.#broker.remove()
  }
}

/** What the tests of a file share: a world, and for each test an executor at work on a flow of its own. */
export interface Scene {
  world: BehindProxy
  flow: Flow
  executor: ExecutorProcess
}

/** Sets a scene for every test of a file, and clears it away. */
export function sceneBehindProxy(): Scene {
  const scene = {} as Scene
  beforeAll(async () => {
    scene.world = await BehindProxy.start(inject('servers').redis)
  })
  beforeEach(async () => {
    scene.executor = scene.world.executor()
    scene.flow = await scene.world.deploy()
    scene.flow.trickle()
    await scene.flow.works()
  })
  afterEach(async () => {
    scene.world.heal()
    await scene.flow.stop()
    await scene.executor.kill()
  })
  afterAll(() => scene.world.end())
  return scene
}
