import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyChange } from './apply-change.ts'
import type { GraphChange } from './change.ts'
import { diffGraphs } from './diff-graph.ts'
import type { NodeConfig, PipelineGraph } from './model.ts'
import { contentText } from './serialize-graph.ts'
import { arbitraryChange } from './testing/arbitrary-changes.ts'
import { filter, window } from './testing/definitions.ts'
import { edge, node, pipeline, soundPipeline } from './testing/graphs.ts'

const none = { added: [], removed: [], changed: [], edgesAdded: [], edgesRemoved: [], moved: [] }
const graph = soundPipeline()

function diffAfter(...changes: GraphChange[]) {
  return diffGraphs(graph, applyChange(graph, { kind: 'batch', changes }).graph)
}

describe('diffGraphs', () => {
  it('finds nothing between a document and itself', () => {
    expect(diffGraphs(graph, JSON.parse(JSON.stringify(graph)))).toEqual(none)
  })

  it('names nodes that came and went, with their edges', () => {
    const diff = diffAfter(
      { kind: 'remove-node', nodeId: 'filter' },
      { kind: 'add-node', node: node('late', filter) },
      { kind: 'add-edge', edge: edge('orders → late') },
    )
    expect(diff).toEqual({
      ...none,
      added: ['late'],
      removed: ['filter'],
      edgesAdded: [edge('orders → late')],
      edgesRemoved: [edge('orders → filter'), edge('filter → archive')],
    })
  })

  it('tells label, note and name before and after', () => {
    const diff = diffAfter(
      { kind: 'set-label', nodeId: 'filter', label: 'Only mine' },
      { kind: 'set-note', nodeId: 'archive', note: 'For audit' },
      { kind: 'rename-pipeline', name: 'Other' },
    )
    expect(diff).toEqual({
      ...none,
      name: { before: 'Test', after: 'Other' },
      changed: [
        { nodeId: 'filter', label: { before: 'filter', after: 'Only mine' }, configPaths: [] },
        { nodeId: 'archive', note: { before: '', after: 'For audit' }, configPaths: [] },
      ],
    })
  })

  it('names the smallest parts of a config that differ', () => {
    const before = { size: 1, gone: 1, aggregates: [{ name: 'a' }, { name: 'b' }], same: { x: [1] } }
    const after: NodeConfig = {
      size: 2,
      aggregates: [{ name: 'a', argument: 'x' }, 'b', { name: 'c' }],
      same: { x: [1] },
      nulled: null,
    }
    const diff = diffGraphs(
      pipeline([node('w', window, before)], []),
      pipeline([node('w', window, after)], []),
    )
    expect(diff.changed).toEqual([
      {
        nodeId: 'w',
        configPaths: [
          ['size'],
          ['gone'],
          ['aggregates', '0', 'argument'],
          ['aggregates', '1'],
          ['aggregates', '2'],
          ['nulled'],
        ],
      },
    ])
  })

  it('tells a list from an object with the same members', () => {
    const diff = diffGraphs(
      pipeline([node('w', window, { a: ['x'] })], []),
      pipeline([node('w', window, { a: { 0: 'x' } })], []),
    )
    expect(diff.changed).toEqual([{ nodeId: 'w', configPaths: [['a']] }])
  })

  it('tells a new type or version of the same node', () => {
    const other = {
      ...graph,
      nodes: graph.nodes.map((one) =>
        one.id === 'filter' ? { ...one, type: 'union', typeVersion: 3 } : one,
      ),
    }
    expect(diffGraphs(graph, other).changed).toEqual([
      {
        nodeId: 'filter',
        type: { before: 'filter', after: 'union' },
        typeVersion: { before: 1, after: 3 },
        configPaths: [],
      },
    ])
  })

  it('sets apart what was only moved, given a place or robbed of it', () => {
    const bare = applyChange(graph, { kind: 'move-nodes', positions: { orders: null } }).graph
    expect(diffGraphs(graph, bare)).toEqual({ ...none, moved: ['orders'] })
    expect(diffGraphs(bare, graph)).toEqual({ ...none, moved: ['orders'] })
    expect(
      diffAfter({
        kind: 'move-nodes',
        positions: { filter: { x: 200, y: 1 }, archive: { x: 401, y: 0 }, orders: { x: 0, y: 0 } },
      }),
    ).toEqual({
      ...none,
      moved: ['filter', 'archive'],
    })
  })

  it('finds nothing where an edge was removed and drawn again', () => {
    const diff = diffAfter(
      { kind: 'remove-edge', edgeId: 'orders_filter' },
      { kind: 'add-edge', edge: edge('orders → filter', 'again') },
    )
    expect(diff).toEqual(none)
  })

  it('counts edges with the same ends', () => {
    const twice = edge('orders → filter', 'twice')
    expect(diffAfter({ kind: 'add-edge', edge: twice }).edgesAdded).toEqual([twice])
  })

  it('sees own members only', () => {
    const before = pipeline([node('w', window, JSON.parse('{"__proto__": 1}'))], [])
    const after = pipeline([node('w', window, {})], [])
    expect(diffGraphs(before, after).changed).toEqual([{ nodeId: 'w', configPaths: [['__proto__']] }])
  })

  it('is empty but for moves exactly where the content text is the same', () => {
    const isEmpty = (before: PipelineGraph, after: PipelineGraph) => {
      const { moved: _moved, ...content } = diffGraphs(before, after)
      return Object.values(content).every((part) => Array.isArray(part) && part.length === 0)
    }
    let equal = 0
    fc.assert(
      fc.property(fc.array(arbitraryChange, { maxLength: 4 }), (candidates) => {
        let current = graph
        for (const candidate of candidates) {
          const change = candidate(current)
          if (change) current = applyChange(current, change).graph
        }
        const isSame = contentText(graph) === contentText(current)
        equal += isSame ? 1 : 0
        expect(isEmpty(graph, current)).toBe(isSame)
      }),
      { numRuns: 500 },
    )
    expect(equal).toBeGreaterThan(0)
  })
})
