import { describe, expect, it } from 'vitest'
import { applyChange } from './apply-change.ts'
import type { GraphChange } from './change.ts'
import { ChangeError } from './change-error.ts'
import { LIMITS } from './limits.ts'
import { positionOf } from './model.ts'
import { serializeGraph } from './serialize-graph.ts'
import { filter } from './testing/definitions.ts'
import { edge, node, pipeline, soundPipeline } from './testing/graphs.ts'

const graph = soundPipeline()
const nodeIds = (of: typeof graph) => of.nodes.map(({ id }) => id)
const edgeIds = (of: typeof graph) => of.edges.map(({ id }) => id)

describe('applyChange', () => {
  it('adds a node at the end, or where it is told to', () => {
    const added = node('second', filter)
    const position = { x: 5, y: 6 }
    const last = applyChange(graph, { kind: 'add-node', node: added, position }).graph
    expect(nodeIds(last)).toEqual(['orders', 'filter', 'archive', 'second'])
    expect(positionOf(last.layout, 'second')).toEqual(position)
    const first = applyChange(graph, { kind: 'add-node', node: added, at: 0 }).graph
    expect(nodeIds(first)).toEqual(['second', 'orders', 'filter', 'archive'])
    expect(Object.keys(first.layout)).toEqual(Object.keys(graph.layout))
  })

  it('removes a node with its edges and its position, and its inverse restores all of them in place', () => {
    const { graph: removed, inverse } = applyChange(graph, { kind: 'remove-node', nodeId: 'filter' })
    expect(nodeIds(removed)).toEqual(['orders', 'archive'])
    expect(removed.edges).toEqual([])
    expect(Object.keys(removed.layout)).toEqual(['orders', 'archive'])
    const { graph: restored } = applyChange(removed, inverse)
    expect(nodeIds(restored)).toEqual(nodeIds(graph))
    expect(edgeIds(restored)).toEqual(edgeIds(graph))
    expect(serializeGraph(restored)).toBe(serializeGraph(graph))
  })

  it('restores a node that had no position without one', () => {
    const bare = { ...graph, layout: {} }
    const { graph: removed, inverse } = applyChange(bare, { kind: 'remove-node', nodeId: 'orders' })
    expect(applyChange(removed, inverse).graph).toEqual(bare)
  })

  it('restores an edge from a node to itself once', () => {
    const circle = pipeline([node('filter', filter)], ['filter → filter'])
    const { graph: removed, inverse } = applyChange(circle, { kind: 'remove-node', nodeId: 'filter' })
    expect(applyChange(removed, inverse).graph).toEqual(circle)
  })

  it('edits label, note, config and name, each with an inverse', () => {
    const changes: [GraphChange, unknown][] = [
      [{ kind: 'set-label', nodeId: 'filter', label: 'New' }, { label: 'New' }],
      [{ kind: 'set-note', nodeId: 'filter', note: 'Why' }, { note: 'Why' }],
      [{ kind: 'set-config', nodeId: 'filter', config: { field: 'x' } }, { config: { field: 'x' } }],
    ]
    for (const [change, expected] of changes) {
      const applied = applyChange(graph, change)
      expect(applied.graph.nodes[1]).toEqual({ ...graph.nodes[1], ...(expected as object) })
      expect(applyChange(applied.graph, applied.inverse).graph).toEqual(graph)
    }
    const renamed = applyChange(graph, { kind: 'rename-pipeline', name: 'Other' })
    expect(renamed.graph.name).toBe('Other')
    expect(renamed.inverse).toEqual({ kind: 'rename-pipeline', name: 'Test' })
  })

  it('keeps what an edit does not touch, so that a view need not draw it again', () => {
    const { graph: edited } = applyChange(graph, { kind: 'set-label', nodeId: 'filter', label: 'New' })
    expect(edited.nodes[0]).toBe(graph.nodes[0])
    expect(edited.edges).toBe(graph.edges)
    expect(edited.layout).toBe(graph.layout)
  })

  it('adds and removes an edge in its place', () => {
    const added = applyChange(graph, { kind: 'add-edge', edge: edge('orders → archive', 'direct'), at: 1 })
    expect(edgeIds(added.graph)).toEqual(['orders_filter', 'direct', 'filter_archive'])
    const removed = applyChange(added.graph, { kind: 'remove-edge', edgeId: 'orders_filter' })
    expect(edgeIds(removed.graph)).toEqual(['direct', 'filter_archive'])
    expect(applyChange(removed.graph, removed.inverse).graph).toEqual(added.graph)
  })

  it('moves nodes, and takes a position away that was not there before', () => {
    const bare = { ...graph, layout: { orders: { x: 1, y: 1 } } }
    const positions = { orders: { x: 2, y: 2 }, filter: { x: 3, y: 3 } }
    const { graph: moved, inverse } = applyChange(bare, { kind: 'move-nodes', positions })
    expect(moved.layout).toEqual(positions)
    expect(applyChange(moved, inverse).graph).toEqual(bare)
  })

  it('treats names of inherited members as ordinary ids', () => {
    const odd = ['__proto__', 'constructor', 'hasOwnProperty']
    let current = graph
    for (const id of odd) {
      const change: GraphChange = { kind: 'add-node', node: node(id, filter), position: { x: 1, y: 2 } }
      current = applyChange(current, change).graph
    }
    expect(Object.keys(current.layout)).toEqual([...Object.keys(graph.layout), ...odd])
    expect(positionOf(current.layout, '__proto__')).toEqual({ x: 1, y: 2 })
    expect(positionOf(graph.layout, '__proto__')).toBe(undefined)
    expect(Object.getPrototypeOf(current.layout)).toBe(Object.prototype)
    const moved = applyChange(current, {
      kind: 'move-nodes',
      positions: JSON.parse('{"__proto__":{"x":9,"y":9}}'),
    })
    expect(positionOf(moved.graph.layout, '__proto__')).toEqual({ x: 9, y: 9 })
    expect(positionOf(applyChange(moved.graph, moved.inverse).graph.layout, '__proto__')).toEqual({
      x: 1,
      y: 2,
    })
  })
})

