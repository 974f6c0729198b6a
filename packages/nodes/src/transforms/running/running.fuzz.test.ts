import path from 'node:path'
import type { StreamRecord } from '@millrace/engine'
import { type Row, toWhole, type Value } from '@millrace/expr'
import { type Example, fuzz, runExample } from '@millrace/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stream } from '../../config/definitions.test-helper.ts'
import { OperatorDriver } from '../../config/operator-driver.test-helper.ts'
import { catalogue, runtimes } from '../../index.ts'
import { runningRuntime } from './operator.ts'
import { type Counted, type ModelEvent, type ModelStep, runningModel } from './running-model.test-helper.ts'
import type { RunningConfig } from './settings.ts'

const AGGREGATES: RunningConfig['aggregates'] = [
  { function: 'count', as: 'n' },
  { function: 'sum', argument: 'v', as: 'sum' },
  { function: 'max', argument: 'v', where: 'v > 2', as: 'large' },
  { function: 'first', argument: 'v', as: 'first' },
  { function: 'last', argument: 'v', as: 'last' },
  { function: 'count_distinct', argument: 'v', as: 'different' },
  { function: 'collect', argument: 'v', limit: 5, as: 'list' },
]

/** The aggregates over a list of events, the obvious way. */
function aggregate(counts: readonly ModelEvent[]): Record<string, unknown> {
  const inTime = counts
    .toSorted((a, b) => a.time - b.time)
    .map(({ v }) => v)
    .filter((v) => v !== null)
  const large = inTime.filter((v) => v > 2n)
  return {
    n: BigInt(counts.length),
    sum: inTime.length === 0 ? null : inTime.reduce((a, b) => a + b, 0n),
    large: large.toSorted((a, b) => (a < b ? -1 : 1)).at(-1) ?? null,
    first: inTime[0] ?? null,
    last: inTime.at(-1) ?? null,
    different: BigInt(new Set(inTime).size),
    different_approximate: false,
    list: inTime.length === 0 ? null : inTime.slice(0, 5),
    list_truncated: inTime.length > 5,
  }
}

function rowOf({ event: { k, v }, counts }: Counted): Record<string, unknown> {
  return { k, v, ...aggregate(counts) }
}

/** The steps by key, with what the model says comes of them. */
function exampleOf(config: Parameters<typeof runningModel>[0], steps: readonly ModelStep[]): Example {
  const { counted, late } = runningModel(config, steps)
  return {
    node: 'running',
    title: 'random',
    config: { ...config, groupBy: ['k'], aggregates: AGGREGATES },
    input: { fields: { k: 'string', v: 'int64' } },
    steps: steps.map((one) =>
      'event' in one
        ? { row: { k: one.event.k, v: one.event.v }, at: BigInt(one.event.time) }
        : { watermark: BigInt(one.watermark) },
    ),
    output: counted.map((one) => ({ row: rowOf(one), at: BigInt(one.event.time) })),
    late: late.map(({ k, v }) => ({ k, v })),
  }
}

const setting = fc.record({
  over: fc.constantFrom('time', 'count'),
  span: fc.integer({ min: 1, max: 15 }),
  events: fc.integer({ min: 1, max: 5 }),
  current: fc.boolean(),
  order: fc.constantFrom('arrival', 'event'),
  ttl: fc.integer({ min: 1, max: 30 }),
}) satisfies fc.Arbitrary<Partial<RunningConfig>>

const seedFile = path.join(import.meta.dirname, 'running.fuzz-seeds.json')

describe('running aggregates', () => {
  const near = fc.integer({ min: -20, max: 20 })
  /** Some are far away, also in the future. */
  const time = fc.oneof(
    { weight: 12, arbitrary: near },
    { weight: 1, arbitrary: fc.constantFrom(-5e12, 5e12) },
  )
  const event = fc.record({ k: fc.constantFrom('a', null), v: fc.option(fc.bigInt(0n, 4n)), time })
  const step: fc.Arbitrary<ModelStep> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ event }) },
    { weight: 1, arbitrary: fc.record({ watermark: near }) },
  )

  it(
    'agree with lists of events, over any disorder, nulls, lateness, commits, crashes and partitions',
    () =>
      fuzz(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), setting, async (random, config) => {
          const steps = [...random, { watermark: 6e12 }]
          await runExample(exampleOf(config, steps), { catalogue, runtimes })
        }),
        { seedFile, runs: 200 },
      ),
    180_000,
  )
})

