import { applyChange, type GraphChange } from '@millrace/graph'
import { describe, expect, test } from 'vitest'
import { sampleGraph, sampleNode } from '../testing/sample-types.ts'
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
})
