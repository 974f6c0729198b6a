import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleEdge, sampleGraph, sampleNode } from '../testing/sample-types.ts'
import { foundRows, openRows, outlineOf, parentOf } from './outline-rows.ts'

const graph = sampleGraph()
const lines = (rows: ReturnType<typeof outlineOf>) =>
  rows.map(({ node, level, isFork }) => `${level} ${node.id}${isFork ? ' <' : ''}`)

/** orders feeds filter and low, which both feed archive. */
const diamond = {
  ...graph,
  nodes: [...graph.nodes, sampleNode('low', 'filter')],
  edges: [...graph.edges, sampleEdge('orders', 'low'), sampleEdge('low', 'archive')],
}

describe('outlineOf', () => {
  test('keeps what follows on one level, and branches a level deeper', () => {
    expect(lines(outlineOf(graph))).toEqual(['1 orders', '1 filter', '1 archive'])
    expect(lines(outlineOf(diamond))).toEqual(['1 orders <', '2 filter', '2 archive', '2 low'])
  })

  test('says where a stream goes that stands elsewhere', () => {
    expect(outlineOf(diamond).find(({ node }) => node.id === 'low')?.joins).toEqual(['archive'])
  })

  test('has every node once, also on circles', () => {
    const ids = ['a', 'b', 'c', 'd', 'e']
    const ends = fc.array(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids)), { maxLength: 12 })
    fc.assert(
      fc.property(ends, (pairs) => {
        const nodes = ids.map((id) => sampleNode(id, 'filter'))
        const edges = pairs.map(([from, to], i) => ({ ...sampleEdge(from, to), id: `e${i}` }))
        const rows = outlineOf({ ...graph, nodes, edges })
        expect(rows.map(({ node }) => node.id).sort()).toEqual(ids)
        for (const [i, { level }] of rows.entries()) {
          expect(level).toBeLessThanOrEqual((rows[i - 1]?.level ?? 0) + 1)
        }
      }),
    )
  })
})

test('a closed fork hides its branches, and is found from each of them', () => {
  const rows = outlineOf(diamond)
  expect(lines(openRows(rows, new Set(['orders'])))).toEqual(['1 orders <'])
  expect(openRows(rows, new Set())).toHaveLength(4)
  expect(parentOf(rows, 3)?.node.id).toBe('orders')
  expect(parentOf(rows, 0)).toBeNull()
})

test('foundRows lists the lines that hold all words, without levels', () => {
  expect(lines(foundRows(outlineOf(diamond), 'LO'))).toEqual(['1 low'])
  expect(lines(foundRows(outlineOf(diamond), ' r ch '))).toEqual(['1 archive'])
  expect(foundRows(outlineOf(diamond), 'nowhere')).toEqual([])
})
