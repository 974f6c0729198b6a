import { eventsOf, type NodePreview, type RawRecord, runPreview } from '@millrace/engine'
import type { NodeConfig } from '@millrace/graph'
import { node, pipeline } from '@millrace/graph/testing'
import { describe, expect, it } from 'vitest'
import { catalogue, runtimes } from './index.ts'

const encoder = new TextEncoder()

function made(id: string, type: string, config: NodeConfig = {}) {
  const definition = catalogue.get(type)
  if (definition === undefined) throw new Error(type)
  return node(id, definition, { ...definition.defaults, ...config })
}

const source = (id: string) =>
  made(id, 'kafka', {
    connection: 'k',
    topic: id,
    fields: [
      { name: 'id', type: 'int64 not null' },
      { name: 'group', type: 'string' },
      { name: 'ts', type: 'timestamp' },
    ],
    eventTime: 'ts',
    outOfOrderness: 20_000,
  })

interface Event {
  readonly id: number
  readonly group: string
  readonly ts: number
}

/** Events that come about every second, some of them late. The same seed gives the same ones. */
function eventsFrom(seed: number, count = 120): Event[] {
  let state = seed
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  return Array.from({ length: count }, (_, id) => ({
    id,
    group: 'abc'[next(3)] as string,
    ts: id * 1_000 - (next(10) === 0 ? next(60_000) : next(5_000)),
  }))
}

function recordsOf(topic: string, events: readonly Event[]): RawRecord[] {
  return events.map((event, offset) => ({
    ...{ topic, partition: 0, offset, timestamp: offset * 1_000, key: null },
    value: encoder.encode(JSON.stringify(event)),
  }))
}

async function preview(
  nodes: readonly ReturnType<typeof made>[],
  edges: readonly string[],
  samples: Record<string, readonly Event[]>,
): Promise<NodePreview> {
  const result = await runPreview(
    {
      graph: pipeline(nodes, edges),
      samples: new Map(Object.entries(samples).map(([id, events]) => [id, recordsOf(id, events)])),
      references: new Map(),
      closeWindows: true,
      generatorStart: 0,
    },
    catalogue,
    runtimes,
  )
  const shown = result.get('n')
  if (shown === undefined) throw new Error('the node did not run')
  return shown
}

const collected = [{ function: 'collect', argument: 'id', as: 'ids', limit: 1000 }]

/** The ids that a result says it was made of, in the field `ids`; events are numbered like their ids. */
function told({ out: [rows = []] }: NodePreview, place: number) {
  return rows.map(({ row, events }) => ({
    events: eventsOf(events),
    ids: (row[place] as number[]).map(Number).toSorted((a, b) => a - b),
  }))
}

describe.each([1, 2, 3])('the events of a result, seed %i', (seed) => {
  const events = eventsFrom(seed)

  it.each<[string, NodeConfig]>([
    ['tumbling', { kind: 'tumbling', size: 15_000 }],
    ['tumbling with lateness', { kind: 'tumbling', size: 15_000, allowedLateness: 20_000 }],
    ['hopping', { kind: 'hopping', size: 20_000, slide: 5_000 }],
    ['cumulative', { kind: 'cumulative', size: 30_000, step: 10_000 }],
    ['session', { kind: 'session', gap: 2_500 }],
  ])('of a %s window are those that it counted', async (_, config) => {
    const window = made('n', 'window', { groupBy: ['group'], aggregates: collected, ...config })
    const result = await preview([source('s'), window], ['s → n'], { s: events })
    const rows = told(result, 3)
    expect(rows.length).toBeGreaterThan(5)
    for (const row of rows) expect(row.events).toEqual(row.ids)
  })

  it('of a join are those of the two rows that met, and of a row alone its own', async () => {
    const others = eventsFrom(seed + 10)
    const join = made('n', 'join', {
      kind: 'full',
      on: [{ left: 'group', right: 'group' }],
      lower: -3_000,
      upper: 3_000,
    })
    const result = await preview([source('l'), source('r'), join], ['l → n.left', 'r → n.right'], {
      l: events,
      r: others,
    })
    const [rows = []] = result.out
    const places = { left: 0, right: 3 }
    const ids = rows.map(({ row }) =>
      [row[places.left], row[places.right]].map((id) => (id === null ? null : Number(id))),
    )
    expect(rows.map(({ events: made }) => eventsOf(made))).toEqual(
      ids.map(([left, right]) => [
        ...(left == null ? [] : [left]),
        ...(right == null ? [] : [events.length + right]),
      ]),
    )
    const pairs = ids.filter(([left, right]) => left != null && right != null)
    expect(pairs.length).toBeGreaterThan(20)
    expect(result.paired).toEqual([
      new Set(pairs.map(([left]) => left)).size,
      new Set(pairs.map(([, right]) => right)).size,
    ])
    expect(Math.min(...(result.paired ?? []))).toBeLessThan(events.length)
  })

  it('of a pattern are those of its match', async () => {
    const pattern = made('n', 'pattern', {
      key: [],
      first: "group = 'a'",
      second: "group = 'b'",
      within: 4_000,
      overlap: 'each',
    })
    const result = await preview([source('s'), pattern], ['s → n'], { s: events })
    const [rows = []] = result.out
    expect(rows.length).toBeGreaterThan(5)
    for (const { row, events: made } of rows) {
      const ids = row.filter((value) => typeof value === 'bigint' || typeof value === 'number')
      expect(ids.map(Number)).toEqual(expect.arrayContaining([...eventsOf(made)]))
      expect(eventsOf(made)).toHaveLength(2)
    }
  })

  it('go on through nodes behind, and late rows tell the watermark that they missed', async () => {
    const window = made('w', 'window', { size: 15_000, groupBy: ['group'], aggregates: collected })
    const big = made('n', 'filter', { condition: 'true' })
    const behind = await preview([source('s'), window, big], ['s → w', 'w → n'], { s: events })
    for (const row of told(behind, 3)) expect(row.events).toEqual(row.ids)
    const { late } = await preview([source('s'), { ...window, id: 'n' }], ['s → n'], { s: events })
    expect(late.length).toBeGreaterThan(0)
    for (const { time, watermark, events: made } of late) {
      expect(watermark).toBeGreaterThanOrEqual(Math.floor(time / 15_000) * 15_000 + 15_000 - 1)
      expect(eventsOf(made)).toHaveLength(1)
    }
  })
})
