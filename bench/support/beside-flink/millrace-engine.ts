import { type DeploymentSpec, redisKeys, topicNames } from '@millrace/contracts'
import { createDeployment, type TestDeployment, writeDesired } from '../../../tests/support/deployment.ts'
import type { ExecutorProcess } from '../../../tests/support/executor-process.ts'
import type { BenchContext } from '../bench-case.ts'
import { startBenchExecutor } from '../bench-executor.ts'
import { boundTo, type Cores } from './cores.ts'
import {
  countedInputs,
  type Engine,
  type EngineJob,
  type InputTopic,
  type InputTopics,
  namesOf,
  partitionsOf,
} from './engine.ts'
import { type ComparedGraph, millraceGraph } from './graphs.ts'
import type { SharedServers } from './servers.ts'

/** One executor for each core, fresh for each job; its state copied to Redis. */
export class MillraceEngine implements Engine {
  readonly name = 'Millrace'
  readonly #bench: BenchContext
  readonly #servers: SharedServers
  readonly #cores: Cores
  #jobs = 0

  constructor(bench: BenchContext, servers: SharedServers, cores: Cores) {
    this.#bench = bench
    this.#servers = servers
    this.#cores = cores
  }

  /** Executors start with each job. */
  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  async run(graph: ComparedGraph, topics: InputTopics, results: string): Promise<EngineJob> {
    const { kafka } = this.#servers
    const { orders, payments } = topics
    const names = namesOf(topics)
    const joined = graph.inputs.includes('payments')
    const enriched = Object.keys(graph.nodes).includes('enrich')
    return this.deploy(
      {
        graph: millraceGraph(graph, names, results),
        partitions: { orders: orders.partitions, ...(joined && { payments: payments.partitions }) },
        topics: {
          ...{ orders: names.orders, results },
          ...(joined && { payments: names.payments }),
          ...(enriched && { enrich: names.users }),
        },
        kafka,
      },
      countedInputs(graph, topics),
    )
  }

  /** Runs any pipeline; `inputs` are the topics whose positions tell how far it is. */
  async deploy(deployment: TestDeployment, inputs: readonly InputTopic[]): Promise<EngineJob> {
    await this.#emptyRedis()
    const spec = await createDeployment(deployment)
    const executors = await this.#startExecutors()
    await writeDesired(this.#servers.redis, spec)
    return this.#job(inputs, executors, spec)
  }

  async #emptyRedis(): Promise<void> {
    const { redis } = this.#servers
    await redis.flushall()
    await redis.call('MEMORY', 'PURGE')
    await redis.set(redisKeys.incarnation, JSON.stringify({ id: 'bench', at: 0 }))
  }

  async #startExecutors(): Promise<ExecutorProcess[]> {
    const addresses = { redis: this.#servers.redisUrl }
    const job = ++this.#jobs
    const ids = Array.from({ length: this.#cores.count }, (_, i) => `bench-${job}-${i}`)
    return Promise.all(
      ids.map((id) => startBenchExecutor(id, { addresses }, this.#bench, boundTo(this.#cores.engine))),
    )
  }

  #job(
    inputs: readonly InputTopic[],
    executors: readonly ExecutorProcess[],
    spec: DeploymentSpec,
  ): EngineJob {
    const { kafka, redis, port, redisPid } = this.#servers
    const partitions = partitionsOf(inputs)
    // A position is in the group of the stage that reads the topic.
    const groups = spec.plan.stages.map(({ id }) => topicNames.group(spec, id))
    return {
      pids: executors.map(({ pid }) => pid),
      helperPids: [redisPid],
      committed: async () => {
        const ended = executors.find(({ alive }) => !alive)
        if (ended) throw new Error(`an executor has ended: ${ended.output.slice(-2_000)}`)
        const offsets = await Promise.all(
          groups.map((group) => kafka.client.committedOffsets(group, partitions)),
        )
        return offsets.flat().reduce((sum, { offset }) => sum + (offset ?? 0), 0)
      },
      stop: async () => {
        await redis.srem(redisKeys.deployments, spec.deployment)
        // Only a process that ends by itself writes its profile.
        const end = (each: ExecutorProcess) => (this.#bench.profiles === null ? each.kill() : each.stop())
        await Promise.all(executors.map(end))
        const topics = await port.listTopics()
        await port.deleteTopics(
          topics.map(({ name }) => name).filter((name) => name.includes(spec.deployment)),
        )
      },
    }
  }
}
