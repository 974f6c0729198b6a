import type { Row } from '@millrace/expr'
import type { PipelineGraph } from '@millrace/graph'
import { node, pipeline } from '@millrace/graph/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkProperty } from '../testing/check-property.ts'
import {
  catalogue,
  count,
  type DelayConfig,
  decodeEvent,
  delay,
  eventRecord,
  events,
  pair,
  runtimes,
  sink,
  type TestEvent,
  windowStart,
} from '../testing/index.ts'
import { arbitrarySchedule, carryOut, scheduleWithIdle, type Turn } from '../testing/random-schedule.ts'
import { PlanDriver } from './plan-driver.ts'

const OUT_OF_ORDERNESS = 5
const SIZE = 10

interface Case {
  /** By partition, in order of arrival. */
  readonly input: readonly (readonly TestEvent[])[]
  readonly schedule: readonly Turn[]
  readonly lazy: boolean
  readonly repartition: number
}

/** Events of one partition that come in any order within the bound: none of them is late. */
const partition: fc.Arbitrary<readonly TestEvent[]> = fc
  .array(
    fc.record({
      step: fc.integer({ min: 0, max: 12 }),
      back: fc.integer({ min: 0, max: OUT_OF_ORDERNESS }),
      key: fc.constantFrom('a', 'b', 'c'),
      group: fc.constantFrom('x', 'y'),
    }),
    { maxLength: 15 },
  )
  .map((steps) => {
    let most = -30
    return steps.map(({ step, back, key, group }, value) => {
      most += step
      return { at: Math.max(most - back, most - OUT_OF_ORDERNESS), key, group, value }
    })
  })

const anyCase: fc.Arbitrary<Case> = fc.record({
  input: fc.array(partition, { minLength: 2, maxLength: 2 }),
  schedule: arbitrarySchedule,
  lazy: fc.boolean(),
  repartition: fc.integer({ min: 1, max: 3 }),
})

const source = node('source', events, { ...events.defaults, outOfOrderness: OUT_OF_ORDERNESS })
const byGroup = node('count', count, { ...count.defaults, key: ['group'], size: SIZE, preAggregate: true })

function delayed(config: DelayConfig, { input, schedule, ...how }: Case) {
  const graph = pipeline(
    [source, node('delay', delay, { ...config }), byGroup, node('out', sink)],
    ['source → delay', 'delay → count', 'count → out'],
  )
  return drive(graph, { source: input }, schedule, how)
}

async function drive(
  graph: PipelineGraph,
  inputs: Readonly<Record<string, Case['input']>>,
  schedule: Case['schedule'],
  how: { readonly lazy: boolean; readonly repartition: number },
) {
  const partitions = Object.fromEntries(Object.keys(inputs).map((id) => [id, 2]))
  const driver = new PlanDriver({ graph, catalogue, runtimes, partitions, ...how })
  for (const [id, list] of Object.entries(inputs)) {
    list.forEach((all, partition) => {
      driver.feed(
        id,
        partition,
        all.map((one, offset) =>
          eventRecord({ ...one, value: (one.value ?? 0) * 10 + partition }, offset, id, partition),
        ),
      )
    })
  }
  await carryOut(driver, schedule)
  await driver.finish()
  return driver
}

/** `window start/group/number` of all results. */
function resultsOf(driver: PlanDriver): string[] {
  const rows = driver.results.messages.map(({ message }): Row => {
    const value = new TextEncoder().encode(message.value ?? '')
    return decodeEvent({ topic: '', partition: 0, offset: 0, timestamp: 0, key: null, value }).row
  })
  return rows.map(([start, , group, , n]) => `${start}/${group}/${n}`).sort()
}

function lateOf(driver: PlanDriver): number {
  return driver.tasks.reduce(
    (sum, name) => sum + (driver.task(name).runtime.counters().get('count')?.late ?? 0),
    0,
  )
}

/** The same by counting each event where it belongs. */
function countsOf(all: readonly TestEvent[]): string[] {
  const windows = Map.groupBy(all, ({ at, group }) => `${windowStart(at, SIZE)}/${group}`)
  return [...windows].map(([name, found]) => `${name}/${found.length}`).sort()
}

