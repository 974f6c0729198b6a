import { applyChange, type GraphChange } from '@millrace/graph'
import { describe, expect, test } from 'vitest'
import { sampleCatalogue, sampleEdge, sampleGraph, sampleNode } from '../testing/sample-types.ts'
import { describeDiff } from './describe-diff.ts'

const before = sampleGraph()

function after(...changes: GraphChange[]) {
  return describeDiff(before, applyChange(before, { kind: 'batch', changes }).graph, sampleCatalogue)
}

describe('describeDiff', () => {
  test('names settings by their titles, with the value before and after', () => {
    const found = after({ kind: 'set-config', nodeId: 'filter', config: { field: 'orderId' } })
    expect(found.rows).toEqual([
      { nodeId: 'filter', node: 'filter', field: 'field', before: 'total', after: 'orderId' },
    ])
    expect(found.summary).toBe('1 changed')
  })

  test('tells nodes and connections that came and went', () => {
    const found = after(
      { kind: 'remove-node', nodeId: 'archive' },
      { kind: 'add-node', node: sampleNode('new', 'archive') },
      { kind: 'add-edge', edge: sampleEdge('filter', 'new') },
    )
    expect(found.summary).toBe('1 node added, 1 removed, 2 connections changed')
    expect(found.rows.map(({ node, field }) => `${node}: ${field}`)).toEqual([
      'new: node added',
      'archive: node removed',
      'new: connection added',
      'archive: connection removed',
    ])
    expect(found.touched).toEqual(new Set(['new']))
  })

  test('says that moves alone change nothing that runs', () => {
    const found = after({ kind: 'move-nodes', positions: { filter: { x: 9, y: 9 } } })
    expect(found).toMatchObject({ rows: [], summary: 'Only moves on the canvas: nothing that runs' })
    expect(after().summary).toBe('No changes')
  })

  test('a first version is all new', () => {
    expect(describeDiff(null, before, sampleCatalogue).summary).toBe('3 nodes for the first time')
  })
})
