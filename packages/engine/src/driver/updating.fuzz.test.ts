import type { Row } from '@millrace/expr'
import { node, pipeline } from '@millrace/graph/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TopicSinkRuntime } from '../operator.ts'
import type { StreamRecord } from '../record.ts'
import { runtimes } from '../testing/catalogue.ts'
import { checkProperty } from '../testing/check-property.ts'
import { catalogue, eventRecord, events, latest, odd, sink, sums, type TestEvent } from '../testing/index.ts'
import { arbitrarySchedule, carryOut, type Turn } from '../testing/random-schedule.ts'
import { Table } from '../testing/updating-nodes.ts'
import { PlanDriver } from './plan-driver.ts'

interface Case {
  readonly input: readonly (readonly TestEvent[])[]
  readonly schedule: readonly Turn[]
  readonly lazy: boolean
  readonly repartition: number
}

const event: fc.Arbitrary<TestEvent> = fc.record({
  at: fc.integer({ min: 0, max: 50 }),
  key: fc.constantFrom('a', 'b', 'c', 'd'),
  group: fc.constantFrom('x', 'y', 'z'),
  value: fc.integer({ min: -1, max: 5 }),
})

/** Each key has its events in one partition, so that their order is known. */
const input = fc.array(event, { maxLength: 40 }).map((all) => {
  const byPartition = Map.groupBy(all, ({ key }) => (key === 'a' || key === 'b' ? 0 : 1))
  return [byPartition.get(0) ?? [], byPartition.get(1) ?? []]
})

const anyCase: fc.Arbitrary<Case> = fc.record({
  input,
  schedule: arbitrarySchedule,
  lazy: fc.boolean(),
  repartition: fc.integer({ min: 1, max: 3 }),
})

/** Runs `events → <chain> → sink` over two partitions; gives the records that the sink got, as committed. */
async function run(chain: Parameters<typeof pipeline>[0], { input: partitions, ...how }: Case) {
  const ids = ['source', ...chain.map(({ id }) => id), 'out']
  const graph = pipeline(
    [node('source', events), ...chain, node('out', sink)],
    ids.slice(1).map((id, i) => `${ids[i]} → ${id}`),
  )
  const driver = new PlanDriver({
    ...{ graph, catalogue, partitions: { source: 2 }, repartition: how.repartition, lazy: how.lazy },
    runtimes: { get: (type) => (type === 'sink' ? (keepingSink as never) : runtimes.get(type)) },
  })
  partitions.forEach((list, partition) => {
    driver.feed(
      'source',
      partition,
      list.map((one, offset) => eventRecord(one, offset, 'events', partition)),
    )
  })
  await carryOut(driver, how.schedule)
  await driver.settle(3)
  return driver.results.messages.map(({ message }) => JSON.parse(message.value ?? '') as StreamRecord)
}

/** Keeps whole records. */
const keepingSink: TopicSinkRuntime<object> = {
  role: 'topic-sink',
  type: 'sink',
  topic: () => ({ connection: 'test', topic: 'results' }),
  createEncoder:
    () =>
    ({ row, kind, before }) => ({ key: null, value: JSON.stringify({ row, kind, before }) }),
}

/** The latest event of each key, unless it is negative. */
function latestOf({ input: partitions }: Case): TestEvent[] {
  const last = new Map(partitions.flat().map((one) => [one.key, one]))
  return [...last.values()].filter(({ value = 0 }) => value >= 0)
}

function tableOf(records: readonly StreamRecord[], of: 'latest' | 'sums'): Row[] {
  const table = new Table(of)
  for (const record of records) table.take(record)
  return [...table.rows.values()].sort(byText)
}

function byText(a: Row, b: Row): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}

describe('an updating stream', () => {
  it('leaves the latest row of each key, each record fitting the one before, over commits and crashes', () =>
    checkProperty(
      fc.asyncProperty(anyCase, async (one) => {
        const records = await run([node('latest', latest)], one)
        const rows = latestOf(one).map(({ at, key, group, value }) => [at, key, group, value, 1])
        expect(tableOf(records, 'latest')).toEqual(rows.sort(byText as never))
      }),
      150,
    ))

  it('is taken back where rows move to other groups, in other tasks', () =>
    checkProperty(
      fc.asyncProperty(anyCase, async (one) => {
        const records = await run([node('latest', latest), node('sums', sums)], one)
        const groups = Map.groupBy(latestOf(one), ({ group }) => group)
        const rows = [...groups].map(([group, all]) => [
          ...[0, null, group, all.reduce((sum, { value = 0 }) => sum + value, 0), all.length],
        ])
        expect(tableOf(records, 'sums')).toEqual(rows.sort(byText as never))
      }),
      150,
    ))
})

describe('a node on an updating stream', () => {
  const one: Case = {
    input: [
      [
        { at: 0, key: 'a', value: 1 },
        { at: 1, key: 'a', value: 3 },
      ],
      [],
    ],
    schedule: [],
    lazy: false,
    repartition: 2,
  }

  it('that needs the rows before is not run where they are not told', async () => {
    await expect(run([node('latest', latest, { before: false }), node('sums', sums)], one)).rejects.toThrow(
      'would not be told where rows were',
    )
  })

  it('that promises none may send no change', async () => {
    const lying = { ...latest, infer: odd.infer as never }
    const graph = pipeline(
      [node('source', events), node('latest', latest), node('out', sink)],
      ['source → latest', 'latest → out'],
    )
    const types = {
      get: (type: string) => (type === 'latest' ? lying : catalogue.get(type)),
      list: catalogue.list,
    }
    const driver = new PlanDriver({ graph, catalogue: types, runtimes })
    driver.feed('source', 0, one.input[0]?.map((event, offset) => eventRecord(event, offset)) ?? [])
    await expect(driver.settle()).rejects.toThrow('which is append-only')
  })
})
