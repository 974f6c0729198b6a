import {
  type Message,
  PlanDriver,
  planStages,
  prepareProgram,
  type RawRecord,
  referenceSourceId,
  StageRuntime,
} from '@millrace/engine'
import type { NodeConfig, PipelineGraph } from '@millrace/graph'
import { node, pipeline } from '@millrace/graph/testing'
import { describe, expect, it } from 'vitest'
import { catalogue, runtimes } from '../../../index.ts'

const utf8 = new TextEncoder()

function made(id: string, type: string, config: NodeConfig) {
  const definition = catalogue.get(type)
  if (definition === undefined) throw new Error(type)
  return node(id, definition, { ...definition.defaults, connection: 'kafka', ...config })
}

function graphOf(enrich: NodeConfig = {}): PipelineGraph {
  return pipeline(
    [
      made('orders', 'kafka', {
        ...{ topic: 'orders', eventTime: 'at', outOfOrderness: 0, idleTimeout: null },
        fields: [
          { name: 'sku', type: 'string not null' },
          { name: 'at', type: 'timestamp not null' },
        ],
      }),
      made('price', 'enrich', {
        ...{ reference: 'versions', topic: 'prices', keyField: 'sku', key: 'sku' },
        fields: [
          { name: 'sku', type: 'string not null' },
          { name: 'price', type: 'int64 not null' },
        ],
        add: [{ field: 'price', as: '' }],
        ...enrich,
      }),
      made('out', 'kafka-sink', { topic: 'priced', key: ['sku'] }),
    ],
    ['orders → price', 'price → out'],
  )
}

/** Orders in two partitions and prices in two, over two repartitions; partition 1 of the orders is always silent. */
function drive(enrich: NodeConfig = {}, partitions = 2): PlanDriver {
  const graph = graphOf(enrich)
  const counts = { orders: partitions, [referenceSourceId('price')]: partitions }
  return new PlanDriver({ graph, catalogue, runtimes, partitions: counts, repartition: partitions })
}

function record(topic: string, partition: number, offset: number, key: string, value: object): RawRecord {
  const text = utf8.encode(JSON.stringify(value))
  return { topic, partition, offset, timestamp: 100 + offset, key: utf8.encode(key), value: text }
}

const order = (offset: number, sku: string, at: number) => record('orders', 0, offset, sku, { sku, at })
const price = (partition: number, offset: number, sku: string, value: number) =>
  record('prices', partition, offset, sku, { sku, price: value })
const PRICES = referenceSourceId('price')

/** One round of all tasks of the stages that read orders, or look them up: not of those that read prices. */
async function workWithoutPrices(driver: PlanDriver): Promise<void> {
  for (const name of driver.tasks) {
    const stage = driver.plan.stages.find(({ id }) => id === name.stageId)
    const readsPrices = stage?.inputs.some((input) => input.kind === 'source' && input.nodeId === PRICES)
    if (readsPrices) continue
    await driver.task(name).step(100)
    await driver.task(name).commit()
  }
}

const resultsOf = ({ results }: PlanDriver) => results.messages.map(({ message }) => message.value)

describe('before its first event', () => {
  it('a look-up at once waits until every partition of the reference has been read to its end', async () => {
    const driver = drive()
    driver.feed('orders', 0, [order(0, 'a', 50), order(1, 'b', 60)])
    driver.feed(PRICES, 0, [price(0, 0, 'a', 1)])
    driver.feed(PRICES, 1, [price(1, 0, 'b', 2), price(1, 1, 'b', 3)])
    for (let round = 0; round < 3; round++) await workWithoutPrices(driver)
    expect(resultsOf(driver)).toEqual([])
    // Held events are state: a crash loses none.
    for (const name of driver.tasks) driver.task(name).crash()
    const readers = driver.tasks.filter(({ stageId }) =>
      driver.plan.stages.some(
        ({ id, inputs }) =>
          id === stageId && inputs.some((one) => one.kind === 'source' && one.nodeId === PRICES),
      ),
    )
    await driver.task(readers[0] as (typeof readers)[0]).step(100)
    await driver.task(readers[0] as (typeof readers)[0]).commit()
    await workWithoutPrices(driver)
    expect(resultsOf(driver)).toEqual([])
    // The watermark of the orders stands still, since a partition has not spoken: they come all the same.
    await driver.settle()
    expect(resultsOf(driver).toSorted()).toEqual([
      '{"sku":"a","at":50,"price":1}',
      '{"sku":"b","at":60,"price":2}',
    ])
  })
})

