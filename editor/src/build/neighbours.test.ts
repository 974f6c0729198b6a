import { describe, expect, test } from 'vitest'
import { sampleEdge, sampleGraph, sampleNode } from '../testing/sample-types.ts'
import { firstNode, lightsOf, neighbourOf } from './neighbours.ts'

const graph = sampleGraph()

/** orders feeds filter above and low below it; nothing feeds alone, which stands at the right of all. */
const forked = {
  ...graph,
  nodes: [...graph.nodes, sampleNode('low', 'filter'), sampleNode('alone', 'orders')],
  edges: [...graph.edges, sampleEdge('orders', 'low')],
  layout: { ...graph.layout, low: { x: 200, y: 300 }, alone: { x: 600, y: 40 } },
}

describe('an arrow key leads', () => {
  test('along the connections, to the nearest of several', () => {
    expect(neighbourOf(forked, 'orders', 'right')).toBe('filter')
    expect(neighbourOf(forked, 'archive', 'left')).toBe('filter')
    expect(neighbourOf(forked, 'low', 'left')).toBe('orders')
  })

  test('to what stands there, where no connection leads', () => {
    expect(neighbourOf(forked, 'archive', 'right')).toBe('alone')
    expect(neighbourOf(forked, 'filter', 'down')).toBe('low')
    expect(neighbourOf(forked, 'low', 'up')).toBe('filter')
  })

  test('nowhere at the edge of the canvas', () => {
    expect(neighbourOf(forked, 'orders', 'left')).toBeNull()
    expect(neighbourOf(forked, 'low', 'down')).toBeNull()
  })

  test('first to the node at the left', () => {
    expect(firstNode(forked)).toBe('orders')
    expect(firstNode({ ...forked, nodes: [] })).toBeNull()
  })
})

describe('a selection lights', () => {
  test('all that feeds it and that it feeds, and the ways there, but no other branch', () => {
    const { nodes, edges } = lightsOf(forked, new Set(['filter']))
    expect([...nodes].sort()).toEqual(['archive', 'orders'])
    expect([...edges].sort()).toEqual(['filter_archive', 'orders_filter'])
  })

  test('nothing where nothing, or nothing that is there, is selected', () => {
    expect(lightsOf(forked, new Set()).nodes.size).toBe(0)
    expect(lightsOf(forked, new Set(['gone'])).edges.size).toBe(0)
  })
})
