import { setTimeout as sleep } from 'node:timers/promises'
import { waitFor } from '../../tests/support/wait-for.ts'
import type { BenchCase, BenchContext, Column, Figure, Goal } from '../support/bench-case.ts'
import { allowedCores, type Cores, shareCores } from '../support/beside-flink/cores.ts'
import type { InputTopics } from '../support/beside-flink/engine.ts'
import { order, orderIdOf, PARTITIONS } from '../support/beside-flink/events.ts'
import { COMPARED_GRAPHS, type ComparedGraph, select } from '../support/beside-flink/graphs.ts'
import { fillInputs } from '../support/beside-flink/inputs.ts'
import { MillraceEngine } from '../support/beside-flink/millrace-engine.ts'
import { ProgressWatch } from '../support/beside-flink/progress.ts'
import {
  type SharedServers,
  startElasticsearch,
  startSharedServers,
} from '../support/beside-flink/servers.ts'
import { SearchWatch } from '../support/demo/search-watch.ts'
import { Delays } from '../support/latency/delays.ts'
import { backlogRate, type LoadTimes, liveDelays, scheduleOf } from '../support/latency/live-run.ts'
import { dueAt, sendOrders } from '../support/latency/order-load.ts'
import { IndexedCount, searchableGraph } from '../support/latency/searchable.ts'
import type { SentOrders } from '../support/latency/send-orders.ts'

const WITHIN_250_MS: Goal = { column: 'p99', kind: 'at most', value: 250 }
const WITHIN_2_S: Goal = { column: 'p99', kind: 'at most', value: 2_000 }
const LOOKED_FOR_PER_SECOND = 50
const DEADLINE_MS = 120_000
/** Of an order that comes again soon only the last one may be sent to Elasticsearch. */
const DISTINCT = 0.98

const COLUMNS: readonly Column[] = [
  { key: 'p50', title: 'p50 ms', digits: 0 },
  { key: 'p99', title: 'p99 ms', digits: 0 },
  { key: 'max', title: 'max ms', digits: 0 },
  { key: 'rate', title: 'orders/s', digits: 0 },
  { key: 'count', title: 'measured', digits: 0 },
]

/** Delays at half of what an executor can do. */
export const benchCase: BenchCase = {
  method:
    'for each pipeline first its speed over a backlog of orders of 260 bytes (200,000 of them into Elasticsearch, 500,000 into Kafka), then half of that as a load by a fixed schedule from a process of its own; every delay counts from the moment at which an order was to be sent, to the moment at which a read_committed reader has its result, or a search finds it. 15 s to warm up, 45 s measured. The executor on half of the machine’s cores, with Redis; broker, Elasticsearch, load and measurement on the others. Of orders into Elasticsearch 50 in each second are looked for by id, one search after the other; refresh interval 1 s. The load’s own delay, from the scheduled moment to the broker’s answer, is part of the others',
  columns: COLUMNS,
  async run(bench) {
    const cores = shareCores(allowedCores())
    const servers = await startSharedServers(bench, cores)
    const run = new LatencyRun(bench, servers, cores)
    return [...(await run.kafkaToKafka()), ...(await run.searchable())]
  },
}

/** Graphs that answer each order at once, with its time in the results. */
const GRAPHS: readonly ComparedGraph[] = COMPARED_GRAPHS.filter(({ id }) =>
  ['filter', 'dedupe', 'enrich'].includes(id),
).map((graph) => ({
  ...graph,
  nodes: { ...graph.nodes, project: select(...graph.columns.map(({ name }) => name), 'ts') },
}))

class LatencyRun {
  readonly #bench: BenchContext
  readonly #servers: SharedServers
  readonly #cores: Cores
  readonly #times: LoadTimes
  readonly #engine: MillraceEngine

  constructor(bench: BenchContext, servers: SharedServers, cores: Cores) {
    this.#bench = bench
    this.#servers = servers
    this.#cores = cores
    this.#engine = new MillraceEngine(bench, servers, cores)
    this.#times = bench.quick ? { warmUpMs: 5_000, ms: 10_000 } : { warmUpMs: 15_000, ms: 45_000 }
  }

