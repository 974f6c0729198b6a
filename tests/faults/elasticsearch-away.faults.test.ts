import { setTimeout as sleep } from 'node:timers/promises'
import { redisKeys } from '@millrace/contracts'
import { Redis } from 'ioredis'
import { expect, inject, test } from 'vitest'
import { heldMegabytes } from '../../bench/support/process-usage.ts'
import { DocumentFlow } from '../support/document-flow.ts'
import { ElasticsearchGate } from '../support/elasticsearch-gate.ts'
import { ExecutorProcess } from '../support/executor-process.ts'
import { KafkaForTests } from '../support/kafka.ts'

const MINUTE_MS = 60_000
/** `MILLRACE_SOAK_MINUTES` shortens it, to see that the test works. */
const MINUTES = Number(process.env.MILLRACE_SOAK_MINUTES ?? 12)
/** Memory counts from then on: before, buffers and compiled code grow to their size. */
const WARM_MINUTES = Math.min(2, MINUTES / 3)
const SAMPLE_MS = 5_000
const STEP = 500
const STEP_MS = 500
const MAX_UNREAD = 50_000
const MAX_GROWTH = 0.05

/** Memory at a moment. */
interface Sample {
  readonly minutes: number
  readonly megabytes: number
}

test('memory stays flat while Elasticsearch refuses everything, and all is written afterwards', {
  timeout: (MINUTES + 20) * MINUTE_MS,
}, async () => {
  const { kafka: brokers, redis: redisUrl, elasticsearch } = inject('servers')
  const kafka = await KafkaForTests.connect(brokers)
  const redis = new Redis(redisUrl)
  await redis.flushall()
  await redis.set(redisKeys.incarnation, JSON.stringify({ id: 'test', at: 0 }))
  const gate = await ElasticsearchGate.open(elasticsearch)
  const flow = await DocumentFlow.deploy({
    ...{ kafka, redis, elasticsearch, address: gate.address, hasRepartition: true, ids: 10 ** 9 },
    settings: { maxUnreadRecords: MAX_UNREAD },
  })
  const executor = ExecutorProcess.start('soaked', redisUrl)
  try {
    await flow.feed(STEP)
    await flow.isExact()
    let answers = 0
    gate.decide = () => ({ kind: 'answer', status: answers++ % 2 === 0 ? 429 : 503 })
    const samples = await soak(flow, executor)
    console.log(`memory, MB by minute: ${byMinute(samples)}`)
    expect(growth(samples.filter(({ minutes }) => minutes >= WARM_MINUTES))).toBeLessThan(MAX_GROWTH)
    const inputs = await flow.inputs()
    const sources = inputs.filter(({ kind }) => kind === 'source')
    expect(sources.map(({ paused }) => paused)).toEqual(sources.map(() => 'back_pressure'))
    expect(sources.reduce((sum, { lag }) => sum + lag, 0)).toBeGreaterThan(0)
    gate.decide = () => ({ kind: 'pass' })
    await flow.isSettled()
    expect((await flow.isExact()).size).toBe(flow.fed)
    expect(await flow.deadLetters()).toEqual([])
  } finally {
    await executor.kill()
    await gate.close()
    redis.disconnect()
    await kafka.close()
  }
})

/** Feeds all the time and looks at the executor's memory now and then. */
async function soak(flow: DocumentFlow, executor: ExecutorProcess): Promise<Sample[]> {
  const began = performance.now()
  const minutes = () => (performance.now() - began) / MINUTE_MS
  const samples: Sample[] = []
  for (let next = 0; minutes() < MINUTES; ) {
    await flow.feed(STEP)
    await sleep(STEP_MS)
    if (performance.now() - began < next) continue
    samples.push({ minutes: minutes(), megabytes: heldMegabytes(executor.pid) })
    next += SAMPLE_MS
  }
  return samples
}

/** By how much of itself memory grows from the first to the last sample, along the straight line of least squares. */
function growth(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length
  const [x, y] = [mean(({ minutes }) => minutes), mean(({ megabytes }) => megabytes)]
  const covariance = mean(({ minutes, megabytes }) => (minutes - x) * (megabytes - y))
  const slope = covariance / mean(({ minutes }) => (minutes - x) ** 2)
  const [first, last] = [samples[0]?.minutes ?? 0, samples.at(-1)?.minutes ?? 0]
  return (slope * (last - first)) / (y - slope * (x - first))
}

function byMinute(samples: readonly Sample[]): string {
  const minutes = Map.groupBy(samples, (sample) => Math.floor(sample.minutes))
  return [...minutes.values()].map((of) => Math.round(of.at(-1)?.megabytes ?? 0)).join(' ')
}
