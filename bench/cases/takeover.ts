import { setTimeout as sleep } from 'node:timers/promises'
import type { DeploymentSpec } from '@millrace/contracts'
import { DEMO_SEED, demoPipeline } from '../../tests/support/demo.ts'
import type { BenchCase, BenchContext } from '../support/bench-case.ts'
import { startBenchExecutor } from '../support/bench-executor.ts'
import { type BenchServers, startBenchServers } from '../support/bench-servers.ts'
import {
  DEMO_PARTITIONS,
  deployDemo,
  everyTaskRunsOn,
  runningTasks,
} from '../support/demo/demo-deployment.ts'
import { OrderLoad } from '../support/demo/order-load.ts'

const PER_SECOND = 200
/** Between everybody being at work and the next kill: tasks have state and a copy of it by then. */
const AT_WORK_MS = 5_000

/** How long nobody works on the tasks of an executor that was killed. */
export const benchCase: BenchCase = {
  method:
    'the demo at 200 orders/s on two executor processes; one is killed (SIGKILL), and a new one started once the other has taken over; from the kill to the moment at which the other one reports all tasks of the dead one as running, restored and at work; 10 kills',
  columns: [
    { key: 's', title: 's', digits: 1 },
    { key: 'max', title: 'slowest', digits: 1 },
    { key: 'moved', title: 'tasks moved', digits: 0 },
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
    const kills = await Promise.race([killInTurn(bench, servers, spec), loading.then(() => [])])
    const seconds = kills.map(({ ms }) => ms / 1000)
    const samples = { s: seconds, max: [Math.max(...seconds)], moved: kills.map(({ moved }) => moved) }
    return [{ name: 'SIGKILL of an executor → its tasks run', samples, goal: WITHIN_5_S }]
  },
}

const WITHIN_5_S = { column: 'max', kind: 'at most', value: 5 } as const

async function killInTurn(
  bench: BenchContext,
  servers: BenchServers,
  spec: DeploymentSpec,
): Promise<{ ms: number; moved: number }[]> {
  const kills: { ms: number; moved: number }[] = []
  let one = await startBenchExecutor('executor-0', servers, bench)
  for (let i = 1; i <= (bench.quick ? 2 : 10); i++) {
    const other = await startBenchExecutor(`executor-${i}`, servers, bench)
    await everyTaskRunsOn(servers, spec, [one.id, other.id])
    await sleep(AT_WORK_MS)
    const moved = (await runningTasks(servers, spec)).get(one.id) ?? 0
    bench.say(`kill ${i}: ${moved} tasks have to move`)
    const killed = Date.now()
    void one.kill()
    await everyTaskRunsOn(servers, spec, [other.id])
    kills.push({ ms: Date.now() - killed, moved })
    one = other
  }
  return kills
}
