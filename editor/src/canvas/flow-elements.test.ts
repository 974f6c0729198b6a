import { applyChange } from '@millrace/graph'
import { describe, expect, test } from 'vitest'
import { sampleGraph } from '../testing/sample-types.ts'
import { flowEdges, flowNodes } from './flow-elements.ts'

const graph = sampleGraph()
const options = { type: 'card', selected: new Set<string>(), nameOf: ({ label }: { label: string }) => label }

describe('flowNodes', () => {
  const first = flowNodes([], graph, options)

  test('keeps the objects of all nodes but the changed one', () => {
    const changed = applyChange(graph, { kind: 'set-label', nodeId: 'filter', label: 'x' }).graph
    const second = flowNodes(first, changed, options)
    expect(second.map((node, i) => node === first[i])).toEqual([true, false, true])
    expect(second[1]?.ariaLabel).toBe('x')
  })

  test('keeps what was measured when a node moves or is selected', () => {
    const measured = first.map((node) => ({ ...node, measured: { width: 136, height: 98 } }))
    const moved = applyChange(graph, { kind: 'move-nodes', positions: { filter: { x: 1, y: 2 } } }).graph
    const second = flowNodes(measured, moved, { ...options, selected: new Set(['orders']) })
    expect(second.map(({ measured: size }) => size?.width)).toEqual([136, 136, 136])
    expect(second[1]?.position).toEqual({ x: 1, y: 2 })
    expect(second[0]?.selected).toBe(true)
  })

  test('gives every node without a place one of its own', () => {
    const places = flowNodes([], { ...graph, layout: {} }, options).map(({ position }) =>
      JSON.stringify(position),
    )
    expect(new Set(places).size).toBe(3)
  })
})

test('flowEdges join ports and are named after what they join', () => {
  const [edge] = flowEdges([], graph, options)
  expect(edge).toMatchObject({
    source: 'orders',
    sourceHandle: 'out',
    target: 'filter',
    targetHandle: 'in',
    ariaLabel: 'From orders to filter',
  })
  expect(flowEdges(edge ? [edge] : [], graph, options)[0]).toBe(edge)
})
