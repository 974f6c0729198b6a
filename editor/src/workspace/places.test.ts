import type { CanvasNote, PipelineGraph, Position } from '@millrace/graph'
import { describe, expect, test } from 'vitest'
import { sampleEdge, sampleGraph } from '../testing/sample-types.ts'
import { CARD, freePlace, offsetOf, placeBehind, roomWithin } from './places.ts'

const graph = sampleGraph()

function standing(
  layout: { readonly [id: string]: Position },
  notes: readonly CanvasNote[] = [],
): PipelineGraph {
  return { ...graph, layout, canvas: { notes, groups: [] } }
}

test('new nodes are set beside the others, never on top', () => {
  expect(placeBehind(graph, 'archive')).toEqual({ x: 568, y: 0 })
  const place = freePlace(graph, { x: 205, y: 4 })
  expect(Object.values(graph.layout).every(({ y }) => Math.abs(y - place.y) >= CARD.height)).toBe(true)
})

describe('room within a connection', () => {
  const edge = sampleEdge('orders', 'filter')

  test('is the middle, or the wish, where no card stands in the way', () => {
    const wide = standing({ orders: { x: 0, y: 0 }, filter: { x: 400, y: 80 } })
    expect(roomWithin(wide, edge)).toEqual({ position: { x: 200, y: 40 }, moved: {} })
    const wish = { x: 200, y: 300 }
    expect(roomWithin(wide, edge, wish)).toEqual({ position: wish, moved: {} })
  })

  test('is made by moving to the right what stands there', () => {
    const note = { id: 'note', text: '', position: { x: 300, y: 400 }, width: 200, height: 100 }
    const narrow = {
      orders: { x: 0, y: 0 },
      filter: { x: 168, y: 0 },
      archive: { x: 336, y: 0 },
      left: { x: 80, y: 300 },
    }
    const { position, moved } = roomWithin(standing(narrow, [note]), edge)
    expect(position).toEqual({ x: 168, y: 0 })
    expect(moved).toEqual({
      filter: { x: 336, y: 0 },
      archive: { x: 504, y: 0 },
      note: { x: 468, y: 400 },
    })
  })

  test('takes no notice of the node that is put there, and goes below where the connection leads back', () => {
    const dropped = standing({ orders: { x: 0, y: 0 }, filter: { x: 168, y: 0 }, own: { x: 90, y: 8 } })
    expect(roomWithin(dropped, edge, { x: 90, y: 8 }, 'own').moved).toEqual({ filter: { x: 336, y: 0 } })
    const back = standing({ orders: { x: 168, y: 0 }, filter: { x: 0, y: 0 } })
    expect(roomWithin(back, edge)).toEqual({ position: { x: 84, y: 122 }, moved: {} })
  })
})

describe('a copy', () => {
  const copy = standing({ a: { x: 0, y: 0 }, b: { x: 168, y: 0 } })

  test('goes with its middle to a place, and further down where it would hide a card', () => {
    expect(offsetOf(standing({}), copy, { x: 152, y: 49 })).toEqual({ x: 0, y: 0 })
    const taken = standing({ there: { x: 300, y: 90 } })
    expect(offsetOf(taken, copy, { x: 152, y: 49 })).toEqual({ x: 0, y: 244 })
  })

  test('goes beside its original without a place', () => {
    expect(offsetOf(copy, copy)).toEqual({ x: 168, y: 122 })
  })

  test('of a note hides no other, and may have cards on it', () => {
    const note = { id: 'n', text: '', position: { x: 0, y: 0 }, width: 240, height: 128 }
    const noted = standing({}, [note])
    expect(offsetOf(noted, noted, { x: 120, y: 64 })).toEqual({ x: 0, y: 244 })
    expect(offsetOf(copy, noted, { x: 120, y: 64 })).toEqual({ x: 0, y: 0 })
  })
})
