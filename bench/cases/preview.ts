import { type PreviewInput, type RawRecord, runPreview } from '@millrace/engine'
import type { NodeConfig } from '@millrace/graph'
import { node, pipeline } from '@millrace/graph/testing'
import { catalogue, runtimes } from '@millrace/nodes'
import type { BenchCase } from '../support/bench-case.ts'

const EVENTS = 1_000

/** What an edit in the editor waits for: the whole pipeline over the sample, in the worker. */
export const benchCase: BenchCase = {
  method: `${EVENTS} events of about 400 bytes through 20 nodes, as the preview worker runs them; 30 runs, one after the other`,
  columns: [{ key: 'ms', title: 'ms', digits: 1 }],
  run: async ({ quick }) => {
    const rows = []
    for (const [name, input] of cases())
      rows.push({ name, samples: { ms: await repeat(input, quick ? 2 : 30) } })
    return rows
  },
}

function cases(): readonly (readonly [name: string, input: PreviewInput])[] {
  return [
    ['20 nodes, stateless', inputOf(stateless())],
    ['20 nodes, with dedupe, windows and a join', inputOf(stateful())],
  ]
}

async function repeat(input: PreviewInput, runs: number): Promise<number[]> {
  const samples: number[] = []
  for (let i = 0; i < runs; i++) {
    const start = performance.now()
    const preview = await runPreview(input, catalogue, runtimes)
    samples.push(performance.now() - start)
    if (preview.size !== 20) throw new Error(`the preview ran ${preview.size} nodes of 20`)
  }
  return samples
}

function made(id: string, type: string, config: NodeConfig) {
  const definition = catalogue.get(type)
  if (definition === undefined) throw new Error(type)
  return node(id, definition, { ...definition.defaults, ...config })
}

const source = (id: string) =>
  made(id, 'kafka', {
    connection: 'kafka',
    topic: id,
    fields: [
      { name: 'orderId', type: 'string not null' },
      { name: 'userId', type: 'string not null' },
      { name: 'region', type: 'string' },
      { name: 'total', type: 'double' },
      { name: 'qty', type: 'int64' },
      { name: 'items', type: 'array<struct<sku string, qty int64, price double>>' },
      { name: 'ts', type: 'timestamp' },
    ],
    eventTime: 'ts',
  })

const filter = (id: string) =>
  made(id, 'filter', { mode: 'keep', condition: "total > 1 and userId like 'u-%' and region is not null" })
const select = (id: string) =>
  made(id, 'select', {
    fields: [
      { name: 'gross', expression: 'total * 1.19' },
      { name: 'label', expression: "upper(region) || '-' || userId" },
    ],
  })
const sink = (id: string) => made(id, 'kafka-sink', { connection: 'kafka', topic: `${id}-out` })

function stateless() {
  const steps = Array.from({ length: 18 }, (_, i) => (i % 2 === 0 ? filter(`n${i}`) : select(`n${i}`)))
  const ids = ['orders', ...steps.map(({ id }) => id), 'out']
  return pipeline(
    [source('orders'), ...steps, sink('out')],
    ids.slice(1).map((id, i) => `${ids[i]} → ${id}`),
  )
}

function stateful() {
  const window = (id: string, kind: NodeConfig) =>
    made(id, 'window', {
      groupBy: ['region'],
      aggregates: [
        { function: 'count', as: 'n' },
        { function: 'sum', argument: 'total', as: 'sum' },
      ],
      ...kind,
    })
  const before = ['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6']
  const nodes = [
    source('orders'),
    ...before.map((id, i) => (i % 2 === 0 ? filter(id) : select(id))),
    made('first', 'dedupe', { key: ['userId', 'orderId'] }),
    window('tumbling', { size: 60_000 }),
    window('hopping', { kind: 'hopping', size: 60_000, slide: 10_000 }),
    window('session', { kind: 'session', gap: 5_000 }),
    made('running', 'running', {
      groupBy: ['userId'],
      aggregates: [{ function: 'avg', argument: 'total', as: 'mean' }],
    }),
    source('payments'),
    made('pairs', 'join', { on: [{ left: 'orderId', right: 'orderId' }], lower: 0, upper: 60_000 }),
    ...['s1', 's2', 's3', 's4', 's5'].map(sink),
  ]
  const chain = ['orders', ...before, 'first']
  return pipeline(nodes, [
    ...chain.slice(1).map((id, i) => `${chain[i]} → ${id}`),
    ...['tumbling', 'hopping', 'session', 'running'].map((id) => `first → ${id}`),
    ...['first → pairs.left', 'payments → pairs.right', 'tumbling → s1', 'hopping → s2', 'session → s3'],
    ...['running → s4', 'pairs → s5'],
  ])
}

function inputOf(graph: ReturnType<typeof pipeline>): PreviewInput {
  const samples = new Map([
    ['orders', recordsOf('orders')],
    ['payments', recordsOf('payments')],
  ])
  return { graph, samples, references: new Map(), closeWindows: true, generatorStart: 0 }
}

const encoder = new TextEncoder()

function recordsOf(topic: string): RawRecord[] {
  return Array.from({ length: EVENTS }, (_, i) => {
    const timestamp = 1_750_000_000_000 + i * 300
    const order = {
      orderId: `o-${i}`,
      userId: `u-${(i * 37) % 211}`,
      region: ['US-WEST', 'US-EAST', 'EU-CENTRAL', 'APAC'][i % 4],
      total: 10 + ((i * 7919) % 10_000) / 100,
      qty: i % 5,
      items: Array.from({ length: 4 }, (_, at) => ({ sku: `sku-${i}-${at}`, qty: at + 1, price: 9.99 })),
      ts: timestamp,
    }
    const value = encoder.encode(JSON.stringify(order))
    return { topic, partition: 0, offset: i, timestamp, key: null, value }
  })
}
