import { PlanDriver, type RawRecord, seededNumber } from '@millrace/engine'
import { emptyGraph, type NodeConfig, newNode, validate } from '@millrace/graph'
import { describe, expect, it } from 'vitest'
import { catalogue, type NodeType, runtimes } from '../../index.ts'

const DISORDER = 40
const EVENTS = 400
const utf8 = new TextEncoder()

/** Two topics that are keyed by something else, a join, and windows over its results. */
function graph(kind: string, lower: number, upper: number) {
  const source = { connection: 'main', eventTime: 'ts', outOfOrderness: DISORDER, idleTimeout: null }
  const fields = [
    { name: 'id', type: 'string not null' },
    { name: 'k', type: 'string' },
    { name: 'ts', type: 'timestamp not null' },
  ]
  const nodes: readonly (readonly [string, NodeType, NodeConfig])[] = [
    ['left', 'kafka', { ...source, topic: 'left', fields, keyedBy: ['id'] }],
    ['right', 'kafka', { ...source, topic: 'right', fields, keyedBy: ['id'] }],
    ['join', 'join', { kind, lower, upper, on: [{ left: 'k', right: 'k' }] }],
    ['window', 'window', { size: 10, groupBy: ['k'] }],
    ['out', 'kafka-sink', { connection: 'main', topic: 'out' }],
  ]
  const edges = ['left join left', 'right join right', 'join window in', 'window out in'].map((flow) => {
    const [from = '', to = '', port = ''] = flow.split(' ')
    return { id: `${from}-${to}`, from: { node: from, port: 'out' }, to: { node: to, port } }
  })
  const built = nodes.map(([id, type, config]) => {
    const node = newNode(catalogue.get(type) as NonNullable<ReturnType<typeof catalogue.get>>, id)
    return { ...node, config: { ...node.config, ...config } }
  })
  return { ...emptyGraph('Joined'), nodes: built, edges }
}

interface Event {
  readonly side: 'left' | 'right'
  readonly id: string
  readonly k: string | null
  readonly ts: number
}

/** Never further behind the newest of their topic than the sources allow. */
function event(seed: number, i: number): Event {
  const draw = (salt: number) => seededNumber(seed, i, salt)
  const key = Math.floor(draw(2) * 12)
  return {
    side: draw(1) < 0.5 ? 'left' : 'right',
    id: `e-${i}`,
    k: key === 11 ? null : `k-${key}`,
    ts: i * 5 - Math.floor(draw(3) * DISORDER),
  }
}

async function run(seed: number, kind: string, lower: number, upper: number): Promise<PlanDriver> {
  const plan = graph(kind, lower, upper)
  expect(validate(plan, catalogue)).toEqual([])
  const options = { graph: plan, catalogue, runtimes, lazy: true, repartition: 3 }
  const driver = new PlanDriver({ ...options, partitions: { left: 2, right: 3 } })
  for (let i = 0; i < EVENTS; i++) {
    const { side, ...value } = event(seed, i)
    const partition = i % (side === 'left' ? 2 : 3)
    const record: RawRecord = {
      ...{ topic: side, partition, offset: i, timestamp: i },
      ...{ key: null, value: utf8.encode(JSON.stringify(value)) },
    }
    driver.feed(side, partition, [record])
    if (i % 23 === 0) await driver.settle(5)
    if (i % 71 === 0) for (const name of driver.tasks) driver.task(name).crash()
  }
  await driver.finish()
  return driver
}

/** Every pair, and every event that is in none and goes out alone: by group and window. */
function expected(seed: number, kind: string, lower: number, upper: number): Map<string, number> {
  const events = Array.from({ length: EVENTS }, (_, i) => event(seed, i))
  const counts = new Map<string, number>()
  const add = (k: string | null, time: number) => {
    const name = JSON.stringify([k, Math.floor(time / 10) * 10])
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  for (const one of events) {
    const partners = events.filter(({ side, k, ts }) => {
      const distance = one.side === 'left' ? ts - one.ts : one.ts - ts
      return side !== one.side && k !== null && k === one.k && distance >= lower && distance <= upper
    })
    if (one.side === 'left') for (const { ts } of partners) add(one.k, Math.max(one.ts, ts))
    if (partners.length === 0 && (kind === 'full' || kind === one.side)) add(one.k, one.ts)
  }
  return counts
}

describe('what a join sends without a partner', () => {
  it.each([
    [1, 'left', 0, 60],
    [2, 'left', -60, -10],
    [3, 'right', -30, 50],
    [4, 'right', 5, 10],
    [5, 'full', -25, 25],
    [6, 'full', 0, 0],
    [7, 'inner', -100, 30],
  ])('is late for no window behind it (seed %d: %s from %d to %d)', async (seed, kind, lower, upper) => {
    const driver = await run(seed, kind, lower, upper)
    const counters = driver.tasks.flatMap((name) => driver.task(name).runtime.counters().get('window') ?? [])
    expect(counters.reduce((sum, { late }) => sum + late, 0)).toBe(0)
    const rows = driver.results.messages.map(({ message }) => JSON.parse(message.value ?? '{}'))
    const found = rows.map(({ k, window_start, count }) => [JSON.stringify([k, window_start]), count])
    const wanted = expected(seed, kind, lower, upper)
    expect(wanted.size).toBeGreaterThan(20)
    expect(found.sort()).toEqual([...wanted].sort())
    expect(driver.results.deadLetters).toEqual([])
  })
})
