import {
  applyChange,
  type GraphChange,
  type PipelineGraph,
  type Position,
  parseGraph,
  partsOf,
  positionOf,
  serializeGraph,
} from '@millrace/graph'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleEdge, sampleGraph, sampleNode } from '../testing/sample-types.ts'
import { cornerOfGroup, groupNodes, settle, ungroupNodes } from './canvas-edits.ts'
import { copySelected, pasteCopy, removeSelected } from './edits.ts'

const NODES = ['orders', 'filter', 'archive', 'n4', 'n5', 'n6']
const NOTES = ['why', 'where']

function counter() {
  let next = 0
  return (prefix: string) => `${prefix}_${next++}`
}

const place: fc.Arbitrary<Position> = fc.record({
  x: fc.integer({ min: -5_000, max: 5_000 }),
  y: fc.integer({ min: -5_000, max: 5_000 }),
})

/** Six nodes, some of them connected, in places of their own, with up to two notes and two groups. */
const drawing: fc.Arbitrary<PipelineGraph> = fc
  .record({
    places: fc.array(place, { minLength: 6, maxLength: 6 }),
    ends: fc.array(fc.tuple(fc.constantFrom(...NODES), fc.constantFrom(...NODES)), { maxLength: 8 }),
    notes: fc.array(place, { maxLength: 2 }),
    groupOf: fc.array(fc.constantFrom('', 'g1', 'g2'), { minLength: 6, maxLength: 6 }),
    collapsed: fc.boolean(),
  })
  .map(({ places, ends, notes, groupOf, collapsed }) => {
    const nodes = NODES.map((id) => sampleNode(id, 'filter'))
    const groups = ['g1', 'g2'].map((id) => ({
      ...{ id, label: id, collapsed },
      nodes: NODES.filter((_node, i) => groupOf[i] === id),
    }))
    const parsed = parseGraph({
      ...sampleGraph(),
      nodes,
      edges: ends.map(([from, to], i) => ({ ...sampleEdge(from, to), id: `e${i}` })),
      layout: Object.fromEntries(NODES.map((id, i) => [id, places[i]])),
      canvas: {
        notes: notes.map((position, i) => ({ id: NOTES[i], text: 'x', position, width: 200, height: 100 })),
        groups,
      },
    })
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
    return parsed.graph
  })

const selection = fc.uniqueArray(fc.constantFrom(...NODES, ...NOTES, 'g1', 'g2'))

/** Applies a change and sees that its inverse leads back to the very same document. */
function applied(graph: PipelineGraph, change: GraphChange | null): PipelineGraph {
  if (change === null) return graph
  const { graph: after, inverse } = applyChange(graph, change)
  expect(serializeGraph(applyChange(after, inverse).graph)).toBe(serializeGraph(graph))
  return after
}

describe('settle', () => {
  test('brings exactly what is named to its places, and what is collapsed along', () => {
    const places = fc.dictionary(fc.constantFrom(...NODES, ...NOTES, 'g1', 'g2', 'gone'), place)
    fc.assert(
      fc.property(drawing, places, (graph, wanted) => {
        const after = applied(graph, settle(graph, wanted))
        for (const { id } of graph.nodes) {
          expect(positionOf(after.layout, id)).toEqual(wanted[id] ?? carried(graph, id, wanted))
        }
        for (const note of partsOf(graph).notes) {
          const now = partsOf(after).notes.find(({ id }) => id === note.id)
          expect(now).toEqual({ ...note, position: wanted[note.id] ?? note.position })
        }
        expect(after.nodes).toBe(graph.nodes)
        expect(after.edges).toBe(graph.edges)
      }),
    )
  })

  test('is nothing where all stands there already', () => {
    fc.assert(fc.property(drawing, (graph) => settle(graph, graph.layout) === null))
  })
})

/** Where a node is, unless the card of its collapsed group was brought elsewhere. */
function carried(graph: PipelineGraph, nodeId: string, wanted: { readonly [id: string]: Position }) {
  const at = positionOf(graph.layout, nodeId) ?? { x: 0, y: 0 }
  const group = partsOf(graph).groups.find(({ nodes, collapsed }) => collapsed && nodes.includes(nodeId))
  const to = group && wanted[group.id]
  if (!group || !to) return at
  const corner = cornerOfGroup(graph, group)
  return { x: at.x + to.x - corner.x, y: at.y + to.y - corner.y }
}

describe('groups', () => {
  test('hold each node once, whatever is grouped, and dissolve without a trace', () => {
    fc.assert(
      fc.property(drawing, fc.array(selection, { maxLength: 4 }), (graph, picks) => {
        const makeId = counter()
        let current = graph
        for (const pick of picks) {
          current = applied(current, groupNodes(current, new Set(pick), makeId)?.change ?? null)
          const members = partsOf(current).groups.flatMap(({ nodes }) => nodes)
          expect(new Set(members).size).toBe(members.length)
          expect(partsOf(current).groups.every(({ nodes }) => nodes.length > 0)).toBe(true)
        }
        const all = new Set(partsOf(current).groups.map(({ id }) => id))
        const { canvas: _canvas, ...plain } = applied(current, ungroupNodes(current, all))
        const { canvas: _before, ...start } = graph
        expect(plain).toEqual(start)
      }),
    )
  })
})

describe('the clipboard', () => {
  test('gives the selected part again under new ids, and leaves the rest as it was', () => {
    fc.assert(
      fc.property(drawing, selection, place, (graph, picked, offset) => {
        const parsed = parseGraph(JSON.parse(JSON.stringify(copySelected(graph, new Set(picked)))))
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues))
        const copy = parsed.graph
        const { change, nodeIds } = pasteCopy(copy, offset, counter())
        const after = applied(graph, change)
        expect(after.nodes.slice(0, graph.nodes.length)).toEqual(graph.nodes)
        expect(after.edges.slice(0, graph.edges.length)).toEqual(graph.edges)
        // What is pasted, taken out again, is what was copied, but for ids and places.
        expect(shapeOf(copySelected(after, new Set(nodeIds)), offset)).toEqual(shapeOf(copy, { x: 0, y: 0 }))
      }),
    )
  })

  test('cut and paste leaves no node twice', () => {
    fc.assert(
      fc.property(drawing, selection, (graph, picked) => {
        const copy = copySelected(graph, new Set(picked))
        const rest = applied(graph, removeSelected(graph, new Set(picked), new Set()))
        expect(rest.nodes.length + copy.nodes.length).toBe(graph.nodes.length)
        const again = applied(rest, pasteCopy(copy, { x: 0, y: 0 }, counter()).change)
        expect(again.nodes).toHaveLength(graph.nodes.length)
        expect(partsOf(again).notes).toHaveLength(partsOf(graph).notes.length)
      }),
    )
  })
})

/** A drawing without its ids: nodes by their order, places without the offset. */
function shapeOf(graph: PipelineGraph, { x, y }: Position) {
  const order = new Map(graph.nodes.map(({ id }, i) => [id, i]))
  const { notes, groups } = partsOf(graph)
  const back = (at: Position | undefined) => at && { x: at.x - x, y: at.y - y }
  return {
    nodes: graph.nodes.map(({ id, type, config }) => ({
      type,
      config,
      at: back(positionOf(graph.layout, id)),
    })),
    edges: graph.edges.map(({ from, to }) => [order.get(from.node), from.port, order.get(to.node), to.port]),
    notes: notes.map(({ text, position, width, height }) => ({ text, width, height, at: back(position) })),
    groups: groups.map(({ label, nodes, collapsed }) => ({
      label,
      collapsed,
      nodes: nodes.map((id) => order.get(id)),
    })),
  }
}
