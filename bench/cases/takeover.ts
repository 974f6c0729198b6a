import { setTimeout as sleep } from 'node:timers/promises'
import { type DeploymentSpec, type ExecutorHeartbeat, redisKeys } from '@millrace/contracts'
import { DEMO_SEED, demoPipeline } from '../../tests/support/demo.ts'
import { nameOf, runningTasks } from '../../tests/support/task-lives.ts'
import type { BenchCase, BenchContext, Figure } from '../support/bench-case.ts'
import { startBenchExecutor } from '../support/bench-executor.ts'
import { type BenchServers, startBenchServers } from '../support/bench-servers.ts'
import { DEMO_PARTITIONS, deployDemo, everyTaskRunsOn } from '../support/demo/demo-deployment.ts'
import { OrderLoad } from '../support/demo/order-load.ts'

const PER_SECOND = 200
/** Between everybody being at work and the next kill: tasks have state and a copy of it by then. */
const AT_WORK_MS = 5_000

/** A kill: how many tasks it stopped, and how long it took until all of them ran again. */
interface Kill {
  readonly ms: number
  readonly tasks: number
}

/** How long nobody works on the tasks of a process that was killed. */
export const benchCase: BenchCase = {
  method:
    'the demo at 200 orders/s on two executors; from the kill (SIGKILL) to the moment at which the last of the tasks that it stopped is restored and at work, as the tasks note it. Worker process: the one of the pipeline, which its executor replaces. Executor: all of its processes, the other one takes over; then a new one is started; 10 kills each',
  columns: [
    { key: 's', title: 's', digits: 1 },
    { key: 'max', title: 'slowest', digits: 1 },
    { key: 'tasks', title: 'tasks', digits: 0 },
  ],
  async run(bench) {
    const servers = await startBenchServers(bench)
    const pipeline = demoPipeline()
    const spec = await deployDemo(servers, pipeline)
    const timing = { seed: DEMO_SEED, start: Date.now(), perSecond: PER_SECOND }
    const topic = pipeline.topics.orders
    const load = new OrderLoad({
      kafka: servers.kafka,
      topic,
      partitions: DEMO_PARTITIONS,
      timing,
      sent() {},
    })
    const end = new AbortController()
    const loading = load.runUntil(Number.POSITIVE_INFINITY, end.signal)
    bench.atEnd(() => {
      end.abort()
      return loading.catch(() => {})
    })
    return Promise.race([killInTurn(bench, servers, spec), loading.then(() => [])])
  },
}

async function killInTurn(
  bench: BenchContext,
  servers: BenchServers,
  spec: DeploymentSpec,
): Promise<readonly Figure[]> {
  const workers: Kill[] = []
  const executors: Kill[] = []
  const kills = new Kills(servers, spec)
  let one = await startBenchExecutor('executor-0', servers, bench)
  for (let i = 1; i <= (bench.quick ? 2 : 10); i++) {
    bench.say(`kills ${i}`)
    const other = await startBenchExecutor(`executor-${i}`, servers, bench)
    await everyTaskRunsOn(servers, spec, [one.id, other.id])
    const worker = await kills.workerOf(one.id)
    workers.push(await kills.after(() => process.kill(worker, 'SIGKILL'), one.id, [one.id, other.id]))
    executors.push(await kills.after(() => void one.kill(), one.id, [other.id]))
    one = other
  }
  return [
    figureOf('SIGKILL of a worker process → its tasks run', workers, 1.5),
    figureOf('SIGKILL of an executor → its tasks run', executors, 5),
  ]
}

class Kills {
  readonly #servers: BenchServers
  readonly #spec: DeploymentSpec

  constructor(servers: BenchServers, spec: DeploymentSpec) {
    this.#servers = servers
    this.#spec = spec
  }

  /** The process id of an executor's worker. */
  async workerOf(executor: string): Promise<number> {
    const text = await this.#servers.redis.hget(redisKeys.executors, executor)
    const [worker] = (JSON.parse(text ?? '{"workers":[]}') as ExecutorHeartbeat).workers
    if (worker === undefined) throw new Error(`${executor} has no worker`)
    return worker.pid
  }

  /** Kills once everybody has been at work, and waits until the tasks of the dead one run where they should then. */
  async after(kill: () => void, dead: string, alive: readonly string[]): Promise<Kill> {
    await sleep(AT_WORK_MS)
    const before = await runningTasks(this.#servers, this.#spec)
    const tasks = new Set(before.filter(({ executor }) => executor === dead).map(nameOf))
    const after = Date.now()
    kill()
    const reports = await everyTaskRunsOn(this.#servers, this.#spec, alive, { tasks, after })
    const stopped = reports.filter((report) => tasks.has(nameOf(report)))
    return { ms: Math.max(...stopped.map(({ since }) => since)) - after, tasks: tasks.size }
  }
}

function figureOf(name: string, kills: readonly Kill[], goal: number): Figure {
  const seconds = kills.map(({ ms }) => ms / 1000)
  const samples = { s: seconds, max: [Math.max(...seconds)], tasks: kills.map(({ tasks }) => tasks) }
  return { name, samples, goal: { column: 'max', kind: 'at most', value: goal } }
}
