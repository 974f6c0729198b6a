import type { RawRecord } from '@millrace/engine'
import type { GraphNode } from '@millrace/graph'
import { catalogue, runtimes } from '@millrace/nodes'
import { describe, expect, test } from 'vitest'
import { orderPipeline } from '../testing/order-pipeline.ts'
import { droppedByCause, fatesOf } from './fates.ts'
import { createPreviewServer } from './preview-server.ts'

const MINUTE = 60_000

function record(topic: string, offset: number, value: unknown, key: string | null = null): RawRecord {
  const bytes = (text: string) => new TextEncoder().encode(text)
  return {
    topic,
    partition: 0,
    offset,
    timestamp: offset,
    key: key === null ? null : bytes(key),
    value: bytes(typeof value === 'string' ? value : JSON.stringify(value)),
  }
}

const order = (offset: number, userId: string, ts: number) =>
  record('orders', offset, { orderId: `o-${offset}`, userId, total: 10, ts })

const samples = [
  order(0, 'u-1', MINUTE),
  order(1, 'healthcheck-eu', 2 * MINUTE),
  record('orders', 2, '{"orderId": oops'),
  order(3, 'u-2', 3 * MINUTE),
  order(4, 'u-1', 8 * MINUTE),
]
const references = [record('users', 0, { userId: 'u-1', region: 'EU' }, 'u-1')]

async function open() {
  let time = 0
  const answer = createPreviewServer({ catalogue, runtimes, now: () => time++ })
  await answer({
    kind: 'load',
    samples: new Map([['orders', samples]]),
    references: new Map([['region', references]]),
    generatorStart: 0,
  })
  return answer
}

async function rowsOf(answer: Awaited<ReturnType<typeof open>>, nodeId: string) {
  const found = await answer({ kind: 'rows', nodeId })
  if (found?.kind !== 'rows' || found.preview === null) throw new Error(`no rows of ${nodeId}`)
  return found.preview
}

