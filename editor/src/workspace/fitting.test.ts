import { applyChange, type GraphChange } from '@millrace/graph'
import { describe, expect, test } from 'vitest'
import { sampleCatalogue, sampleGraph, sampleNode } from '../testing/sample-types.ts'
import { addAtEnd, fitsInto, fittingAt, fittingInto, offersAt } from './fitting.ts'

const graph = sampleGraph()
const opened = applyChange(graph, { kind: 'remove-edge', edgeId: 'filter_archive' }).graph
const types = (list: readonly { type: string }[]) => list.map(({ type }) => type)
const makeId = (prefix: string) => `${prefix}_new`

describe('a connection that is let go over the empty canvas', () => {
  test('is offered what takes it, in both directions', () => {
    const out = { node: 'filter', port: 'out', isOutput: true }
    expect(types(fittingAt(opened, sampleCatalogue, out))).toEqual(['filter', 'archive'])
    const into = { node: 'archive', port: 'in', isOutput: false }
    expect(types(fittingAt(opened, sampleCatalogue, into))).toEqual(['orders', 'filter'])
  })

  test('is offered nothing where its input is taken', () => {
    const taken = { node: 'filter', port: 'in', isOutput: false }
    expect(fittingAt(graph, sampleCatalogue, taken)).toEqual([])
  })

  test('makes node and connection in one step', () => {
    const node = sampleNode('fresh', 'orders')
    const end = { node: 'archive', port: 'in', isOutput: false }
    const placed = { node, position: { x: 0, y: 0 }, end }
    const change = addAtEnd(opened, sampleCatalogue, placed, makeId) as GraphChange
    const { graph: after, inverse } = applyChange(opened, change)
    expect(after.edges.at(-1)).toMatchObject({ from: { node: 'fresh' }, to: { node: 'archive' } })
    expect(applyChange(after, inverse).graph).toEqual(opened)
  })
})

describe('a connection takes a node in', () => {
  const [edge] = graph.edges
  if (edge === undefined) throw new Error('no edge')

  test('that has a way through', () => {
    expect(types(fittingInto(graph, sampleCatalogue, edge))).toEqual(['filter'])
    expect(fitsInto(graph, sampleCatalogue, edge, sampleNode('x', 'archive'))).toBe(false)
  })

  test('but not one of its own ends', () => {
    const filter = graph.nodes.find(({ id }) => id === 'filter')
    expect(filter && fitsInto(graph, sampleCatalogue, edge, filter)).toBe(false)
  })
})

describe('offersAt', () => {
  test('lists what a node may be joined to before what it may not, and why not', () => {
    const offers = offersAt(opened, sampleCatalogue, 'filter')
    expect(offers[0]).toMatchObject({ other: 'archive', isOutput: true, reason: null })
    expect(offers[1]).toMatchObject({ other: 'archive', isOutput: true, reason: null })
    expect(offers.slice(2).every(({ reason }) => reason !== null)).toBe(true)
    expect(offers.find(({ isOutput }) => !isOutput)?.reason).toContain('already')
  })

  test('tell of every other node, also of one that has no port for it', () => {
    const twoSources = { ...opened, nodes: [...opened.nodes, sampleNode('more', 'orders')] }
    const more = offersAt(twoSources, sampleCatalogue, 'orders').find(({ other }) => other === 'more')
    expect(more?.reason).toBe('"more" is a source: it has no input.')
  })

  test('names ports where a node has several', () => {
    const [main, late] = offersAt(opened, sampleCatalogue, 'filter').filter(
      ({ other }) => other === 'archive',
    )
    expect([main?.ports, late?.ports]).toEqual(['Kept', 'Late events'])
  })
})
