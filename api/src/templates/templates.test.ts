import { parseGraph, validate } from '@millrace/graph'
import { catalogue } from '@millrace/nodes'
import { describe, expect, test } from 'vitest'
import { TEMPLATES } from './templates.ts'

describe.each(TEMPLATES.map((template) => [template.name, template.graph] as const))('%s', (_, graph) => {
  test('is a document', () => {
    expect(parseGraph(JSON.parse(JSON.stringify(graph)))).toEqual({ ok: true, graph })
  })

  test('has nothing wrong with it', () => {
    expect(validate(graph, catalogue)).toEqual([])
  })

  test('says where each of its nodes stands, and no two at one place', () => {
    const places = graph.nodes.map(({ id }) => JSON.stringify(graph.layout[id]))
    expect(new Set(places).size).toBe(graph.nodes.length)
    expect(places).not.toContain(undefined)
  })
})
