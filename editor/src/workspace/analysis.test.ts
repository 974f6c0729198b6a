import { applyChange } from '@millrace/graph'
import { describe, expect, test } from 'vitest'
import { sampleCatalogue, sampleGraph, sampleNode } from '../testing/sample-types.ts'
import { analyse, createAnalyser } from './analysis.ts'

const graph = sampleGraph()

describe('analyse', () => {
  test('sums up a node by its definition, or by the setting that is missing', () => {
    const nodes = [
      ...graph.nodes,
      sampleNode('blank', 'filter'),
      { ...sampleNode('odd', 'filter'), type: 'unheard' },
    ]
    const { digests, issuesOf } = analyse({ ...graph, nodes }, sampleCatalogue)
    expect(digests.get('orders')).toEqual({ text: 'orders', isSet: true })
    expect(digests.get('blank')).toEqual({ text: 'Set field', isSet: false })
    expect(digests.get('odd')).toEqual({ text: 'Unknown type', isSet: false })
    expect(issuesOf.get('blank')?.map(({ code }) => code)).toContain('field_missing')
  })

  test('never asks for the digest of settings that do not fit the schema', () => {
    const nodes = [sampleNode('broken', 'orders', { topic: 5 })]
    expect(analyse({ ...graph, nodes, edges: [] }, sampleCatalogue).digests.get('broken')?.text).toBe(
      'Settings do not fit',
    )
  })

  test('tells what flows where', () => {
    const { schemas } = analyse(graph, sampleCatalogue)
    expect(schemas.get('archive')?.inputs.in?.fields.map(({ name }) => name)).toEqual(['orderId', 'total'])
  })
})

test('an analysis is kept while nodes are only moved', () => {
  const analyser = createAnalyser(sampleCatalogue)
  const first = analyser(graph)
  const moved = applyChange(graph, { kind: 'move-nodes', positions: { filter: { x: 1, y: 1 } } }).graph
  expect(analyser(moved)).toBe(first)
  expect(analyser(applyChange(graph, { kind: 'set-note', nodeId: 'filter', note: 'x' }).graph)).not.toBe(
    first,
  )
})