  async kafkaToKafka(): Promise<Figure[]> {
    const topics = await this.#fill('kafka', 500_000)
    const figures: Figure[] = []
    for (const graph of GRAPHS) {
      const rate = await backlogRate(this.#engine, graph, topics, this.#servers)
      const perSecond = this.#half(graph.name, rate)
      const live = await this.#liveTopic(graph.id)
      const liveTopics = { ...topics, orders: { ...topics.orders, topic: live } }
      const load = { perSecond, times: this.#times, servers: this.#servers, bench: this.#bench }
      const { delays, sent } = await liveDelays(this.#engine, graph, liveTopics, load)
      figures.push(
        delays.figure(`Kafka → Kafka: ${graph.name}`, perSecond, WITHIN_250_MS),
        loadFigure(sent, perSecond),
      )
      await this.#servers.port.deleteTopics([live])
    }
    return figures
  }

  async searchable(): Promise<Figure[]> {
    const topics = await this.#fill('elasticsearch', 200_000)
    const elasticsearch = await startElasticsearch(this.#bench, this.#servers, this.#cores)
    const rate = await this.#indexingRate(topics, elasticsearch)
    const perSecond = this.#half('Elasticsearch', rate)
    const live = await this.#liveTopic('searchable')
    const job = await this.#deploy(live, 'live', elasticsearch, topics)
    const schedule = scheduleOf(perSecond, this.#times)
    const delays = new Delays(schedule.from, schedule.end)
    const watch = new SearchWatch(elasticsearch, 'live')
    watch.start()
    this.#bench.atEnd(() => watch.stop())
    const abort = new AbortController()
    this.#bench.atEnd(() => abort.abort())
    const sending = sendOrders(this.#servers.kafka.address, live, schedule, abort.signal)
    const due = new Map<string, number>()
    const step = Math.max(1, Math.round(perSecond / LOOKED_FOR_PER_SECOND))
    for (let i = 0; dueAt(schedule, i) < schedule.end; i += step) {
      const at = dueAt(schedule, i)
      await sleep(at - Date.now())
      // A repeat is of an order that can be found already.
      if (at < schedule.from || !order(i).value.includes(orderIdOf(i))) continue
      due.set(orderIdOf(i), at)
      watch.expect(orderIdOf(i), at)
    }
    const sent = await sending
    await waitFor('every order that was looked for is found', () => watch.missing === 0, DEADLINE_MS)
    for (const [id, at] of due) delays.note(at, at + (watch.delays.get(id) ?? Number.NaN))
    await job.stop()
    return [delays.figure('order → searchable', perSecond, WITHIN_2_S), loadFigure(sent, perSecond)]
  }

  /** Documents per second over a backlog. */
  async #indexingRate(topics: InputTopics, elasticsearch: string): Promise<number> {
    const count = new IndexedCount(elasticsearch)
    const job = await this.#deploy(topics.orders.topic, 'backlog', elasticsearch, topics)
    try {
      const watch = new ProgressWatch(
        { ...job, committed: () => count.read() },
        Math.floor(topics.orders.records * DISTINCT),
      )
      await watch.untilRead()
      return watch.run(null).eventsPerSecond
    } finally {
      await count.close()
      await job.stop()
    }
  }

  #deploy(topic: string, alias: string, elasticsearch: string, topics: InputTopics) {
    return this.#engine.deploy(
      {
        graph: searchableGraph(topic, alias),
        ...{ partitions: { orders: PARTITIONS }, topics: { orders: topic } },
        ...{ kafka: this.#servers.kafka, elasticsearch },
      },
      [{ ...topics.orders, topic }],
    )
  }

  /** Orders for a backlog, and reference data. */
  #fill(prefix: string, events: number): Promise<InputTopics> {
    const few = this.#bench.quick ? events / 10 : events
    this.#bench.say(`writing ${few.toLocaleString('en')} orders`)
    return fillInputs(this.#servers.kafka, prefix, few, new Set(['orders', 'users']))
  }

  #half(name: string, rate: number): number {
    const perSecond = Math.max(1, Math.floor(rate / 2))
    this.#bench.say(`${name}: half of ${Math.round(rate).toLocaleString('en')} a second`)
    return perSecond
  }

  async #liveTopic(id: string): Promise<string> {
    const topic = `live-orders-${id}`
    await this.#servers.kafka.createTopic(topic, PARTITIONS)
    return topic
  }
}

/** How much of the delays is the load's own. */
function loadFigure({ orders, p50, p99, max }: SentOrders, perSecond: number): Figure {
  const samples = { p50: [p50], p99: [p99], max: [max], rate: [perSecond], count: [orders] }
  return { name: '· of that the load’s own, to the broker', samples }
}
