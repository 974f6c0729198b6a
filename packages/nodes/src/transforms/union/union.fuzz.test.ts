import path from 'node:path'
import { PlanDriver, type RawRecord } from '@millrace/engine'
import { emptyGraph, type NodeConfig, newNode, type PipelineGraph, validate } from '@millrace/graph'
import { fuzz } from '@millrace/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue, type NodeType, runtimes } from '../../index.ts'

const SIZE = 10
const OUT_OF_ORDERNESS = 5

/** A topic of events; its fields stand in the order of the text. */
function topic(name: string, fields: string): readonly [NodeType, NodeConfig] {
  const types: Record<string, string> = { ts: 'timestamp' }
  const table = fields.split(' ').map((field) => ({ name: field, type: types[field] ?? 'string' }))
  const time = { eventTime: 'ts', outOfOrderness: OUT_OF_ORDERNESS, maxAhead: null }
  return ['kafka', { connection: 'main', topic: name, fields: table, ...time }]
}

const NODES: Readonly<Record<string, readonly [NodeType, NodeConfig]>> = {
  one: topic('one', 'id k ts'),
  other: topic('other', 'ts extra k'),
  first: ['dedupe', { key: ['id'] }],
  both: ['union', { missing: 'fill' }],
  counts: ['window', { size: SIZE, groupBy: ['k'], aggregates: [{ function: 'count', as: 'n' }] }],
  sink: ['kafka-sink', { connection: 'main', topic: 'counts', key: [] }],
}

/** Two topics that meet; with a cut, one of them goes through a node that spreads its rows anew before. */
function pipeline(withCut: boolean): PipelineGraph {
  const nodes = Object.entries(NODES)
    .filter(([id]) => withCut || id !== 'first')
    .map(([id, [type, settings]]) => {
      const definition = catalogue.get(type)
      if (definition === undefined) throw new Error(`no node type ${type}`)
      const node = newNode(definition, id)
      return { ...node, config: { ...node.config, ...settings } }
    })
  const way = withCut ? ['one first', 'first both'] : ['one both']
  const edges = [...way, 'other both', 'both counts', 'counts sink'].map((flow) => {
    const [from = '', to = ''] = flow.split(' ')
    return { id: flow.replace(' ', '-'), from: { node: from, port: 'out' }, to: { node: to, port: 'in' } }
  })
  return { ...emptyGraph('Union'), nodes, edges }
}

interface Event {
  readonly k: string
  readonly ts: number
}

function record({ k, ts }: Event, source: string, partition: number, offset: number): RawRecord {
  const value = { k, ts, id: `${source}/${partition}/${offset}`, extra: 'x' }
  const bytes = new TextEncoder().encode(JSON.stringify(value))
  return { topic: source, partition, offset, timestamp: offset, key: null, value: bytes }
}

const SOURCES = ['one', 'other'] as const
type Feeds = Readonly<Record<(typeof SOURCES)[number], readonly (readonly Event[])[]>>

function driverOf(feeds: Feeds, withCut: boolean, how: { lazy: boolean; repartition: number }): PlanDriver {
  const graph = pipeline(withCut)
  const partitions = { one: feeds.one.length, other: feeds.other.length }
  const driver = new PlanDriver({ graph, catalogue, runtimes, partitions, ...how })
  for (const source of SOURCES)
    feeds[source].forEach((events, partition) => {
      driver.feed(
        source,
        partition,
        events.map((event, offset) => record(event, source, partition, offset)),
      )
    })
  return driver
}

/** `start/key/count` of all windows that were sent. */
function resultsOf({ results }: PlanDriver): string[] {
  return results.messages
    .map(({ message }) => JSON.parse(message.value ?? '{}') as { window_start: number; k: string; n: number })
    .map(({ window_start, k, n }) => `${window_start}/${k}/${n}`)
    .sort()
}

