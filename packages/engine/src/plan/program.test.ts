import { enrich, node, pipeline } from '@millrace/graph/testing'
import { describe, expect, it } from 'vitest'
import { catalogue, events, latest, odd, runtimes, sink } from '../testing/index.ts'
import { prepareProgram } from './program.ts'

const source = node('source', events)
const filter = node('filter', odd)
const out = node('out', sink)
const valid = pipeline([source, filter, out], ['source → filter', 'filter → out'])

function prepare(graph: typeof valid) {
  return prepareProgram(graph, catalogue, runtimes)
}

describe('prepareProgram', () => {
  it('gives an input that may stay unconnected, and does, no fields', () => {
    const widened = { ...enrich, infer: events.infer as never }
    const types = {
      get: (type: string) => (type === 'enrich' ? widened : catalogue.get(type)),
      list: catalogue.list,
    }
    const graph = pipeline([source, node('enrich', widened), out], ['source → enrich', 'enrich → out'])
    const anyRuntime = { get: (type: string) => runtimes.get(type === 'enrich' ? 'odd' : type) }
    const { inputs } = prepareProgram(graph, types, anyRuntime).node('enrich')
    expect(inputs.map(({ fields }) => fields.length)).toEqual([5, 0])
  })

  it('refuses a graph that was not validated, naming what is missing', () => {
    const open = pipeline([filter, out], ['filter → out'])
    expect(() => prepare(open)).toThrow('schema of filter.in')
    const unknown = pipeline([{ ...source, type: 'kafka' }], [])
    expect(() => prepare(unknown)).toThrow('node type kafka')
    expect(() => prepareProgram(valid, catalogue, { get: () => undefined })).toThrow(
      'runtime of node type events',
    )
  })

  it('refuses a node that would send updates of one key from several tasks', () => {
    const graph = pipeline([source, node('latest', latest), out], ['source → latest', 'latest → out'])
    expect(prepare(graph).node('latest').outputs[0]?.updates).toEqual({ key: ['key'], before: true })
    const spreading = { get: (type: string) => runtimes.get(type === 'latest' ? 'sums' : type) }
    expect(() => prepareProgram(graph, catalogue, spreading)).toThrow('updates of one key from several tasks')
  })

  it('knows no other nodes, not even those with the names of members', () => {
    expect(() => prepare(valid).node('constructor')).toThrow('node constructor')
  })
})
