import { applyChange, type GraphChange, parseGraph } from '@millrace/graph'
import { describe, expect, test } from 'vitest'
import {
  archiveType,
  filterType,
  sampleCatalogue,
  sampleEdge,
  sampleGraph,
  sampleNode,
} from '../testing/sample-types.ts'
import { addNode, copySelected, insertIntoEdge, joint, pasteCopy, removeSelected } from './edits.ts'

const graph = sampleGraph()
const apply = (change: GraphChange) => applyChange(graph, change).graph

function counter() {
  let next = 0
  return (prefix: string) => `${prefix}_${next++}`
}

describe('addNode', () => {
  test('joins the new node to its neighbour where that fits', () => {
    const node = sampleNode('more', 'archive')
    const change = addNode(
      graph,
      sampleCatalogue,
      { node, position: { x: 0, y: 0 }, neighbour: 'filter' },
      counter(),
    )
    expect(apply(change).edges.at(-1)).toMatchObject({ from: { node: 'filter' }, to: { node: 'more' } })
  })

  test('joins a source in front of a neighbour that lacks an input', () => {
    const lonely = { ...graph, edges: [sampleEdge('filter', 'archive')] }
    expect(joint(lonely, sampleCatalogue, 'filter', 'orders')).toEqual({
      from: { node: 'orders', port: 'out' },
      to: { node: 'filter', port: 'in' },
    })
  })

  test('leaves the new node alone where nothing fits', () => {
    const node = sampleNode('more', 'archive')
    const change = addNode(
      graph,
      sampleCatalogue,
      { node, position: { x: 0, y: 0 }, neighbour: 'archive' },
      counter(),
    )
    expect(apply(change).edges).toEqual(graph.edges)
  })
})

test('insertIntoEdge puts a node between the ends of an edge, and only where there is a way through', () => {
  const edge = sampleEdge('orders', 'filter')
  const placed = { node: sampleNode('mid', 'filter'), position: { x: 0, y: 0 } }
  const change = insertIntoEdge(edge, placed, filterType, counter()) as GraphChange
  const ends = apply(change).edges.map(({ from, to }) => `${from.node} → ${to.node}`)
  expect(ends).toEqual(['filter → archive', 'orders → mid', 'mid → filter'])
  expect(insertIntoEdge(edge, placed, archiveType, counter())).toBeNull()
})

describe('removeSelected', () => {
  test('removes nodes with their edges, and edges that are selected alone', () => {
    const change = removeSelected(graph, new Set(['filter']), new Set(['filter_archive'])) as GraphChange
    expect(apply(change)).toMatchObject({ nodes: [{ id: 'orders' }, { id: 'archive' }], edges: [] })
    const edgeOnly = removeSelected(graph, new Set(), new Set(['filter_archive'])) as GraphChange
    expect(apply(edgeOnly).edges).toEqual([sampleEdge('orders', 'filter')])
  })

  test('is nothing where nothing is selected', () => {
    expect(removeSelected(graph, new Set(), new Set())).toBeNull()
  })
})

describe('copy and paste', () => {
  test('gives new ids, keeps inner edges and leaves outer ones', () => {
    const copy = copySelected(graph, new Set(['orders', 'filter']))
    expect(parseGraph(JSON.parse(JSON.stringify(copy))).ok).toBe(true)
    const { change, nodeIds } = pasteCopy(copy, { x: 10, y: 20 }, counter())
    const after = apply(change)
    expect(nodeIds).toEqual(['orders_0', 'filter_1'])
    expect(after.edges.at(-1)).toMatchObject({ from: { node: 'orders_0' }, to: { node: 'filter_1' } })
    expect(after.layout.filter_1).toEqual({ x: 210, y: 20 })
    expect(after.edges).toHaveLength(3)
  })
})
