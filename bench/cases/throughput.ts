import { setTimeout as sleep } from 'node:timers/promises'
import { redisKeys, topicNames } from '@millrace/contracts'
import { runCommand } from '../../scripts/app/run-command.ts'
import { createDeployment, writeDesired } from '../../tests/support/deployment.ts'
import type { BenchCase, BenchContext, Column, Figure, Goal } from '../support/bench-case.ts'
import { fillTopic } from '../support/bench-events.ts'
import { startBenchExecutor } from '../support/bench-executor.ts'
import { BENCH_PIPELINES, type BenchPipeline, benchGraph } from '../support/bench-pipelines.ts'
import { type BenchServers, startBenchServers } from '../support/bench-servers.ts'
import { cpuSeconds, peakMegabytes, type Usage } from '../support/process-usage.ts'

const TOPIC = 'bench-in'
const PARTITIONS = 4
const LOOK_MS = 20

const COLUMNS: readonly Column[] = [
  { key: 'rate', title: 'events/s', digits: 0 },
  { key: 'cpu', title: 'CPU-s/M events', digits: 2 },
  { key: 'peak', title: 'peak MB', digits: 0 },
  { key: 'ratio', title: '× bare loop', digits: 2 },
]

/** One executor process, Kafka to Kafka. */
export const benchCase: BenchCase = {
  method:
    '1,000,000 events of 260 bytes of JSON in 4 partitions, worked off by a fresh process; measured from 10 % to 100 % of the committed positions; 3 rounds, each with a bare consume-and-parse loop in a process of its own',
  columns: COLUMNS,
  async run(bench) {
    const [events, rounds] = bench.quick ? [200_000, 1] : [1_000_000, 3]
    const servers = await startBenchServers(bench)
    bench.say(`writing ${events.toLocaleString('en')} events`)
    await servers.kafka.createTopic(TOPIC, PARTITIONS)
    await fillTopic(servers.kafka, TOPIC, events)
    const usages = BENCH_PIPELINES.map((): Usage[] => [])
    const bare: Usage[] = []
    for (let round = 1; round <= rounds; round++) {
      bench.say(`round ${round} of ${rounds}`)
      bare.push(await runBareLoop(servers))
      for (const [i, pipeline] of BENCH_PIPELINES.entries()) {
        usages[i]?.push(await workOff(pipeline, round, events, servers, bench))
      }
    }
    return [
      figureOf('bare consume and parse', bare, bare),
      ...BENCH_PIPELINES.map(({ name, goal }, i) => figureOf(name, usages[i] ?? [], bare, goal)),
    ]
  },
}

function figureOf(name: string, usages: readonly Usage[], bare: readonly Usage[], goal?: Goal): Figure {
  const samples = {
    rate: usages.map(rateOf),
    cpu: usages.map((usage) => (usage.cpuSeconds / usage.events) * 1e6),
    peak: usages.map((usage) => usage.peakMegabytes),
    ratio: usages.map((usage, i) => rateOf(usage) / rateOf(bare[i] as Usage)),
  }
  return { name, samples, ...(goal && { goal }) }
}

function rateOf({ events, seconds }: Usage): number {
  return events / seconds
}

async function runBareLoop({ addresses }: BenchServers): Promise<Usage> {
  return JSON.parse(await runCommand(['bench/support/bare-loop.ts', addresses.kafka, TOPIC], {})) as Usage
}

/** Deploys a pipeline, starts an executor and measures it while it works off the whole topic. */
async function workOff(
  pipeline: BenchPipeline,
  round: number,
  events: number,
  servers: BenchServers,
  bench: BenchContext,
): Promise<Usage> {
  const { kafka, redis } = servers
  const sink = `bench-out-${pipeline.name.replaceAll(/\W+/g, '-')}-${round}`
  await kafka.createTopic(sink, PARTITIONS)
  const spec = await createDeployment({
    graph: benchGraph(pipeline, TOPIC, sink),
    partitions: { source: PARTITIONS },
    topics: { source: TOPIC, sink },
    kafka,
  })
  const executor = await startBenchExecutor(`bench-${round}`, servers, bench)
  await writeDesired(redis, spec)
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => ({ topic: TOPIC, partition }))
  const done = async () => {
    const offsets = await kafka.client.committedOffsets(topicNames.group(spec, 's1'), partitions)
    return offsets.reduce((sum, { offset }) => sum + (offset ?? 0), 0)
  }
  const reached = async (count: number) => {
    for (;;) {
      const reading = { events: await done(), time: performance.now(), cpu: cpuSeconds(executor.pid) }
      if (reading.events >= count) return reading
      if (!executor.alive) throw new Error(`the executor has ended:\n${executor.output.slice(-2_000)}`)
      await sleep(LOOK_MS)
    }
  }
  const from = await reached(events / 10)
  const to = await reached(events)
  const peak = peakMegabytes(executor.pid)
  await redis.srem(redisKeys.deployments, spec.deployment)
  await executor.stop()
  return {
    events: to.events - from.events,
    seconds: (to.time - from.time) / 1000,
    cpuSeconds: to.cpu - from.cpu,
    peakMegabytes: peak,
  }
}