describe('state that begins anew', () => {
  const program = prepareProgram(graphOf(), catalogue, runtimes)
  const plan = planStages(program, { source: () => 2, repartition: 1 })
  const prices = plan.stages.find(({ inputs }) =>
    inputs.some((one) => one.kind === 'source' && one.nodeId === PRICES),
  )
  const lookUp = plan.stages.find(({ id }) => id === prices?.cuts[0]?.stage)
  const rows: unknown[] = []
  const output = {
    repartition() {},
    outbox() {},
    deadLetter() {},
    topic: (message: unknown) => rows.push(message),
  }
  const runtimeOf = (stageId = '', birth: number) =>
    new StageRuntime({
      ...{ program, plan, output, stageId, task: 0, births: { price: birth }, outside: null },
    })

  /** What the tasks that read the prices say once they have read them, for state of this birth. */
  function haveRead(birth: number): readonly Message[] {
    const [cut] = prices?.cuts ?? []
    if (cut === undefined) throw new Error('prices are not cut')
    const stage = runtimeOf(prices?.id, birth).voucherOf(cut)
    const said = { kind: 'watermark', input: cut.input, stage, watermark: 100, idle: true } as const
    return [
      { ...said, task: 0 },
      { ...said, task: 1 },
    ]
  }

  it('waits for what was read for it, whatever was said to the state before', async () => {
    const before = runtimeOf(lookUp?.id, 1)
    before.acceptMessages(haveRead(1), 0)
    await before.run()
    const anew = runtimeOf(lookUp?.id, 2)
    anew.restore(before.progress())
    const input = lookUp?.inputs.findIndex(
      (one) => one.kind === 'repartition' && !one.from.includes(prices?.id ?? ''),
    ) as number
    const event = { row: ['a', 50], time: 50, sourceTime: 50, origin: null }
    anew.acceptMessages([{ kind: 'row', input, record: event }], 0)
    await anew.run()
    expect(rows).toEqual([])
    // Said to the state before, and read after the hand-over.
    anew.acceptMessages(haveRead(1), 0)
    await anew.run()
    expect(rows).toEqual([])
    anew.acceptMessages(haveRead(2), 0)
    await anew.run()
    expect(rows).toHaveLength(1)
  })
})

describe('an enrich by versions', () => {
  const total = (driver: PlanDriver) =>
    driver.tasks
      .map((name) => driver.task(name).runtime.counters().get('price'))
      .filter((one) => one !== undefined)

  it('counts events alone, and the errors of versions as its own', async () => {
    const driver = drive({}, 1)
    driver.feed(PRICES, 0, [price(0, 0, 'a', 1), record('prices', 0, 1, 'b', { sku: 'b' })])
    driver.feed('orders', 0, [order(0, 'a', 50)])
    await driver.settle()
    expect(total(driver)).toEqual([{ in: 1, out: 1, filtered: 0, late: 0, errors: 1 }])
    expect(driver.results.deadLetters).toMatchObject([
      { nodeId: 'price', code: 'missing_field', origin: { topic: 'prices', offset: 1 } },
    ])
    expect(driver.tasks.every((name) => !driver.task(name).runtime.counters().has(PRICES))).toBe(true)
  })

  it('keeps of each key the versions that an event may still need', async () => {
    const driver = drive({ timing: 'event-time' }, 1)
    const rows = () => driver.tasks.reduce((sum, name) => sum + driver.task(name).stateRows, 0)
    // Their record times are 100 to 104.
    driver.feed(
      PRICES,
      0,
      ['a', 'a', 'a', 'b', 'b'].map((sku, i) => price(0, i, sku, i)),
    )
    await driver.markIdle(PRICES)
    driver.feed('orders', 0, [order(0, 'c', 50)])
    await driver.settle()
    // Five versions, and an order that waits.
    expect(rows()).toBe(6)
    driver.feed('orders', 0, [order(1, 'c', 102)])
    await driver.settle()
    expect(rows()).toBe(5)
    driver.feed('orders', 0, [order(2, 'c', 103)])
    await driver.settle()
    expect(rows()).toBe(4)
    driver.feed('orders', 0, [order(3, 'c', 200)])
    await driver.settle()
    expect(rows()).toBe(3)
  })

  it('keeps one row of a key that was deleted, so that no older version holds again', async () => {
    const driver = drive({ timing: 'event-time', beforeFirst: false }, 1)
    driver.feed(PRICES, 0, [price(0, 0, 'a', 1), { ...price(0, 1, 'a', 1), value: null }])
    driver.feed('orders', 0, [order(0, 'a', 300)])
    await driver.markIdle(PRICES)
    await driver.finish()
    expect(driver.tasks.reduce((sum, name) => sum + driver.task(name).stateRows, 0)).toBe(1)
  })
})