/** Ordered within the bound, so that none is late. */
const events: fc.Arbitrary<readonly Event[]> = fc
  .array(
    fc.record({
      step: fc.integer({ min: 0, max: 12 }),
      back: fc.integer({ min: 0, max: OUT_OF_ORDERNESS }),
      k: fc.constantFrom('a', 'b'),
    }),
    { maxLength: 12 },
  )
  .map((steps) => {
    let most = -30
    return steps.map(({ step, back, k }) => {
      most += step
      return { k, ts: most - back }
    })
  })

const partitions = fc.array(events, { minLength: 1, maxLength: 3 })
const turns = fc.array(
  fc.record({
    task: fc.nat(20),
    act: fc.constantFrom('step', 'step', 'commit', 'crash'),
    limit: fc.integer({ min: 1, max: 4 }),
  }),
  { maxLength: 40 },
)

describe('windows behind a union', () => {
  it('is a pipeline that may be published', () => {
    expect([true, false].flatMap((withCut) => validate(pipeline(withCut), catalogue))).toEqual([])
  })

  it(
    'count the events of all streams once, over partitions, a cut before one of them, commits and crashes',
    () =>
      fuzz(
        fc.asyncProperty(
          fc.record({ one: partitions, other: partitions }),
          fc.boolean(),
          fc.record({ lazy: fc.boolean(), repartition: fc.integer({ min: 1, max: 3 }) }),
          turns,
          async (feeds, withCut, how, schedule) => {
            const driver = driverOf(feeds, withCut, how)
            for (const { task: index, act, limit } of schedule) {
              const task = driver.task(
                driver.tasks[index % driver.tasks.length] as (typeof driver.tasks)[number],
              )
              if (act === 'step') await task.step(limit, async () => {})
              else if (act === 'commit') await task.commit()
              else task.crash()
            }
            await driver.finish()
            const all = [...feeds.one, ...feeds.other].flat()
            const windows = Map.groupBy(all, ({ k, ts }) => `${Math.floor(ts / SIZE) * SIZE}/${k}`)
            const expected = [...windows].map(([name, found]) => `${name}/${found.length}`)
            expect(driver.results.deadLetters).toEqual([])
            expect(resultsOf(driver)).toEqual(expected.sort())
          },
        ),
        { seedFile: path.join(import.meta.dirname, 'union.fuzz-seeds.json'), runs: 100 },
      ),
    180_000,
  )

  const slow: Feeds = {
    one: [
      [
        { k: 'a', ts: 1 },
        { k: 'a', ts: 100 },
      ],
    ],
    other: [[{ k: 'a', ts: 2 }]],
  }
  const how = { lazy: false, repartition: 1 }

  it.each([true, false])('wait for the slowest stream (with a cut: %s)', async (withCut) => {
    const driver = driverOf(slow, withCut, how)
    await driver.settle()
    expect(resultsOf(driver)).toEqual([])
    driver.feed('other', 0, [record({ k: 'a', ts: 16 }, 'other', 0, 1)])
    await driver.settle()
    expect(resultsOf(driver)).toEqual(['0/a/2'])
  })

  it.each([true, false])(
    'wait no longer for a stream that fell idle, and again when it wakes (with a cut: %s)',
    async (withCut) => {
      const driver = driverOf(slow, withCut, how)
      await driver.settle()
      for (const name of driver.tasks) {
        const { runtime } = driver.task(name)
        const { inputs } = driver.plan.stages.find(({ id }) => id === name.stageId) ?? { inputs: [] }
        const input = inputs.findIndex((one) => one.kind === 'source' && one.nodeId === 'other')
        if (input < 0) continue
        runtime.markIdle(input)
        await runtime.run()
      }
      await driver.settle()
      expect(resultsOf(driver)).toEqual(['0/a/2'])
      driver.feed('other', 0, [record({ k: 'a', ts: 98 }, 'other', 0, 1)])
      await driver.settle()
      driver.feed('one', 0, [record({ k: 'a', ts: 200 }, 'one', 0, 2)])
      await driver.settle()
      expect(resultsOf(driver)).toEqual(['0/a/2'])
      driver.feed('other', 0, [record({ k: 'a', ts: 150 }, 'other', 0, 2)])
      await driver.settle()
      expect(resultsOf(driver)).toEqual(['0/a/2', '100/a/1', '90/a/1'])
    },
  )
})
