import { partsOf, serializeGraph } from '@millrace/graph'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openForTest } from '../testing/fake-workspace.ts'
import { orderPipeline } from '../testing/order-pipeline.ts'
import { PartActions } from './part-actions.ts'

function open() {
  const graph = orderPipeline()
  const workspace = openForTest(graph)
  const now = () => workspace.document.getState().graph
  const steps = () => workspace.document.getState().past.map(({ label }) => label)
  return { workspace, parts: new PartActions(workspace), now, steps, start: serializeGraph(graph) }
}

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

describe('a note', () => {
  test('is added, to be written at once, and what is written in one go is one step', () => {
    const { workspace, parts, now, start } = open()
    parts.addNote({ x: 120, y: 64 })
    const [note] = partsOf(now()).notes
    expect(note?.position).toEqual({ x: 0, y: 0 })
    expect(workspace.view.getState()).toMatchObject({ renamed: note?.id, onlyNode: null })
    workspace.document.closeStep()
    for (const text of ['W', 'Wh', 'Why']) {
      const [latest] = partsOf(now()).notes
      if (latest) parts.changeNote(latest, { text })
    }
    expect(workspace.document.getState().past).toHaveLength(2)
    workspace.document.undo()
    expect(partsOf(now()).notes[0]?.text).toBe('')
    workspace.document.undo()
    expect(serializeGraph(now())).toBe(start)
    workspace.document.redo()
    workspace.document.redo()
    expect(partsOf(now()).notes[0]?.text).toBe('Why')
  })

  test('grows and shrinks on the keyboard, within bounds', () => {
    const { parts, now } = open()
    parts.addNote({ x: 0, y: 0 })
    parts.resizeNotes({ x: 8, y: -8 })
    expect(partsOf(now()).notes[0]).toMatchObject({ width: 248, height: 120 })
    parts.resizeNotes({ x: -10_000, y: 10_000 })
    expect(partsOf(now()).notes[0]).toMatchObject({ width: 80, height: 1_600 })
  })
})

describe('a group', () => {
  test('is made of the selection, collapsed, opened and dissolved, each as one step', () => {
    const { workspace, parts, now, steps, start } = open()
    workspace.view.select(['filter', 'region'])
    parts.groupSelection()
    const [group] = partsOf(now()).groups
    expect(group?.nodes).toEqual(['filter', 'region'])
    expect([...workspace.view.getState().nodes]).toEqual([group?.id])
    parts.toggleSelection()
    expect(partsOf(now()).groups[0]?.collapsed).toBe(true)
    parts.toggleSelection()
    parts.ungroupSelection()
    expect([...workspace.view.getState().nodes]).toEqual(['filter', 'region'])
    expect(steps()).toEqual(['Group 2 nodes', 'Collapse Group 1', 'Open Group 1', 'Ungroup'])
    for (let i = 0; i < 4; i++) workspace.document.undo()
    expect(serializeGraph(now())).toBe(start)
  })

  test('is not made of nothing', () => {
    const { workspace, parts, steps } = open()
    parts.groupSelection()
    expect(steps()).toEqual([])
    expect(workspace.view.getState().announcement).toContain('Select nodes first')
  })
})