describe('the preview server', () => {
  test('counts what the sample does in every node, with the operators that run in production', async () => {
    const answer = await open()
    const ran = await answer({ kind: 'run', id: 7, graph: orderPipeline() })
    if (ran?.kind !== 'ran') throw new Error(`did not run: ${ran?.kind === 'failed' && ran.message}`)
    expect(ran).toMatchObject({ id: 7, ms: 1 })
    expect(ran.counts.get('orders')).toMatchObject({ out: 4, errors: 1 })
    expect(ran.counts.get('filter')).toMatchObject({ in: 4, out: 3, dropped: 1 })
    expect(ran.counts.get('region')).toMatchObject({ in: 3, out: 3 })
    expect(ran.counts.get('sink')).toMatchObject({ in: 3 })
  })

  test('says what the rows of a node consist of, and which fields are not shown', async () => {
    const answer = await open()
    const graph = orderPipeline()
    const [orders, ...others] = graph.nodes
    const fields = [
      { name: 'userId', type: 'string', sensitive: true },
      { name: 'ts', type: 'timestamp' },
    ]
    const nodes = [{ ...orders, config: { ...orders?.config, fields } } as GraphNode, ...others]
    await answer({ kind: 'run', id: 1, graph: { ...graph, nodes } })
    const found = await answer({ kind: 'rows', nodeId: 'filter' })
    expect(found?.kind === 'rows' && found.inputs).toMatchObject([
      { port: 'in', fields: [{ name: 'userId' }, { name: 'ts' }], sensitive: new Set(['userId']) },
    ])
  })

  test('gives the rows of a node with the fate of each', async () => {
    const answer = await open()
    await answer({ kind: 'run', id: 1, graph: orderPipeline() })
    const filter = await rowsOf(answer, 'filter')
    expect([...fatesOf(filter)].map(([place, { kind }]) => [place, kind])).toEqual([
      ['orders/0/1', 'dropped'],
    ])
    expect(droppedByCause(filter)).toMatchObject([
      { rows: [{ row: ['o-1', 'healthcheck-eu', 10, 2 * MINUTE] }] },
    ])
    const region = await rowsOf(answer, 'region')
    expect(region.out[0]?.map(({ row }) => row.at(-1))).toEqual(['EU', null, 'EU'])
  })

  test.each([
    ['versions, at once', { reference: 'versions' }, ['EU', null, 'EU']],
    ['versions, in event time', { reference: 'versions', timing: 'event-time' }, ['EU', null, 'EU']],
    ['a table', { reference: 'table', table: 'userId,region\nu-2,US' }, [null, 'US', null]],
  ])('looks up %s', async (_, config, expected) => {
    const answer = await open()
    const graph = orderPipeline()
    const nodes = graph.nodes.map((node) =>
      node.id === 'region' ? { ...node, config: { ...node.config, ...config } } : node,
    )
    const ran = await answer({ kind: 'run', id: 1, graph: { ...graph, nodes } })
    if (ran?.kind !== 'ran') throw new Error('did not run')
    const region = await rowsOf(answer, 'region')
    expect(region.out[0]?.map(({ row }) => row.at(-1))).toEqual(expected)
    expect(ran.counts.get('region')).toMatchObject({ in: 3, out: 3, errors: 0 })
    // Only nodes of the graph are shown.
    expect([...ran.counts.keys()].toSorted()).toEqual(graph.nodes.map(({ id }) => id).toSorted())
  })

  test('follows an event through the nodes, to where it was dropped or what it became', async () => {
    const answer = await open()
    await answer({ kind: 'run', id: 1, graph: orderPipeline() })
    const follow = async (offset: number) => {
      const { out } = await rowsOf(answer, 'orders')
      const row = out[0]?.find(({ origin }) => origin?.offset === offset)
      const found = await answer({ kind: 'follow', events: row?.events ?? null })
      if (found?.kind !== 'path') throw new Error('no path')
      return found.steps
    }
    const dropped = await follow(1)
    expect(dropped.map(({ nodeId }) => nodeId)).toEqual(['orders', 'filter'])
    expect(dropped.at(-1)).toMatchObject({ counts: { in: 1, out: 0 }, dropped: [expect.any(String)] })
    const first = await follow(0)
    expect(first.map(({ nodeId }) => nodeId)).toEqual(
      expect.arrayContaining(['orders', 'filter', 'region', 'window', 'sink']),
    )
    expect(first.find(({ nodeId }) => nodeId === 'region')?.out[0]).toMatchObject([
      { row: ['o-0', 'u-1', 10, MINUTE, 'EU'] },
    ])
    const window = first.find(({ nodeId }) => nodeId === 'window')
    expect(window?.out[0]?.map(({ row }) => row[1])).toEqual([0])
  })

  test('marks windows that are only closed because the sample ends', async () => {
    const answer = await open()
    await answer({ kind: 'run', id: 1, graph: orderPipeline() })
    const window = await rowsOf(answer, 'window')
    const opens = window.out[0]?.map(({ row, open: isOpen }) => [row[0], row[1], isOpen])
    expect(opens).toContainEqual(['EU', 0, false])
    expect(opens).toContainEqual(['EU', 5 * MINUTE, true])
  })

  test('leaves out nodes with problems and what lies behind them, and knows nothing of unknown nodes', async () => {
    const answer = await open()
    const graph = orderPipeline()
    const nodes = graph.nodes.map((node) =>
      node.id === 'filter' ? { ...node, config: { ...node.config, condition: 'nonsense >' } } : node,
    )
    const ran = await answer({ kind: 'run', id: 1, graph: { ...graph, nodes } })
    expect(ran?.kind === 'ran' && [...ran.counts.keys()]).toEqual(['orders'])
    expect(await answer({ kind: 'rows', nodeId: 'sink' })).toMatchObject({
      kind: 'rows',
      nodeId: 'sink',
      preview: null,
    })
  })

  test('a run that fails says so and does not end the worker', async () => {
    const answer = await open()
    const broken = { ...orderPipeline(), nodes: null } as unknown as ReturnType<typeof orderPipeline>
    expect(await answer({ kind: 'run', id: 3, graph: broken })).toMatchObject({ kind: 'failed', id: 3 })
    expect(await answer({ kind: 'run', id: 4, graph: orderPipeline() })).toMatchObject({ kind: 'ran', id: 4 })
  })
})
