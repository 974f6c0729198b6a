import { type RawRecord, runPreview } from '@millrace/engine'
import { parseGraph, validate } from '@millrace/graph'
import { catalogue, runtimes } from '@millrace/nodes'
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

/** Events of a generator that the editor's preview runs over, and when the first one is due. */
const SAMPLED = 1_000
const START = Date.UTC(2026, 0, 1)

describe.each(
  TEMPLATES.filter(({ isGenerated }) => isGenerated).map(
    (template) => [template.name, template.graph] as const,
  ),
)('the preview of %s', (_, graph) => {
  test('shows rows in every sink at once, and no error anywhere', async () => {
    const samples = new Map(
      graph.nodes.flatMap(({ id, type, config }) => {
        if (type !== 'generator') return []
        const interval = 1000 / Number(config.ratePerSecond)
        const records = Array.from({ length: SAMPLED }, (_, offset): RawRecord => {
          const timestamp = START + Math.floor(offset * interval)
          return { topic: '', partition: 0, offset, timestamp, key: null, value: null }
        })
        return [[id, records] as const]
      }),
    )
    const input = { graph, samples, references: new Map(), closeWindows: true, generatorStart: START }
    const preview = await runPreview(input, catalogue, runtimes)
    expect([...preview.values()].flatMap(({ errors }) => errors)).toEqual([])
    const sinks = graph.nodes.filter(({ type }) => catalogue.get(type)?.kind === 'sink')
    expect(sinks.filter(({ id }) => (preview.get(id)?.counts.in ?? 0) === 0).map(({ id }) => id)).toEqual([])
  })
})
