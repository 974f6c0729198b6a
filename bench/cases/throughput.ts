/**
 * Throughput of one executor process, Kafka to Kafka, exactly once: `node bench/cases/throughput.ts [events]`.
 * A topic of 4 partitions is filled first; then each pipeline works it off. The rate is taken between 10 % and 100 % of
 * the committed positions; a bare loop that only consumes and parses the same records runs in the same process tree.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { redisKeys, topicNames } from '@millrace/contracts'
import type { PipelineGraph } from '@millrace/graph'
import { Redis } from 'ioredis'
import { createDeployment, writeDesired } from '../../tests/support/deployment.ts'
import { ExecutorProcess } from '../../tests/support/executor-process.ts'
import { KafkaForTests, TopicReader } from '../../tests/support/kafka.ts'
import { waitFor } from '../../tests/support/wait-for.ts'
import { BENCH_FIELDS, fillTopic } from '../support/bench-events.ts'
import { benchServers } from '../support/bench-servers.ts'
import { cpuSeconds, peakMegabytes } from '../support/process-usage.ts'

const EVENTS = Number(process.argv[2] ?? 1_000_000)
const PARTITIONS = 4
const TOPIC = 'bench-in'

const STEPS = {
  'filter + project': [
    { id: 'filter', type: 'filter', config: { mode: 'keep', condition: "total >= 10 and region <> 'R-7'" } },
    {
      id: 'project',
      type: 'select',
      config: {
        rest: 'drop',
        drop: [],
        fields: ['orderId', 'userId', 'region', 'total'].map((name) => ({ name, expression: name })),
      },
    },
  ],
  'tumbling window by key': [
    {
      id: 'window',
      type: 'window',
      config: {
        ...{ kind: 'tumbling', size: 300_000, offset: 0, groupBy: ['userId'], allowedLateness: 0 },
        aggregates: [
          { function: 'count', as: 'orders' },
          { function: 'sum', argument: 'total', as: 'total' },
        ],
      },
    },
  ],
}

function graphOf(
  name: string,
  steps: readonly { id: string; type: string; config: object }[],
  sink: string,
): PipelineGraph {
  const source = {
    ...{ connection: 'kafka', topic: TOPIC, format: 'json', fields: BENCH_FIELDS, eventTime: 'ts' },
    ...{ outOfOrderness: 1_000, idleTimeout: 1_000, maxAhead: null, keyedBy: ['userId'] },
  }
  const nodes = [
    { id: 'source', type: 'kafka', config: source },
    ...steps,
    { id: 'sink', type: 'kafka-sink', config: { connection: 'kafka', topic: sink, key: ['userId'] } },
  ].map((node) => ({ ...node, typeVersion: 1, label: node.id, note: '' }))
  const edges = nodes.slice(1).map(({ id }, i) => ({
    id: `e${i}`,
    from: { node: nodes[i]?.id ?? '', port: 'out' },
    to: { node: id, port: 'in' },
  }))
  return { format: 1, name, nodes, edges, layout: {} } as unknown as PipelineGraph
}

interface Figures {
  readonly perSecond: number
  readonly cpuPerMillion: number
  readonly peak: number
}

async function bareLoop(kafka: KafkaForTests): Promise<Figures> {
  const reader = await TopicReader.open(kafka.client, TOPIC)
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic: TOPIC, partition }))
  const ends = await kafka.client.listOffsets(partitions, 'last-stable')
  const cpu = process.cpuUsage()
  const started = performance.now()
  let parsed = 0
  await reader.readTo(
    ends.map(({ offset }) => offset ?? 0),
    (value) => {
      if (value !== null) parsed += (JSON.parse(value) as { total: number }).total > 0 ? 1 : 0
    },
  )
  reader.close()
  const seconds = (performance.now() - started) / 1000
  const used = process.cpuUsage(cpu)
  return figures(parsed, seconds, (used.user + used.system) / 1e6, process.pid)
}

function figures(events: number, seconds: number, cpu: number, pid: number): Figures {
  return { perSecond: events / seconds, cpuPerMillion: (cpu / events) * 1e6, peak: peakMegabytes(pid) }
}

async function run(
  kafka: KafkaForTests,
  redis: Redis,
  redisUrl: string,
  name: keyof typeof STEPS,
): Promise<Figures> {
  const sink = `bench-out-${name.replaceAll(/\W+/g, '-')}`
  await kafka.createTopic(sink, PARTITIONS)
  const graph = graphOf(name, STEPS[name], sink)
  const spec = await createDeployment({
    graph,
    partitions: { source: PARTITIONS },
    topics: { source: TOPIC, sink },
    kafka,
  })
  const executor = ExecutorProcess.start('bench', redisUrl, benchEnvironment())
  await waitFor('the executor is up', () => executor.output.includes('executor is up'))
  await writeDesired(redis, spec)
  const group = topicNames.group(spec, 's1')
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic: TOPIC, partition }))
  const done = async () =>
    (await kafka.client.committedOffsets(group, partitions)).reduce(
      (sum, { offset }) => sum + (offset ?? 0),
      0,
    )
  const at = async (share: number) => {
    while ((await done()) < share * EVENTS) await sleep(20)
    return { time: performance.now(), cpu: cpuSeconds(executor.pid), events: await done() }
  }
  const from = await at(0.1)
  const to = await at(1)
  const result = figures(
    to.events - from.events,
    (to.time - from.time) / 1000,
    to.cpu - from.cpu,
    executor.pid,
  )
  await redis.srem(redisKeys.deployments, spec.deployment)
  await executor.stop()
  return result
}

/** `BENCH_PROFILE=<folder>` writes a CPU profile of the executor there. */
function benchEnvironment(): NodeJS.ProcessEnv {
  const folder = process.env.BENCH_PROFILE
  const options = folder ? `--cpu-prof --cpu-prof-dir=${folder}` : ''
  return { MILLRACE_LOG_LEVEL: 'info', NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${options}`.trim() }
}

function print(name: string, { perSecond, cpuPerMillion, peak }: Figures, bare: Figures): void {
  const ratio = (perSecond / bare.perSecond).toFixed(2)
  console.log(
    `${name.padEnd(28)} ${Math.round(perSecond).toLocaleString('en')} events/s · ${cpuPerMillion.toFixed(2)} CPU-s per million · peak ${Math.round(peak)} MB · ${ratio} × bare loop`,
  )
}

const servers = await benchServers()
try {
  const kafka = await KafkaForTests.connect(servers.addresses.kafka)
  const redis = new Redis(servers.addresses.redis)
  await redis.set(redisKeys.incarnation, JSON.stringify({ id: 'bench', at: 0 }))
  await kafka.createTopic(TOPIC, PARTITIONS)
  await fillTopic(kafka, TOPIC, EVENTS)
  const bare = await bareLoop(kafka)
  print('bare consume and parse', bare, bare)
  for (const name of Object.keys(STEPS) as (keyof typeof STEPS)[]) {
    print(name, await run(kafka, redis, servers.addresses.redis, name), bare)
  }
  await kafka.close()
  redis.disconnect()
} finally {
  await servers.stop()
}
