import { applyChange, type GraphChange } from '@millrace/graph'
import type { NodeChange } from '@xyflow/react'
import { describe, expect, test } from 'vitest'
import { flowEdges } from '../canvas/flow-elements.ts'
import { sampleGraph } from '../testing/sample-types.ts'
import {
  type CanvasElement,
  canvasElements,
  hiddenNodes,
  refit,
  reroute,
  withCarried,
} from './part-elements.ts'

const options = {
  type: 'build',
  selected: new Set<string>(),
  nameOf: ({ label }: { label: string }) => label,
}
const group = { id: 'g', label: 'Clean', nodes: ['orders', 'filter'], collapsed: false }
const note = { id: 'why', text: 'Why', position: { x: 8, y: 8 }, width: 200, height: 100 }

function drawn(...changes: readonly GraphChange[]) {
  return changes.reduce((at, change) => applyChange(at, change).graph, sampleGraph())
}

const open = drawn(
  { kind: 'set-group', groupId: 'g', group },
  { kind: 'set-canvas-note', noteId: 'why', note },
)
const collapsed = drawn({ kind: 'set-group', groupId: 'g', group: { ...group, collapsed: true } })

describe('an open group', () => {
  const elements = canvasElements([], open, options)
  const frame = elements.find(({ id }) => id === 'g') as CanvasElement

  test('is a frame around its nodes, below them', () => {
    expect(frame).toMatchObject({ type: 'frame', position: { x: -16, y: -40 }, zIndex: -1 })
    expect(frame.width).toBe(200 + 136 + 32)
    expect(elements.map(({ id }) => id)).toEqual(['g', 'orders', 'filter', 'archive', 'why'])
  })

  test('takes its nodes along when it is dragged, and no other', () => {
    const drag: NodeChange<CanvasElement> = {
      type: 'position',
      id: 'g',
      position: { x: 4, y: -30 },
      dragging: true,
    }
    const all = withCarried([drag], elements)
    expect(all.slice(1).map((change) => change.type === 'position' && [change.id, change.position])).toEqual([
      ['orders', { x: 20, y: 10 }],
      ['filter', { x: 220, y: 10 }],
    ])
  })

  test('follows a node that is dragged out', () => {
    const moved = elements.map((one) => (one.id === 'filter' ? { ...one, position: { x: 400, y: 50 } } : one))
    expect(refit(moved).find(({ id }) => id === 'g')?.width).toBe(400 + 136 + 32)
  })

  test('keeps all objects of which nothing changed', () => {
    const again = canvasElements(elements, open, options)
    expect(again.map((element, i) => element === elements[i])).toEqual([true, true, true, true, true])
  })
})

describe('a collapsed group', () => {
  const elements = canvasElements([], collapsed, options)

  test('is one card in place of its nodes', () => {
    expect(elements.map(({ id, type }) => `${type} ${id}`)).toEqual(['collapsed g', 'build archive'])
    expect(elements[0]?.position).toEqual({ x: 0, y: 0 })
  })

  test('has the connections of its nodes, without those within', () => {
    const edges = reroute(flowEdges([], collapsed, options), hiddenNodes(collapsed))
    expect(edges.map(({ id, source, sourceHandle, target }) => [id, source, sourceHandle, target])).toEqual([
      ['filter_archive', 'g', 'out', 'archive'],
    ])
  })
})
