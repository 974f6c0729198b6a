import { setTimeout as sleep } from 'node:timers/promises'
import type { DeploymentSpec, TaskReport } from '@millrace/contracts'
import { DEMO_SEED, demoPipeline } from '../../tests/support/demo.ts'
import type { ExecutorProcess } from '../../tests/support/executor-process.ts'
import {
  commitTimes,
  longestGap,
  movesBetween,
  runningTasks,
  spreadEvenly,
} from '../../tests/support/task-lives.ts'
import type { BenchCase, BenchContext, Figure } from '../support/bench-case.ts'
import { startBenchExecutor } from '../support/bench-executor.ts'
import { type BenchServers, startBenchServers } from '../support/bench-servers.ts'
import { DEMO_PARTITIONS, deployDemo } from '../support/demo/demo-deployment.ts'
import { OrderLoad } from '../support/demo/order-load.ts'

const PER_SECOND = 1_000
/** So long nothing happens between two changes: the gaps of this time are those without a change. */
const QUIET_MS = 5_000
const DEADLINE_MS = 180_000

/** One change of the fleet, in epoch ms, with the tasks as they were before and after it. */
interface Change {
  readonly from: number
  readonly to: number
  readonly before: readonly TaskReport[]
  readonly after: readonly TaskReport[]
  /** How long each executor took that had to end, s. */
  readonly drains: readonly number[]
}

/** What a change came to. */
interface Outcome {
  readonly gap: number
  readonly quiet: number
  readonly balanced: number
  readonly drain: number
  readonly moved: number
}

/** What tasks that do not move notice of executors that come and go. */
export const benchCase: BenchCase = {
  method:
    'the demo at 1,000 orders/s; executors are added and taken away by SIGTERM. Gap: longest time without a commit of a task that did not move, from the last commit before the change to its end, by the times at which Kafka got them; beside it the same of the 5 s before. Balanced: until every task runs and no executor has two tasks more than another one. Drain: longest time from SIGTERM to the end of the process',
  columns: [
    { key: 'gap', title: 'gap ms', digits: 0 },
    { key: 'quiet', title: 'gap before ms', digits: 0 },
    { key: 'balanced', title: 'balanced s', digits: 1 },
    { key: 'drain', title: 'drain s', digits: 2 },
    { key: 'moved', title: 'tasks moved', digits: 0 },
  ],
  async run(bench) {
    const servers = await startBenchServers(bench)
    const pipeline = demoPipeline()
    const spec = await deployDemo(servers, pipeline)
    const load = new OrderLoad({
      ...{ kafka: servers.kafka, topic: pipeline.topics.orders, partitions: DEMO_PARTITIONS },
      timing: { seed: DEMO_SEED, start: Date.now(), perSecond: PER_SECOND },
      sent() {},
    })
    const end = new AbortController()
    const loading = load.runUntil(Number.POSITIVE_INFINITY, end.signal)
    bench.atEnd(() => {
      end.abort()
      return loading.catch(() => {})
    })
    const fleet = new Fleet(bench, servers, spec)
    return Promise.race([scaleInTurn(bench, fleet), loading.then(() => [])])
  },
}

async function scaleInTurn(bench: BenchContext, fleet: Fleet): Promise<readonly Figure[]> {
  const outcomes = { grow: [] as Outcome[], roll: [] as Outcome[], shrink: [] as Outcome[] }
  await fleet.add(1)
  await fleet.isBalanced()
  for (let round = 1; round <= (bench.quick ? 1 : 3); round++) {
    bench.say(`round ${round}`)
    outcomes.grow.push(await fleet.change(() => fleet.add(3)))
    outcomes.roll.push(await fleet.change(() => fleet.replaceOne()))
    outcomes.shrink.push(await fleet.change(() => fleet.remove(3)))
  }
  return [
    figureOf('1 → 4 executors', outcomes.grow),
    figureOf('one of 4 executors replaced', outcomes.roll),
    figureOf('4 → 1 executors', outcomes.shrink),
  ]
}

/** The executors of the case. */
class Fleet {
  readonly #bench: BenchContext
  readonly #servers: BenchServers
  readonly #spec: DeploymentSpec
  #executors: ExecutorProcess[] = []
  #started = 0
  #drains: number[] = []

  constructor(bench: BenchContext, servers: BenchServers, spec: DeploymentSpec) {
    this.#bench = bench
    this.#servers = servers
    this.#spec = spec
  }

  /** Starts executors; resolves when they are up. */
  async add(count: number): Promise<void> {
    const ids = Array.from({ length: count }, () => `executor-${++this.#started}`)
    this.#executors.push(
      ...(await Promise.all(ids.map((id) => startBenchExecutor(id, this.#servers, this.#bench)))),
    )
  }

  /** Ends the newest executors. */
  async remove(count: number): Promise<void> {
    const leaving = this.#executors.splice(-count)
    await Promise.all(leaving.map((executor) => this.#end(executor)))
  }

  /** Ends the oldest executor, and starts another one. */
  async replaceOne(): Promise<void> {
    const [oldest] = this.#executors.splice(0, 1)
    if (oldest !== undefined) await this.#end(oldest)
    await this.isBalanced()
    await this.add(1)
  }

  /** Makes a change and waits until every task has found its place; tells what others noticed. */
  async change(make: () => Promise<void>): Promise<Outcome> {
    await sleep(QUIET_MS)
    this.#drains = []
    const before = await runningTasks(this.#servers, this.#spec)
    const from = Date.now()
    await make()
    const after = await this.isBalanced()
    const to = Date.now()
    return this.#outcome({ from, to, before, after, drains: this.#drains })
  }

  /** Waits until every task runs here, spread evenly; gives the tasks. */
  isBalanced(): Promise<readonly TaskReport[]> {
    return spreadEvenly(this.#servers, this.#spec, () => this.#executors.map(({ id }) => id), DEADLINE_MS)
  }

  async #end(executor: ExecutorProcess): Promise<void> {
    const began = performance.now()
    const code = await executor.stop()
    this.#drains.push((performance.now() - began) / 1000)
    if (code !== 0) throw new Error(`${executor.id} ended with ${code}`)
  }

  async #outcome({ from, to, before, after, drains }: Change): Promise<Outcome> {
    const { stayed } = movesBetween(before, after)
    const commits = await commitTimes(this.#servers.kafka, this.#spec)
    const longest = (since: number, until: number) =>
      Math.max(0, ...[...stayed].map((name) => longestGap(commits.get(name) ?? [], since, until)))
    return {
      ...{ gap: longest(from, to), quiet: longest(from - QUIET_MS, from), balanced: (to - from) / 1000 },
      ...{ drain: Math.max(0, ...drains), moved: after.length - stayed.size },
    }
  }
}

function figureOf(name: string, outcomes: readonly Outcome[]): Figure {
  const keys = ['gap', 'quiet', 'balanced', 'drain', 'moved'] as const
  const samples = Object.fromEntries(keys.map((key) => [key, outcomes.map((outcome) => outcome[key])]))
  return { name, samples, goal: { column: 'gap', kind: 'at most', value: 1_000 } }
}
