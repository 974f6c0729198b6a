import { node, pipeline } from '@millrace/graph/testing'
import { describe, expect, it } from 'vitest'
import {
  catalogue,
  eventRecord,
  events,
  latest,
  pair,
  runtimes,
  sink,
  sums,
  type TestEvent,
} from '../testing/index.ts'
import { runPreview } from './run-preview.ts'

async function preview(
  graph: Parameters<typeof runPreview>[0]['graph'],
  samples: Record<string, TestEvent[]>,
) {
  const records = Object.entries(samples).map(
    ([id, list]) => [id, list.map((one, i) => eventRecord(one, i))] as const,
  )
  const input = {
    graph,
    samples: new Map(records),
    references: new Map(),
    closeWindows: false,
    generatorStart: 0,
  }
  return runPreview(input, catalogue, runtimes)
}

describe('the preview of an updating stream', () => {
  const graph = pipeline(
    [node('source', events), node('latest', latest), node('sums', sums), node('out', sink)],
    ['source → latest', 'latest → sums', 'sums → out'],
  )
  const sample: TestEvent[] = [
    { at: 1, key: 'a', group: 'x', value: 1 },
    { at: 2, key: 'b', group: 'x', value: 2 },
    { at: 3, key: 'a', group: 'y', value: 3 },
    { at: 4, key: 'b', value: -1 },
    { at: 5, key: 'c', group: 'y', value: 4 },
    { at: 6, key: 'c', group: 'y', value: 5 },
  ]

  it('shows the last state of each key, and how often it was changed', async () => {
    const nodes = await preview(graph, { source: sample })
    const shown = (id: string) =>
      nodes
        .get(id)
        ?.out[0]?.map(({ row, updates, deleted }) => [...row.slice(1, 4), updates, deleted ?? false])
    expect(shown('latest')).toEqual([
      ['a', 'y', 3, 1, false],
      ['b', 'x', 2, 1, true],
      ['c', 'y', 5, 1, false],
    ])
    expect(shown('sums')).toEqual([
      [null, 'x', 2, 3, true],
      [null, 'y', 8, 2, false],
    ])
  })

  it('counts every record, and lists what flows in as it lists what flows out', async () => {
    const nodes = await preview(graph, { source: sample })
    // Of the update of "a", which moves it to another group, two arrive.
    expect([nodes.get('latest')?.counts.out, nodes.get('sums')?.counts.in]).toEqual([6, 7])
    expect(nodes.get('out')?.in[0]?.map(({ row }) => row[2])).toEqual(['x', 'y'])
    expect(nodes.get('source')?.out[0]?.map(({ updates }) => updates)).toEqual(sample.map(() => undefined))
  })
})

it('the preview lists the rows of each input by themselves', async () => {
  const graph = pipeline(
    [node('left', events), node('right', events), node('pair', pair), node('out', sink)],
    ['left → pair.left', 'right → pair.right', 'pair → out'],
  )
  const nodes = await preview(graph, {
    left: [{ at: 1, value: 1 }],
    right: [
      { at: 2, value: 2 },
      { at: 3, value: 3 },
    ],
  })
  expect(nodes.get('pair')?.in.map((rows) => rows.map(({ row }) => row[3]))).toEqual([[1], [2, 3]])
})
