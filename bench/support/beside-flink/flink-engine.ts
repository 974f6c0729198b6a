import path from 'node:path'
import { type RunningFlink, startFlink } from '@millrace/stack'
import type { BenchContext } from '../bench-case.ts'
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
import { flinkStatements } from './flink-sql.ts'
import { COMPARED_GRAPHS, type ComparedGraph } from './graphs.ts'
import type { SharedServers } from './servers.ts'
import { cancelJob, jobState, SqlSession } from './sql-gateway.ts'

/** A session cluster of one JobManager and one TaskManager, told SQL through its gateway. */
export class FlinkEngine implements Engine {
  readonly name = 'Flink'
  readonly #bench: BenchContext
  readonly #servers: SharedServers
  readonly #cores: Cores
  #cluster: RunningFlink | null = null
  #jobs = 0

  constructor(bench: BenchContext, servers: SharedServers, cores: Cores) {
    this.#bench = bench
    this.#servers = servers
    this.#cores = cores
    bench.atEnd(() => this.stop())
  }

  async start(round: number): Promise<void> {
    const { folder, cacheDir } = this.#servers
    this.#cluster = await startFlink({
      ...{ folder: path.join(folder, `flink-${round}`), cacheDir, slots: this.#cores.count },
      launcher: boundTo(this.#cores.engine),
      report: ({ label, step }) => {
        if (step === 'installing') this.#bench.say(`${label}: fetching jars`)
      },
    })
  }

  async run(graph: ComparedGraph, topics: InputTopics, results: string): Promise<EngineJob> {
    const cluster = this.#running()
    const { kafka } = this.#servers
    const name = `flink-${graph.id}-${++this.#jobs}`
    const session = await SqlSession.open(cluster.gateway, { ...JOB_SETTINGS, ...graph.settings })
    const names = namesOf(topics)
    let job: string | null = null
    for (const statement of flinkStatements(graph, {
      brokers: kafka.address,
      topics: names,
      results,
      job: name,
    })) {
      job = (await session.run(statement)) ?? job
    }
    if (job === null) throw new Error('Flink has started no job')
    return this.#job(cluster, session, { inputs: countedInputs(graph, topics), name, job })
  }

  async stop(): Promise<void> {
    await this.#cluster?.stop()
    this.#cluster = null
  }

  #job(
    cluster: RunningFlink,
    session: SqlSession,
    { inputs, name, job }: { inputs: readonly InputTopic[]; name: string; job: string },
  ): EngineJob {
    const { kafka, port } = this.#servers
    const partitions = partitionsOf(inputs)
    return {
      pids: cluster.pids(),
      helperPids: [],
      committed: async () => {
        const { state, reason } = await jobState(cluster.rest, job)
        if (reason !== '' || state === 'FAILED')
          throw new Error(`the job of Flink has failed: ${reason.slice(0, 2_000)}`)
        const offsets = await kafka.client.committedOffsets(name, partitions)
        return offsets.reduce((sum, { offset }) => sum + (offset ?? 0), 0)
      },
      stop: async () => {
        await cancelJob(cluster.rest, job)
        await session.close()
        await port.deleteGroups([name])
      },
    }
  }

  #running(): RunningFlink {
    if (this.#cluster === null) throw new Error('Flink does not run')
    return this.#cluster
  }
}

/**
 * What a job of Flink is run with; all else is Flink's default. State is on the heap, as by default; a failed job is not
 * started again, so that a failure is seen.
 */
const JOB_SETTINGS = {
  'execution.checkpointing.interval': '2 s',
  'table.local-time-zone': 'UTC',
  'restart-strategy.type': 'none',
}

/** The graph that warms up a fresh cluster, since jobs of it share its compiled code. */
export const FLINK_WARM_UP = COMPARED_GRAPHS[0] as ComparedGraph
