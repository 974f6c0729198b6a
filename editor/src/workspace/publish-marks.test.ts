import { applyChange, type GraphChange, type PipelineGraph } from '@millrace/graph'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleEdge, sampleGraph, sampleNode } from '../testing/sample-types.ts'
import { publishMarks } from './publish-marks.ts'

const live = sampleGraph()
const after = (change: GraphChange) => applyChange(live, change).graph

describe('publishMarks', () => {
  test('without a live version everything saved waits to be published', () => {
    expect(new Set(publishMarks(live, live, null).values())).toEqual(new Set(['saved']))
  })

  test('tell an edit in this page from a saved one and from what is live', () => {
    const saved = after({ kind: 'set-label', nodeId: 'filter', label: 'x' })
    const graph = applyChange(saved, { kind: 'set-note', nodeId: 'orders', note: 'y' }).graph
    expect(Object.fromEntries(publishMarks(graph, saved, live))).toEqual({
      orders: 'unsaved',
      filter: 'saved',
      archive: 'live',
    })
  })

  test('moving a node changes no mark', () => {
    const graph = after({ kind: 'move-nodes', positions: { filter: { x: 1, y: 1 } } })
    expect(new Set(publishMarks(graph, live, live).values())).toEqual(new Set(['live']))
  })

  test('an edge counts for the node it leads to', () => {
    const graph = after({ kind: 'remove-edge', edgeId: 'filter_archive' })
    expect(publishMarks(graph, live, live).get('archive')).toBe('unsaved')
    expect(publishMarks(graph, live, live).get('filter')).toBe('live')
  })

  test('every node has a mark, so that the legend adds up', () => {
    const graph = after({ kind: 'add-node', node: sampleNode('new', 'filter') })
    expect([...publishMarks(graph, live, live).keys()]).toEqual(['orders', 'filter', 'archive', 'new'])
  })

  test('never lie, whatever was edited since the publish and since it was saved', () => {
    fc.assert(
      fc.property(edits, edits, edits, (published, kept, open) => {
        const live = applyAll(sampleGraph(), published)
        const saved = applyAll(live, kept)
        const graph = applyAll(saved, open)
        for (const [id, mark] of publishMarks(graph, saved, live)) {
          const wanted = saysSame(id, graph, saved)
            ? saysSame(id, graph, live)
              ? 'live'
              : 'saved'
            : 'unsaved'
          expect([id, mark]).toEqual([id, wanted])
        }
      }),
    )
  })
})

const ids = fc.constantFrom('orders', 'filter', 'archive', 'new')

/** Edits of which some take others back, and some change nothing that runs. */
const edits = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('set-label' as const), nodeId: ids, label: fc.constantFrom('a', 'b') }),
    fc.record({ kind: fc.constant('remove-node' as const), nodeId: ids }),
    ids.map((id): GraphChange => ({ kind: 'add-node', node: sampleNode(id, 'filter') })),
    fc.tuple(ids, ids).map(([from, to]): GraphChange => ({ kind: 'add-edge', edge: sampleEdge(from, to) })),
    fc.tuple(ids, ids).map(([from, to]): GraphChange => ({ kind: 'remove-edge', edgeId: `${from}_${to}` })),
    fc
      .tuple(ids, fc.nat(3))
      .map(([id, x]): GraphChange => ({ kind: 'move-nodes', positions: { [id]: { x, y: 0 } } })),
  ),
  { maxLength: 5 },
)

/** Those that fit. */
function applyAll(graph: PipelineGraph, changes: readonly GraphChange[]): PipelineGraph {
  return changes.reduce((at, change) => {
    try {
      return applyChange(at, change).graph
    } catch {
      return at
    }
  }, graph)
}

/** True where both say the same of a node and of what flows into it. */
function saysSame(id: string, a: PipelineGraph, b: PipelineGraph): boolean {
  const words = ({ nodes, edges }: PipelineGraph) =>
    JSON.stringify([
      nodes.find((node) => node.id === id),
      edges
        .flatMap(({ from, to }) => (to.node === id ? [`${from.node} ${from.port} ${to.port}`] : []))
        .sort(),
    ])
  return words(a) === words(b)
}
