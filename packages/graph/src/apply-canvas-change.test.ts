import { describe, expect, it } from 'vitest'
import { applyChange } from './apply-change.ts'
import { groupOf, partsOf } from './canvas-parts.ts'
import type { GraphChange } from './change.ts'
import { ChangeError } from './change-error.ts'
import { diffGraphs } from './diff-graph.ts'
import type { CanvasNote, NodeGroup, PipelineGraph } from './model.ts'
import { parseGraph } from './parse-graph.ts'
import { contentText, serializeGraph } from './serialize-graph.ts'
import { filter } from './testing/definitions.ts'
import { node, soundPipeline } from './testing/graphs.ts'

const graph = soundPipeline()
const note: CanvasNote = { id: 'why', text: '# Why', position: { x: 1, y: 2 }, width: 200, height: 120 }
const group: NodeGroup = { id: 'g', label: 'Clean', nodes: ['orders', 'filter'], collapsed: false }
const addNote: GraphChange = { kind: 'set-canvas-note', noteId: 'why', note }
const addGroup: GraphChange = { kind: 'set-group', groupId: 'g', group }

function apply(...changes: readonly GraphChange[]): PipelineGraph {
  return changes.reduce((at, change) => applyChange(at, change).graph, graph)
}

function isUndone(from: PipelineGraph, change: GraphChange): void {
  const { graph: after, inverse } = applyChange(from, change)
  const undone = applyChange(after, inverse)
  expect(serializeGraph(undone.graph)).toBe(serializeGraph(from))
  expect(serializeGraph(applyChange(undone.graph, undone.inverse).graph)).toBe(serializeGraph(after))
}

describe('notes and groups', () => {
  it('are added, replaced and removed, each with an inverse', () => {
    isUndone(graph, addNote)
    isUndone(graph, addGroup)
    isUndone(apply(addNote), { kind: 'set-canvas-note', noteId: 'why', note: { ...note, text: 'x' } })
    isUndone(apply(addNote, addGroup), { kind: 'set-canvas-note', noteId: 'why', note: null })
    isUndone(apply(addGroup), { kind: 'set-group', groupId: 'g', group: { ...group, collapsed: true } })
    isUndone(apply(addGroup), { kind: 'set-group', groupId: 'g', group: null })
  })

  it('leave no trace when the last of them is gone', () => {
    const gone = apply(addNote, { kind: 'set-canvas-note', noteId: 'why', note: null })
    expect('canvas' in gone).toBe(false)
  })

  it('change nothing that is published', () => {
    const after = apply(addNote, addGroup)
    expect(contentText(after)).toBe(contentText(graph))
    expect(diffGraphs(graph, after)).toMatchObject({ added: [], changed: [], moved: [] })
    expect(after.nodes).toBe(graph.nodes)
  })

  it('are read back from the text of the document', () => {
    const after = apply(addNote, addGroup)
    const parsed = parseGraph(JSON.parse(serializeGraph(after)))
    expect(parsed.ok && parsed.graph).toEqual(after)
  })
})

describe('a node that is removed', () => {
  it('leaves its group, and comes back into it at its place', () => {
    const grouped = apply(addGroup)
    const removed = applyChange(grouped, { kind: 'remove-node', nodeId: 'orders' })
    expect(groupOf(removed.graph, 'filter')?.nodes).toEqual(['filter'])
    expect(serializeGraph(applyChange(removed.graph, removed.inverse).graph)).toBe(serializeGraph(grouped))
  })

  it('takes a group along of which it was the last node', () => {
    const grouped = apply({ kind: 'set-group', groupId: 'g', group: { ...group, nodes: ['filter'] } })
    expect(partsOf(applyChange(grouped, { kind: 'remove-node', nodeId: 'filter' }).graph).groups).toEqual([])
    isUndone(grouped, { kind: 'remove-node', nodeId: 'filter' })
  })
})

describe('a change that does not fit', () => {
  const other = { ...group, id: 'h' }
  const cases: [string, GraphChange, ChangeError['code']][] = [
    ['removal of an unknown note', { kind: 'set-canvas-note', noteId: 'x', note: null }, 'unknown_part'],
    ['removal of an unknown group', { kind: 'set-group', groupId: 'x', group: null }, 'unknown_part'],
    ['a note with two ids', { kind: 'set-canvas-note', noteId: 'x', note }, 'invalid_id'],
    [
      'a note with the id of a node',
      { kind: 'set-canvas-note', noteId: 'filter', note: { ...note, id: 'filter' } },
      'duplicate_id',
    ],
    [
      'a group with the id of a note',
      { kind: 'set-group', groupId: 'why', group: { ...group, id: 'why', nodes: ['archive'] } },
      'duplicate_id',
    ],
    ['a node with the id of a note', { kind: 'add-node', node: node('why', filter) }, 'duplicate_id'],
    [
      'a group of a node that does not exist',
      { kind: 'set-group', groupId: 'h', group: { ...other, nodes: ['x'] } },
      'unknown_node',
    ],
    ['a node in two groups', { kind: 'set-group', groupId: 'h', group: other }, 'invalid_group'],
    [
      'a group of nothing',
      { kind: 'set-group', groupId: 'h', group: { ...other, nodes: [] } },
      'invalid_group',
    ],
    [
      'a node twice in a group',
      { kind: 'set-group', groupId: 'h', group: { ...other, nodes: ['archive', 'archive'] } },
      'invalid_group',
    ],
  ]

  it.each(cases)('%s is refused', (_what, change, code) => {
    const attempt = () => applyChange(apply(addNote, addGroup), change)
    expect(attempt).toThrow(ChangeError)
    expect(attempt).toThrow(expect.objectContaining({ code }))
  })
})

describe('parseGraph', () => {
  const parse = (canvas: unknown) => parseGraph({ ...JSON.parse(serializeGraph(graph)), canvas })

  it('drops places in groups of nodes that do not exist or are in a group already, and what is empty then', () => {
    const parsed = parse({
      notes: [],
      groups: [
        { ...group, nodes: ['filter', 'gone', 'filter'] },
        { ...group, id: 'h', nodes: ['filter'] },
      ],
    })
    expect(parsed.ok && partsOf(parsed.graph).groups).toEqual([{ ...group, nodes: ['filter'] }])
    const empty = parse({ notes: [], groups: [{ ...group, nodes: ['gone'] }] })
    expect(empty.ok && 'canvas' in empty.graph).toBe(false)
  })

  it.each([
    ['an id of two notes', { notes: [note, note], groups: [] }, 'duplicate_id'],
    ['a note with the id of a node', { notes: [{ ...note, id: 'filter' }], groups: [] }, 'duplicate_id'],
    ['a note of no size', { notes: [{ ...note, width: 0 }], groups: [] }, 'invalid_document'],
    [
      'a note that is too long',
      { notes: [{ ...note, text: 'x'.repeat(10_001) }], groups: [] },
      'invalid_document',
    ],
    ['members of no meaning', { notes: [], groups: [], more: 1 }, 'invalid_document'],
  ])('refuses %s', (_what, canvas, code) => {
    const parsed = parse(canvas)
    expect(parsed.ok ? [] : parsed.issues.map((issue) => issue.code)).toEqual([code])
  })
})
