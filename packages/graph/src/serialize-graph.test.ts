import { describe, expect, it } from 'vitest'
import { applyChange } from './apply-change.ts'
import type { GraphChange } from './change.ts'
import type { GraphNode } from './model.ts'
import { parseGraph } from './parse-graph.ts'
import { contentText, serializeGraph } from './serialize-graph.ts'
import { filter } from './testing/definitions.ts'
import { edge, node, pipeline, soundPipeline } from './testing/graphs.ts'

const graph = soundPipeline()
const after = (change: GraphChange) => contentText(applyChange(graph, change).graph)

describe('serializeGraph', () => {
  it('sorts members, indents by two spaces and sets the layout apart at the end', () => {
    const one = pipeline([node('b', filter, { z: 1, a: { d: [2, { y: 1, x: 2 }], c: null } })], [])
    expect(serializeGraph(one)).toBe(`{
  "edges": [],
  "format": 1,
  "name": "Test",
  "nodes": [
    {
      "config": {
        "a": {
          "c": null,
          "d": [
            2,
            {
              "x": 2,
              "y": 1
            }
          ]
        },
        "z": 1
      },
      "id": "b",
      "label": "b",
      "note": "",
      "type": "filter",
      "typeVersion": 1
    }
  ],
  "layout": {
    "b": {
      "x": 0,
      "y": 0
    }
  }
}
`)
  })

  it('does not depend on the order in which members were made', () => {
    const text = serializeGraph(graph)
    const turned = Object.fromEntries(Object.entries(graph).reverse()) as unknown as typeof graph
    const nodes = graph.nodes.map(
      (one) => Object.fromEntries(Object.entries(one).reverse()) as unknown as typeof one,
    )
    expect(serializeGraph({ ...turned, nodes })).toBe(text)
  })

  it('keeps a member called __proto__', () => {
    const config = JSON.parse('{"__proto__": {"polluted": 1}, "a": 1}')
    const text = serializeGraph(pipeline([node('a', filter, config)], []))
    expect(JSON.parse(text).nodes[0].config).toEqual(config)
    expect(text).toContain('"__proto__": {')
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it('is read back by parseGraph', () => {
    expect(parseGraph(JSON.parse(serializeGraph(graph)))).toEqual({ ok: true, graph })
  })
})

describe('contentText', () => {
  it('is blind to the layout, to the order of nodes and edges, and to the ids of edges', () => {
    const text = contentText(graph)
    expect(after({ kind: 'move-nodes', positions: { filter: { x: 77, y: 7 } } })).toBe(text)
    expect(contentText({ ...graph, nodes: graph.nodes.toReversed(), edges: graph.edges.toReversed() })).toBe(
      text,
    )
    const rejoin: GraphChange[] = [
      { kind: 'remove-edge', edgeId: 'orders_filter' },
      { kind: 'add-edge', edge: edge('orders → filter', 'another') },
    ]
    expect(after({ kind: 'batch', changes: rejoin })).toBe(text)
  })

  it('is the same for many nodes and edges in any order', () => {
    const ids = Array.from({ length: 40 }, (_, i) => `n${(i * 17) % 40}`)
    const mixed = pipeline(
      ids.map((id) => node(id, filter)),
      ids.map((id) => `n0 → ${id}`),
    )
    const text = contentText(mixed)
    const turned = [...mixed.nodes.slice(13), ...mixed.nodes.slice(0, 13)]
    const sortedEdges = mixed.edges.toSorted((a, b) => a.id.localeCompare(b.id))
    expect(contentText({ ...mixed, nodes: turned, edges: sortedEdges })).toBe(text)
    const ordered: GraphNode[] = JSON.parse(text).nodes
    expect(ordered.map(({ id }) => id)).toEqual([...ids].sort())
  })

  const meaningful: [string, GraphChange][] = [
    ['the name', { kind: 'rename-pipeline', name: 'Other' }],
    ['a label', { kind: 'set-label', nodeId: 'filter', label: 'Other' }],
    ['a note', { kind: 'set-note', nodeId: 'filter', note: 'Other' }],
    ['a setting', { kind: 'set-config', nodeId: 'filter', config: { field: 'other' } }],
    ['a node more', { kind: 'add-node', node: node('more', filter) }],
    ['a node less', { kind: 'remove-node', nodeId: 'archive' }],
    ['an edge more', { kind: 'add-edge', edge: edge('orders → archive') }],
    ['an edge twice', { kind: 'add-edge', edge: edge('orders → filter', 'again') }],
    ['an edge less', { kind: 'remove-edge', edgeId: 'orders_filter' }],
  ]

  it.each(meaningful)('sees %s', (_what, change) => {
    expect(after(change)).not.toBe(contentText(graph))
  })

  it('sees the order within a list of settings', () => {
    const withList = (list: string[]) => contentText(pipeline([node('a', filter, { list })], []))
    expect(withList(['x', 'y'])).not.toBe(withList(['y', 'x']))
  })
})
