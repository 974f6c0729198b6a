import { setTimeout as sleep } from 'node:timers/promises'
import type { GraphNode, PipelineGraph } from '@millrace/graph'
import { DEMO_OUT_OF_ORDERNESS_MS, type DemoTiming, type OracleWindow } from '@millrace/testkit'
import { DEMO_SEED, type DemoPipeline, demoPipeline } from '../../tests/support/demo.ts'
import type { ExecutorProcess } from '../../tests/support/executor-process.ts'
import { TopicReader } from '../../tests/support/kafka.ts'
import { waitFor } from '../../tests/support/wait-for.ts'
import type { BenchCase, BenchContext, Figure, Goal } from '../support/bench-case.ts'
import { startBenchExecutor } from '../support/bench-executor.ts'
import { type BenchServers, startBenchServers } from '../support/bench-servers.ts'
import { DEMO_PARTITIONS, deployDemo, everyTaskRunsOn } from '../support/demo/demo-deployment.ts'
import { type DueOrder, OrderLoad } from '../support/demo/order-load.ts'
import { SearchWatch } from '../support/demo/search-watch.ts'
import { WatermarkTimes } from '../support/demo/watermark-times.ts'
import { cpuSeconds, peakMegabytes } from '../support/process-usage.ts'
import { quantile } from '../support/statistics.ts'

const PER_SECOND = 200
const WINDOW_MS = 10_000
/** Every so manieth order is looked for. */
const LOOKED_FOR = 4
const DEADLINE_MS = 60_000
const WITHIN_2_S: Goal = { column: 'p99', kind: 'at most', value: 2_000 }

/** The demo, as a person who waits for results sees it. */
export const benchCase: BenchCase = {
  method:
    'orders are sent by a fixed schedule and every delay counts from the scheduled moment; 30 s to warm up, 120 s measured; refresh interval 1 s, commit interval 100 ms. Searchable: every 4th order is looked for by its id, one search after the other, until one finds it. Window result: windows of 10 s instead of 5 min; from the moment at which the last of the 4 partitions is sent its first order 5 s (the out-of-orderness) beyond the window’s end, to the row’s last record in the hands of a read_committed reader of orders-per-region',
  columns: [
    { key: 'p50', title: 'p50 ms', digits: 0 },
    { key: 'p99', title: 'p99 ms', digits: 0 },
    { key: 'max', title: 'max ms', digits: 0 },
    { key: 'count', title: 'measured', digits: 0 },
    { key: 'cpu', title: '% of a core', digits: 0 },
    { key: 'peak', title: 'peak MB', digits: 0 },
  ],
  async run(bench) {
    const run = await DemoRun.prepare(bench)
    return run.measure(bench.quick ? { warmUpMs: 5_000, ms: 25_000 } : { warmUpMs: 30_000, ms: 120_000 })
  },
}

class DemoRun {
  readonly #bench: BenchContext
  readonly #executors: readonly ExecutorProcess[]
  readonly #search: SearchWatch
  readonly #watermark = new WatermarkTimes(DEMO_PARTITIONS, WINDOW_MS, DEMO_OUT_OF_ORDERNESS_MS)
  readonly #load: OrderLoad
  readonly #timing: DemoTiming
  /** By window end and region: when the last record of the row was read, epoch ms; the ones before are early results. */
  readonly #rowsSeen = new Map<number, Map<string | null, number>>()
  #measureFrom = Number.POSITIVE_INFINITY
  #measureTo = Number.POSITIVE_INFINITY

