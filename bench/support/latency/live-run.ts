import { setTimeout as sleep } from 'node:timers/promises'
import { TopicReader } from '../../../tests/support/kafka.ts'
import type { BenchContext } from '../bench-case.ts'
import type { InputTopics } from '../beside-flink/engine.ts'
import { PARTITIONS } from '../beside-flink/events.ts'
import type { ComparedGraph } from '../beside-flink/graphs.ts'
import type { MillraceEngine } from '../beside-flink/millrace-engine.ts'
import { ProgressWatch } from '../beside-flink/progress.ts'
import type { SharedServers } from '../beside-flink/servers.ts'
import { Delays, dueIn } from './delays.ts'
import { type OrderSchedule, sendOrders } from './order-load.ts'
import type { SentOrders } from './send-orders.ts'

/** How long a load warms up and how long it is measured. */
export interface LoadTimes {
  readonly warmUpMs: number
  readonly ms: number
}

/** A load begins so long after it is asked for: its process has to start. */
const LEAD_MS = 5_000
/** What is sent last comes within this, or counts as lost. */
const TAIL_MS = 3_000

/** Events per second that an engine does of a backlog. */
export async function backlogRate(
  engine: MillraceEngine,
  graph: ComparedGraph,
  topics: InputTopics,
  servers: SharedServers,
): Promise<number> {
  const results = `backlog-${graph.id}`
  await servers.kafka.createTopic(results, PARTITIONS)
  const job = await engine.run(graph, topics, results)
  try {
    const watch = new ProgressWatch(job, topics.orders.records)
    await watch.untilRead()
    return watch.run(null).eventsPerSecond
  } finally {
    await job.stop()
    await servers.port.deleteTopics([results])
  }
}

/** A schedule that begins soon, and the stretch of it that is measured. */
export function scheduleOf(
  perSecond: number,
  { warmUpMs, ms }: LoadTimes,
): OrderSchedule & { readonly from: number } {
  const start = Date.now() + LEAD_MS
  return { perSecond, start, from: start + warmUpMs, end: start + warmUpMs + ms }
}

/** Sends orders by a schedule while a graph is at work, and reads its results. */
export async function liveDelays(
  engine: MillraceEngine,
  graph: ComparedGraph,
  topics: InputTopics,
  {
    perSecond,
    times,
    servers,
    bench,
  }: {
    readonly perSecond: number
    readonly times: LoadTimes
    readonly servers: SharedServers
    readonly bench: BenchContext
  },
): Promise<{ readonly delays: Delays; readonly sent: SentOrders }> {
  const results = `live-${graph.id}`
  await servers.kafka.createTopic(results, PARTITIONS)
  const job = await engine.run(graph, topics, results)
  const reader = await TopicReader.open(servers.kafka.client, results)
  try {
    const schedule = scheduleOf(perSecond, times)
    const delays = new Delays(schedule.from, schedule.end)
    reader.start((value) => {
      const due = dueIn(value)
      if (due !== null) delays.note(due, Date.now())
    })
    const abort = new AbortController()
    bench.atEnd(() => abort.abort())
    const sent = await sendOrders(servers.kafka.address, topics.orders.topic, schedule, abort.signal)
    await sleep(TAIL_MS)
    return { delays, sent }
  } finally {
    await reader.stop()
    await job.stop()
    await servers.port.deleteTopics([results])
  }
}
