import { type GraphChange, serializeGraph } from '@millrace/graph'
import { describe, expect, test } from 'vitest'
import { sampleGraph, sampleNode } from '../testing/sample-types.ts'
import { carryOut, closeStep, FOLD_MS, type History, newHistory, redo, undo } from './history.ts'

function type(history: History, label: string, at: number, fold = 'label:filter'): History {
  const change: GraphChange = { kind: 'set-label', nodeId: 'filter', label }
  return carryOut(history, change, { label: 'Rename', fold, at }) as History
}

const labelOf = ({ graph }: History) => graph.nodes.find(({ id }) => id === 'filter')?.label

describe('undo and redo', () => {
  test('lead back and forth to the very same document', () => {
    const start = newHistory(sampleGraph())
    const removed = carryOut(
      start,
      { kind: 'remove-node', nodeId: 'filter' },
      { label: 'Delete', at: 0 },
    ) as History
    expect(removed.graph.edges).toEqual([])
    expect(serializeGraph(undo(removed).graph)).toBe(serializeGraph(start.graph))
    expect(serializeGraph(redo(undo(removed)).graph)).toBe(serializeGraph(removed.graph))
  })

  test('do nothing where there is nothing to take back or do again', () => {
    const start = newHistory(sampleGraph())
    expect(undo(start)).toBe(start)
    expect(redo(start)).toBe(start)
  })

  test('a new edit gives up what was undone', () => {
    const edited = type(newHistory(sampleGraph()), 'A', 0)
    const other = type(undo(edited), 'B', 10_000)
    expect(other.future).toEqual([])
    expect(labelOf(undo(other))).toBe('filter')
  })
})

describe('a burst of keystrokes', () => {
  test('in one field is one step', () => {
    const typed = type(type(type(newHistory(sampleGraph()), 'A', 0), 'Ab', 100), 'Abc', 200)
    expect(typed.past).toHaveLength(1)
    expect(labelOf(undo(typed))).toBe('filter')
    expect(labelOf(redo(undo(typed)))).toBe('Abc')
  })

  test('ends with a pause', () => {
    const typed = type(type(newHistory(sampleGraph()), 'A', 0), 'Ab', FOLD_MS + 1)
    expect(labelOf(undo(typed))).toBe('A')
  })

  test('ends with another field, with leaving the field and with an undo', () => {
    const first = type(newHistory(sampleGraph()), 'A', 0)
    expect(type(first, 'B', 1, 'note:filter').past).toHaveLength(2)
    expect(type(closeStep(first), 'B', 1).past).toHaveLength(2)
    expect(type(undo(type(first, 'B', 1, 'other')), 'C', 2).past).toHaveLength(2)
  })

  test('of different kinds of changes is taken back whole', () => {
    const start = newHistory(sampleGraph())
    const named = type(start, 'A', 0, 'both')
    const both = carryOut(
      named,
      { kind: 'set-note', nodeId: 'filter', note: 'why' },
      { label: 'Note', fold: 'both', at: 1 },
    ) as History
    expect(both.past).toHaveLength(1)
    expect(serializeGraph(undo(both).graph)).toBe(serializeGraph(start.graph))
  })
})

test('an edit that does not fit the document changes nothing', () => {
  const start = newHistory(sampleGraph())
  const twice: GraphChange = { kind: 'add-node', node: sampleNode('filter', 'filter') }
  expect(carryOut(start, twice, { label: 'Add', at: 0 })).toBeNull()
})