describe('windows behind a node that keeps rows and holds its watermark back', () => {
  it('get no row late, over any disorder within the bound, commits, crashes and partitions', () =>
    checkProperty(
      fc.asyncProperty(anyCase, fc.integer({ min: 0, max: 25 }), async (one, wait) => {
        const driver = await delayed({ wait, holdBack: wait + 1 }, one)
        expect(lateOf(driver)).toBe(0)
        expect(resultsOf(driver)).toEqual(countsOf(one.input.flat()))
      }),
      120,
    ))

  it('get rows late where it holds nothing back', async () => {
    // Every watermark travels by itself.
    const oneByOne = [0, 1, 2, 0, 1, 2, 0, 1, 2].flatMap((task): Turn[] => [
      { task, act: 'step', limit: 1 },
      { task, act: 'commit', limit: 1 },
    ])
    const input = [1, 25, 60].map((at) => ({ at, key: 'a', group: 'x' }))
    const driver = await delayed(
      { wait: 20, holdBack: 0 },
      { input: [input, input.slice(1)], schedule: oneByOne, lazy: false, repartition: 1 },
    )
    expect(lateOf(driver)).toBeGreaterThan(0)
  })
})

describe('windows behind two sources', () => {
  it('count what both bring, over any interleaving', () =>
    checkProperty(
      fc.asyncProperty(anyCase, fc.array(partition, { minLength: 2, maxLength: 2 }), async (one, other) => {
        const graph = pipeline(
          [source, { ...source, id: 'other' }, node('pair', pair), byGroup, node('out', sink)],
          ['source → pair.left', 'other → pair.right', 'pair → count', 'count → out'],
        )
        const driver = await drive(graph, { source: one.input, other }, one.schedule, one)
        const sides = [...one.input.flat().map((all) => ({ ...all, group: 'left' }))]
        for (const right of other.flat()) sides.push({ ...right, group: 'right' })
        expect(lateOf(driver)).toBe(0)
        expect(resultsOf(driver)).toEqual(countsOf(sides))
      }),
      80,
    ))
})

/** Events in any disorder: many are late. */
const disorder: fc.Arbitrary<readonly TestEvent[]> = fc.array(
  fc.record({
    at: fc.integer({ min: -40, max: 60 }),
    key: fc.constantFrom('a', 'b', 'c'),
    group: fc.constantFrom('x', 'y'),
  }),
  { maxLength: 20 },
)

const counting = (preAggregate: boolean) =>
  pipeline(
    [
      source,
      node('count', count, { ...count.defaults, key: ['group'], size: SIZE, preAggregate }),
      node('out', sink),
    ],
    ['source → count', 'count → out'],
  )

describe('windows over events in any disorder', () => {
  it('count every event once or call it late, whatever falls idle and crashes', () =>
    checkProperty(
      fc.asyncProperty(
        fc.tuple(disorder, disorder),
        scheduleWithIdle,
        fc.record({ lazy: fc.boolean(), repartition: fc.integer({ min: 1, max: 3 }) }),
        fc.boolean(),
        async (partitions, schedule, how, preAggregate) => {
          const driver = await drive(counting(preAggregate), { source: partitions }, schedule, how)
          const results = resultsOf(driver).map((text) => text.split('/'))
          const counted = results.reduce((sum, [, , n]) => sum + Number(n), 0)
          expect(counted + lateOf(driver)).toBe(partitions.flat().length)
          // A window closes once.
          expect(new Set(results.map(([start, group]) => `${start}/${group}`)).size).toBe(results.length)
        },
      ),
      150,
    ))

  it('come to the same, late events included, however one partition is cut into batches and commits', () =>
    checkProperty(
      fc.asyncProperty(disorder, arbitrarySchedule, fc.boolean(), async (all, schedule, lazy) => {
        const run = async (turns: readonly Turn[]) => {
          const driver = new PlanDriver({ graph: counting(false), catalogue, runtimes, lazy })
          driver.feed(
            'source',
            0,
            all.map((one, offset) => eventRecord(one, offset)),
          )
          await carryOut(driver, turns)
          await driver.finish()
          return [resultsOf(driver), lateOf(driver)]
        }
        expect(await run(schedule)).toEqual(await run([]))
      }),
      150,
    ))
})
