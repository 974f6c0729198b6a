import { describe, expect, test, vi } from 'vitest'
import { sampleCatalogue, sampleEdge, sampleGraph, sampleNode } from '../testing/sample-types.ts'
import { createConnectStore, portKey } from './connect-store.ts'

const sample = sampleGraph()
const graph = {
  ...sample,
  nodes: [...sample.nodes, sampleNode('free', 'archive')],
  edges: [sampleEdge('orders', 'filter'), sampleEdge('filter', 'archive')],
}

function begin(from: { node: string; port: string; isOutput: boolean }) {
  const store = createConnectStore({ catalogue: sampleCatalogue, graph: () => graph })
  store.begin(from)
  return store
}

describe('while a connection is drawn', () => {
  test('every port on the other side is judged, and a refusal says why', async () => {
    const store = begin({ node: 'filter', port: 'out', isOutput: true })
    await vi.waitFor(() => expect(store.getState().verdicts.size).toBe(2), { timeout: 30_000 })
    expect(store.getState().verdicts.get('free/in')).toEqual({ ok: true })
    expect(store.getState().verdicts.get('archive/in')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('connected already'),
    })
  })

  test('it may be drawn backwards from an input', () => {
    const store = begin({ node: 'free', port: 'in', isOutput: false })
    expect(store.verdict({ node: 'filter', port: 'out' })).toEqual({ ok: true })
  })

  test('a node cannot feed itself, nor run in a circle', () => {
    const store = begin({ node: 'filter', port: 'out', isOutput: true })
    expect(store.verdict({ node: 'filter', port: 'in' })).toMatchObject({ ok: false })
    expect(store.getState().verdicts.has(portKey({ node: 'filter', port: 'in' }))).toBe(false)
  })

  test('the end forgets everything', () => {
    const store = begin({ node: 'filter', port: 'out', isOutput: true })
    store.end()
    expect(store.getState()).toEqual({ from: null, verdicts: new Map() })
    expect(store.verdict({ node: 'free', port: 'in' }).ok).toBe(false)
  })
})
