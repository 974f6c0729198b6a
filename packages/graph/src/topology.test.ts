import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { indexGraph } from './graph-index.ts'
import { union } from './testing/definitions.ts'
import { diamondLadder, edge, node, pipeline } from './testing/graphs.ts'
import { downstreamOf, findCycle, findPath, topologicalOrder, upstreamOf } from './topology.ts'

function indexOf(ids: string, ...edges: string[]) {
  const nodes = [...ids].map((id) => node(id, union))
  return indexGraph(pipeline(nodes, edges))
}

const diamond = indexOf('dcba', 'a → b', 'a → c', 'b → d', 'c → d')
const circle = indexOf('sxyzt', 's → x', 'x → y', 'y → z', 'z → x', 'z → t')

describe('topologicalOrder', () => {
  it('puts every node behind what feeds it; among equals document order decides', () => {
    expect(topologicalOrder(diamond)).toEqual({ order: ['a', 'b', 'c', 'd'], cyclic: [] })
    expect(topologicalOrder(indexOf('bca'))).toEqual({ order: ['b', 'c', 'a'], cyclic: [] })
  })

  it('orders what stands before and behind a cycle, and names the rest', () => {
    expect(topologicalOrder(circle)).toEqual({ order: ['s', 't'], cyclic: ['x', 'y', 'z'] })
  })

  it('sees an edge from a node to itself as a cycle', () => {
    expect(topologicalOrder(indexOf('ab', 'a → a', 'a → b'))).toEqual({ order: ['b'], cyclic: ['a'] })
  })

  it('copes with several edges between the same two nodes', () => {
    const index = indexGraph({
      nodes: [node('b', union), node('a', union)],
      edges: [edge('a → b', '1'), edge('a → b', '2')],
    })
    expect(topologicalOrder(index)).toEqual({ order: ['a', 'b'], cyclic: [] })
  })

  it('passes over edges of missing nodes', () => {
    expect(topologicalOrder(indexOf('a', 'a → x', 'x → a'))).toEqual({ order: ['a'], cyclic: [] })
  })

  it('takes a ladder of 1,000 diamonds, with 2^1000 ways through', () => {
    expect(topologicalOrder(indexGraph(diamondLadder(1_000))).order).toHaveLength(3_002)
  })

  it('leaves no node out and no edge backwards, whatever the graph', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 11 }), fc.nat({ max: 11 })), { maxLength: 30 }),
        (pairs) => {
          const nodes = Array.from({ length: 12 }, (_, i) => node(`n${i}`, union))
          const edges = pairs.map(([from, to], i) => edge(`n${from} → n${to}`, `e${i}`))
          const index = indexGraph({ nodes, edges })
          const { order, cyclic } = topologicalOrder(index)
          expect([...order, ...cyclic].sort()).toEqual(nodes.map(({ id }) => id).sort())
          const rank = new Map(order.map((id, i) => [id, i]))
          const placed = edges.filter(({ from, to }) => rank.has(from.node) && rank.has(to.node))
          expect(placed.filter(({ from, to }) => rank.get(from.node)! >= rank.get(to.node)!)).toEqual([])
          const onCycle = nodes.filter(({ id }) => downstreamOf(index, id).has(id)).map(({ id }) => id)
          expect(cyclic).toEqual(expect.arrayContaining(onCycle))
          const between = cyclic.filter((id) => !onCycle.includes(id))
          const reachesCycle = (ids: ReadonlySet<string>) => onCycle.some((id) => ids.has(id))
          expect(
            between.filter(
              (id) => !reachesCycle(upstreamOf(index, id)) || !reachesCycle(downstreamOf(index, id)),
            ),
          ).toEqual([])
        },
      ),
    )
  })
})

describe('findCycle', () => {
  it('names the nodes of one cycle, each feeding the next', () => {
    expect(findCycle(circle)).toEqual(['x', 'y', 'z'])
    expect(findCycle(indexOf('ab', 'a → a', 'a → b'))).toEqual(['a'])
  })

  it('leaves out what only leads from one cycle to another', () => {
    const two = indexOf('mabxy', 'a → b', 'b → a', 'b → m', 'm → x', 'x → y', 'y → x')
    expect(topologicalOrder(two).cyclic).toContain('m')
    expect(findCycle(two)).toEqual(['x', 'y'])
  })

  it('gives null where there is none', () => {
    expect(findCycle(diamond)).toBe(null)
    expect(findCycle(indexOf(''))).toBe(null)
  })
})

describe('upstreamOf and downstreamOf', () => {
  it('give all that feeds a node and all that it feeds, without the node', () => {
    expect([...upstreamOf(diamond, 'd')].sort()).toEqual(['a', 'b', 'c'])
    expect([...downstreamOf(diamond, 'b')]).toEqual(['d'])
    expect([...upstreamOf(diamond, 'a')]).toEqual([])
    expect([...downstreamOf(diamond, 'missing')]).toEqual([])
  })

  it('include the node itself on a cycle', () => {
    expect([...downstreamOf(circle, 'x')].sort()).toEqual(['t', 'x', 'y', 'z'])
  })
})

describe('findPath', () => {
  it('gives a shortest way, both ends included', () => {
    const index = indexOf('abcd', 'a → b', 'b → c', 'c → d', 'b → d')
    expect(findPath(index, 'a', 'd')).toEqual(['a', 'b', 'd'])
    expect(findPath(index, 'a', 'a')).toEqual(['a'])
  })

  it('gives null where no way leads there', () => {
    expect(findPath(diamond, 'b', 'c')).toBe(null)
  })
})