describe('running aggregates over many events', () => {
  const input = stream({ k: 'string', v: 'int64' })

  /** Mostly forward, with some disorder, many events of one time, and jumps. */
  const event = fc.record({
    k: fc.constant('a'),
    v: fc.option(fc.bigInt(0n, 9n)),
    ahead: fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: 0, max: 3 }) },
      { weight: 3, arbitrary: fc.integer({ min: -200, max: 0 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 150 }) },
    ),
  })
  const step = fc.oneof(
    { weight: 60, arbitrary: fc.record({ event }) },
    { weight: 2, arbitrary: fc.record({ behind: fc.integer({ min: 0, max: 150 }) }) },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
  )

  /** Runs steps through the node by hand. */
  function run(config: RunningConfig, steps: readonly (ModelStep | 'restart')[]): readonly StreamRecord[] {
    const driver = new OperatorDriver(runningRuntime, config, input)
    const sent: StreamRecord[] = []
    for (const one of steps) {
      if (one === 'restart') driver.restart()
      else if ('watermark' in one) sent.push(...driver.advance(one.watermark))
      else
        sent.push(
          ...driver.feed([one.event.k, one.event.v === null ? null : toWhole(one.event.v)], one.event.time)
            .emitted,
        )
    }
    driver.advance(8e15)
    expect(driver.state.stored).toEqual([])
    return sent
  }

  it(
    'agree with lists of events, with panes and restarts, and leave nothing behind',
    () =>
      fuzz(
        fc.asyncProperty(
          fc.array(step, { minLength: 150, maxLength: 400, size: 'max' }),
          setting,
          fc.integer({ min: 65, max: 400 }),
          async (random, some, reach) => {
            const config: RunningConfig = {
              ...{ ...some, groupBy: ['k'], aggregates: AGGREGATES },
              ...{ span: reach, events: reach, ttl: 3 * reach },
            }
            const steps = inOrder(random)
            const { counted } = runningModel(
              config,
              steps.filter((one) => one !== 'restart'),
            )
            const sent = run(config, steps)
            const names = ['k', 'v', ...Object.keys(aggregate([]))]
            const wanted = counted.map((one) => names.map((name) => plain(rowOf(one)[name])))
            expect(sent.map(({ row }) => row.map(plain))).toEqual(wanted)
          },
        ),
        { seedFile, runs: 60 },
      ),
    180_000,
  )

  /** Times are told by how far they are ahead of the newest, watermarks by how far behind. */
  function inOrder(random: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[]) {
    let newest = 0
    const steps = random.map((one): ModelStep | 'restart' => {
      if (one === 'restart') return one
      if ('behind' in one) return { watermark: newest - one.behind }
      const { k, v, ahead } = one.event
      newest = Math.max(newest, newest + ahead)
      return { event: { k, v, time: ahead < 0 ? newest + ahead : newest } }
    })
    return [...steps, { watermark: newest + 1 }]
  }

  it('write one row for an event, and one now and then for a pane', () => {
    const config: RunningConfig = {
      ...{
        groupBy: ['k'],
        over: 'time',
        span: 1_000_000,
        events: 1,
        current: true,
        order: 'arrival',
        ttl: 1,
      },
      aggregates: AGGREGATES,
    }
    const driver = new OperatorDriver(runningRuntime, config, input)
    let writes = 0
    const { put } = driver.state
    driver.state.put = (...row) => {
      writes++
      put.apply(driver.state, row)
    }
    for (let i = 0; i < 600; i++) driver.feed(['a', 1], i * 100)
    expect(writes).toBeGreaterThan(600)
    expect(writes).toBeLessThan(600 + 600 / 16)
  }, 60_000)

  it('need the same rows in memory as are fetched', async () => {
    const events = Array.from({ length: 160 }, (_, i): ModelEvent => {
      return { k: 'a', v: BigInt(i % 7), time: i % 40 === 39 ? i - 30 : i }
    })
    const steps = events.flatMap((event, i): ModelStep[] =>
      i % 50 === 49 ? [{ event }, { watermark: i - 20 }] : [{ event }],
    )
    for (const over of ['time', 'count'] as const) {
      const config = { over, span: 100, events: 100, current: true, order: 'arrival', ttl: 120 } as const
      await runExample(exampleOf(config, steps), { catalogue, runtimes })
    }
  }, 60_000)
})

/** Whole numbers of either kind as text. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  return typeof value === 'bigint' || typeof value === 'number' ? String(value) : (value as Value | Row)
}