  private constructor(
    bench: BenchContext,
    { kafka, addresses }: BenchServers,
    { topics, alias }: DemoPipeline,
    executors: readonly ExecutorProcess[],
  ) {
    this.#bench = bench
    this.#executors = executors
    this.#search = new SearchWatch(addresses.elasticsearch, alias)
    this.#timing = { seed: DEMO_SEED, start: Date.now(), perSecond: PER_SECOND }
    this.#load = new OrderLoad({
      ...{ kafka, topic: topics.orders, partitions: DEMO_PARTITIONS, timing: this.#timing },
      sent: (order) => this.#sent(order),
    })
  }

  static async prepare(bench: BenchContext): Promise<DemoRun> {
    const servers = await startBenchServers(bench)
    const pipeline = withShortWindows(demoPipeline())
    const spec = await deployDemo(servers, pipeline)
    const ids = ['executor-1', 'executor-2']
    const executors = await Promise.all(ids.map((id) => startBenchExecutor(id, servers, bench)))
    await everyTaskRunsOn(servers, spec, ids)
    const run = new DemoRun(bench, servers, pipeline, executors)
    await run.#readResults(servers, pipeline.topics['orders-per-region'])
    return run
  }

  async measure({ warmUpMs, ms }: { warmUpMs: number; ms: number }): Promise<Figure[]> {
    this.#measureFrom = this.#timing.start + warmUpMs
    this.#measureTo = this.#measureFrom + ms
    this.#search.start()
    this.#bench.atEnd(() => this.#search.stop())
    const usage = this.#usage()
    this.#bench.say(`warming up, then measuring for ${ms / 1000} s`)
    await this.#load.runUntil(this.#measureTo)
    await waitFor('every order that was looked for is found', () => this.#search.missing === 0, DEADLINE_MS)
    // Until everyone's next commit: rows of the last window are then read.
    await sleep(2_000)
    const rows = this.#rowDelays()
    if (rows.length === 0) throw new Error('no window closed while it was measured')
    return [
      delayFigure('produce → searchable in Elasticsearch', [...this.#search.delays.values()], WITHIN_2_S),
      delayFigure('watermark passes → window result read', rows, WITHIN_2_S),
      delayFigure('(time between two searches)', this.#search.gaps),
      ...(await usage),
    ]
  }

  /** CPU of each executor from the end of the warm-up to the end of the load. */
  async #usage(): Promise<Figure[]> {
    await sleep(this.#measureFrom - Date.now())
    const before = this.#executors.map(({ pid }) => cpuSeconds(pid))
    await sleep(this.#measureTo - Date.now())
    const seconds = (this.#measureTo - this.#measureFrom) / 1000
    return this.#executors.map(({ id, pid }, i) => {
      const cpu = (100 * (cpuSeconds(pid) - (before[i] ?? 0))) / seconds
      return { name: id, samples: { cpu: [cpu], peak: [peakMegabytes(pid)] } }
    })
  }

  #sent({ order, due, partition }: DueOrder): void {
    this.#watermark.sent(partition, order.ts, due)
    if (!this.#isMeasured(due) || !isLookedFor(order.orderId, due, this.#timing)) return
    if (!order.userId.startsWith('healthcheck')) this.#search.expect(order.orderId, due)
  }

  async #readResults({ kafka }: BenchServers, topic: string): Promise<void> {
    const reader = await TopicReader.open(kafka.client, topic)
    this.#bench.atEnd(() => reader.stop())
    reader.start((value) => {
      const { window_end: end, region } = JSON.parse(value ?? 'null') as OracleWindow
      const seen = this.#rowsSeen.get(end) ?? new Map<string | null, number>()
      this.#rowsSeen.set(end, seen.set(region, Date.now()))
    })
  }

  #rowDelays(): number[] {
    return [...this.#watermark.passed].flatMap(([end, passed]) => {
      if (!this.#isMeasured(passed)) return []
      const seen = this.#rowsSeen.get(end)
      if (seen === undefined) throw new Error(`no result of the window that ends at ${end} was read`)
      return [...seen.values()].map((at) => at - passed)
    })
  }

  #isMeasured(at: number): boolean {
    return at >= this.#measureFrom && at < this.#measureTo
  }
}

/** Repeats of an earlier order are not looked for: it is there already. */
function isLookedFor(orderId: string, due: number, { start, perSecond }: DemoTiming): boolean {
  const number = Math.round(((due - start) * perSecond) / 1000)
  return number % LOOKED_FOR === 0 && orderId === `o-${number}`
}

function withShortWindows(pipeline: DemoPipeline): DemoPipeline {
  const shorten = (node: GraphNode): GraphNode =>
    node.type === 'window' ? { ...node, config: { ...node.config, size: WINDOW_MS } } : node
  const graph: PipelineGraph = { ...pipeline.graph, nodes: pipeline.graph.nodes.map(shorten) }
  return { ...pipeline, graph }
}

function delayFigure(name: string, delays: readonly number[], goal?: Goal): Figure {
  const samples = {
    p50: [quantile(delays, 0.5)],
    p99: [quantile(delays, 0.99)],
    max: [Math.max(...delays)],
    count: [delays.length],
  }
  return { name, samples, raw: delays, ...(goal && { goal }) }
}