describe('a batch', () => {
  const build: GraphChange = {
    kind: 'batch',
    changes: [
      { kind: 'add-node', node: node('second', filter), position: { x: 1, y: 1 } },
      { kind: 'batch', changes: [{ kind: 'remove-node', nodeId: 'filter' }] },
      { kind: 'add-edge', edge: edge('orders → second') },
    ],
  }

  it('is carried out in order and undone as one', () => {
    const { graph: built, inverse } = applyChange(graph, build)
    expect(nodeIds(built)).toEqual(['orders', 'archive', 'second'])
    expect(edgeIds(built)).toEqual(['orders_second'])
    expect(serializeGraph(applyChange(built, inverse).graph)).toBe(serializeGraph(graph))
  })

  it('can be undone also at the greatest depth', () => {
    let deep: GraphChange = { kind: 'remove-node', nodeId: 'filter' }
    for (let i = 0; i < LIMITS.batchDepth; i += 1) deep = { kind: 'batch', changes: [deep] }
    const { graph: removed, inverse } = applyChange(graph, deep)
    expect(applyChange(removed, inverse).graph).toEqual(graph)
    expect(() => applyChange(graph, { kind: 'batch', changes: [deep] })).toThrow(
      expect.objectContaining({ code: 'too_deep' }),
    )
  })
})

describe('a change that does not fit', () => {
  const fresh = (id: string): GraphChange => ({ kind: 'add-node', node: node(id, filter) })
  const cases: [string, GraphChange, ChangeError['code']][] = [
    ['a node with an id in use', fresh('filter'), 'duplicate_id'],
    ['a node with an empty id', fresh(''), 'invalid_id'],
    ['a node with spaces in its id', fresh('a b'), 'invalid_id'],
    ['a node with an id of 65 characters', fresh('x'.repeat(65)), 'invalid_id'],
    ['a node with an id that ends in a line feed', fresh('a\n'), 'invalid_id'],
    ['a node beyond the end', { kind: 'add-node', node: node('new', filter), at: 4 }, 'invalid_index'],
    ['a node before the start', { kind: 'add-node', node: node('new', filter), at: -1 }, 'invalid_index'],
    ['a node at a broken index', { kind: 'add-node', node: node('new', filter), at: 0.5 }, 'invalid_index'],
    ['removal of an unknown node', { kind: 'remove-node', nodeId: 'toString' }, 'unknown_node'],
    ['a label for an unknown node', { kind: 'set-label', nodeId: 'x', label: '' }, 'unknown_node'],
    ['a note for an unknown node', { kind: 'set-note', nodeId: 'x', note: '' }, 'unknown_node'],
    ['a config for an unknown node', { kind: 'set-config', nodeId: 'x', config: {} }, 'unknown_node'],
    ['a move of an unknown node', { kind: 'move-nodes', positions: { x: { x: 0, y: 0 } } }, 'unknown_node'],
    ['an edge from a missing node', { kind: 'add-edge', edge: edge('x → archive') }, 'unknown_node'],
    ['an edge to a missing node', { kind: 'add-edge', edge: edge('orders → x') }, 'unknown_node'],
    [
      'an edge with an id in use',
      { kind: 'add-edge', edge: edge('orders → archive', 'orders_filter') },
      'duplicate_id',
    ],
    ['removal of an unknown edge', { kind: 'remove-edge', edgeId: 'x' }, 'unknown_edge'],
    ['an unknown kind', { kind: 'constructor' } as unknown as GraphChange, 'unknown_change'],
  ]

  it.each(cases)('%s is refused', (_what, change, code) => {
    const attempt = () => applyChange(graph, change)
    expect(attempt).toThrow(ChangeError)
    expect(attempt).toThrow(expect.objectContaining({ code }))
    expect(attempt).toThrow(/\.$/)
  })

  it('within a batch leaves nothing of the batch behind', () => {
    const before = JSON.stringify(graph)
    const changes: GraphChange[] = [fresh('new'), { kind: 'remove-node', nodeId: 'x' }]
    expect(() => applyChange(graph, { kind: 'batch', changes })).toThrow(ChangeError)
    expect(JSON.stringify(graph)).toBe(before)
  })
})
