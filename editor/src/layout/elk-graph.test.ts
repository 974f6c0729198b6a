// @vitest-environment node
import type { PipelineGraph } from '@millrace/graph'
import Elk from 'elkjs/lib/elk.bundled.js'
import { expect, test } from 'vitest'
import { sampleCatalogue, sampleEdge, sampleGraph, sampleNode } from '../testing/sample-types.ts'
import { placesOf, toElk } from './elk-graph.ts'

const GRID = 8
const SIZE = { width: 136, height: 98 }

async function layOut(graph: PipelineGraph, ids = graph.nodes.map(({ id }) => id)) {
  const request = { graph, catalogue: sampleCatalogue, chosen: new Set(ids), sizeOf: () => SIZE }
  return placesOf(await new Elk().layout(toElk(request)), graph, GRID)
}

/** A source that forks into three filters, each with a sink, all at one place. */
function heap(): PipelineGraph {
  const graph = sampleGraph()
  const names = ['a', 'b', 'c']
  const nodes = [
    sampleNode('orders', 'orders'),
    ...names.flatMap((name) => [sampleNode(name, 'filter'), sampleNode(`${name}-sink`, 'archive')]),
  ]
  const edges = names.flatMap((name) => [sampleEdge('orders', name), sampleEdge(name, `${name}-sink`)])
  const layout = Object.fromEntries(nodes.map(({ id }) => [id, { x: 200, y: 104 }]))
  return { ...graph, nodes, edges, layout }
}

test('every connection leads to the right, and no card lies on another', async () => {
  const graph = heap()
  const places = Object.entries(await layOut(graph))
  const at = new Map(places)
  for (const { from, to } of graph.edges) {
    expect(at.get(to.node)?.x).toBeGreaterThanOrEqual((at.get(from.node)?.x ?? 0) + SIZE.width)
  }
  for (const [id, one] of places) {
    for (const [other, two] of places) {
      const overlaps = Math.abs(one.x - two.x) < SIZE.width && Math.abs(one.y - two.y) < SIZE.height
      expect(id !== other && overlaps, `${id} and ${other}`).toBe(false)
    }
  }
})

test('lays nothing else within the frame of a group', async () => {
  const group = { id: 'g', label: 'A', nodes: ['a', 'b-sink'], collapsed: false }
  const graph = { ...heap(), canvas: { notes: [], groups: [group] } }
  const places = await layOut(graph)
  const members = group.nodes.flatMap((id) => places[id] ?? [])
  const frame = {
    left: Math.min(...members.map(({ x }) => x)),
    right: Math.max(...members.map(({ x }) => x)) + SIZE.width,
    top: Math.min(...members.map(({ y }) => y)),
    bottom: Math.max(...members.map(({ y }) => y)) + SIZE.height,
  }
  const others = Object.entries(places).filter(([id]) => !group.nodes.includes(id))
  expect(others).toHaveLength(5)
  for (const [id, { x, y }] of others) {
    const isBeside = x + SIZE.width <= frame.left || x >= frame.right
    const isOver = y + SIZE.height <= frame.top || y >= frame.bottom
    expect(isBeside || isOver, id).toBe(true)
  }
})

test('keeps the upper left corner where it was, and the grid', async () => {
  const places = Object.values(await layOut(heap()))
  expect(Math.min(...places.map(({ x }) => x))).toBe(200)
  expect(Math.min(...places.map(({ y }) => y))).toBe(104)
  expect(places.every(({ x, y }) => x % GRID === 0 && y % GRID === 0)).toBe(true)
})

test('moves the chosen nodes alone', async () => {
  expect(Object.keys(await layOut(heap(), ['a', 'a-sink'])).sort()).toEqual(['a', 'a-sink'])
})

test('gives the same places each time', async () => {
  expect(await layOut(heap())).toEqual(await layOut(heap()))
})

test('takes a pipeline of no known node type, and one without nodes', async () => {
  const graph = sampleGraph()
  const strange = graph.nodes.map((node) => ({ ...node, type: 'strange' }))
  expect(Object.keys(await layOut({ ...graph, nodes: strange }))).toHaveLength(3)
  expect(await layOut({ ...graph, nodes: [], edges: [], layout: {} })).toEqual({})
})
