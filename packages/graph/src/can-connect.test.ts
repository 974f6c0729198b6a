import { scalar } from '@millrace/expr'
import { describe, expect, it } from 'vitest'
import { applyChange } from './apply-change.ts'
import { canConnect } from './can-connect.ts'
import { createCatalogue } from './define-node.ts'
import type { NodeDefinition } from './definition.ts'
import type { Issue } from './issue.ts'
import type { PipelineGraph } from './model.ts'
import { archive, catalogue, enrich, filter, orders, sort, union, window } from './testing/definitions.ts'
import { diamondLadder, edge, node, pipeline } from './testing/graphs.ts'
import { validate } from './validate.ts'

const nodes = [
  node('orders', orders),
  node('filter', filter, { field: 'region' }),
  node('union', union),
  node('window', window),
  node('enrich', enrich),
  node('archive', archive),
  node('sort', sort, { regions: [{ port: 'r2', name: 'EU' }] }),
]
/** As the orders, but with numbers. */
const numbered: NodeDefinition = {
  ...orders,
  type: 'numbered',
  infer: () => {
    const fields = ['orderId', 'region'].map((name) => ({ name, type: scalar('int64') }))
    return { outputs: { out: { fields, partitionedBy: null, eventTimeField: null } }, issues: [] }
  },
}

const loose = pipeline(nodes, [])

function connect(graph: PipelineGraph, text: string) {
  const { from, to } = edge(text)
  return canConnect(graph, catalogue, from, to)
}

function withEdges(...edges: string[]): PipelineGraph {
  return pipeline(nodes, edges)
}

describe('canConnect', () => {
  it.each([
    'orders → filter',
    'filter → archive',
    'window.late → archive',
    'orders → enrich.reference',
    'sort.r2 → archive',
  ])('allows %s', (text) => {
    expect(connect(loose, text)).toEqual({ ok: true })
  })

  it('allows many edges at an input that takes many', () => {
    expect(connect(withEdges('orders → union'), 'filter → union')).toEqual({ ok: true })
  })

  it('allows streams that differ in what a click mends', () => {
    const other = node('other', orders, { fields: ['orderId'] })
    const graph = pipeline([...nodes, other], ['orders → union'])
    expect(connect(graph, 'other → union')).toEqual({ ok: true })
  })

  const refused: [string, PipelineGraph, string, string][] = [
    ['a missing node', loose, 'orders → gone', 'The node does not exist any more.'],
    ['an inherited name', loose, 'constructor → filter', 'The node does not exist any more.'],
    ['a node with itself', loose, 'filter → filter', '"filter" cannot feed itself.'],
    ['the output of a sink', loose, 'archive → filter', '"archive" is a sink: it has no output.'],
    ['the input of a source', loose, 'filter → orders', '"orders" is a source: it has no input.'],
    ['an unknown output', loose, 'orders.toString → filter', '"orders" has no output called "toString".'],
    ['a closed output', loose, 'sort.r1 → archive', 'The settings of "sort" do not have this output.'],
    ['an unknown input', loose, 'orders → filter.x', '"filter" has no input called "x".'],
    [
      'what is connected',
      withEdges('orders → filter'),
      'orders → filter',
      '"orders" and "filter" are connected already.',
    ],
    [
      'a taken input',
      withEdges('orders → archive'),
      'filter → archive',
      '"archive" takes one connection here and has one from "orders".',
    ],
    [
      'a circle',
      withEdges('union → window', 'window → filter'),
      'filter → union',
      'Events would run in a circle: "filter" → "union" → "window" → "filter".',
    ],
  ]

  it.each(refused)('refuses %s, with the reason', (_what, graph, text, reason) => {
    expect(connect(graph, text)).toEqual({ ok: false, reason })
  })

  it('refuses a node of an unknown type', () => {
    const graph = pipeline([...nodes, { ...node('alien', filter), type: 'alien' }], [])
    const reason = '"alien" has a type that this Millrace does not know.'
    expect(connect(graph, 'alien → archive')).toEqual({ ok: false, reason })
    expect(connect(graph, 'orders → alien')).toEqual({ ok: false, reason })
  })
})

describe('what flows', () => {
  const other = (field: string) => pipeline(nodes.with(1, node('filter', filter, { field })), [])

  it('must fit the settings of the target', () => {
    expect(connect(other('total'), 'orders → filter')).toEqual({
      ok: false,
      reason: 'There is no field "total".',
    })
  })

  it('must fit also when it comes from far', () => {
    const graph = pipeline(nodes, ['orders → window'])
    expect(connect(graph, 'window → filter')).toEqual({ ok: false, reason: 'There is no field "region".' })
    expect(connect(graph, 'window.late → filter')).toEqual({ ok: true })
  })

  it('may go to a node that is not configured yet', () => {
    expect(connect(other(''), 'orders → filter')).toEqual({ ok: true })
    const unfit = pipeline(nodes.with(1, node('filter', filter, { field: 7 })), [])
    expect(connect(unfit, 'orders → filter')).toEqual({ ok: true })
  })

  it('may be unknown', () => {
    expect(connect(other('total'), 'union → filter')).toEqual({ ok: true })
  })

  it('must have the same fields as the streams that it meets', () => {
    const numbers = createCatalogue([...catalogue.list(), numbered])
    const graph = pipeline([...nodes, node('typed', numbered)], ['orders → union'])
    const { from, to } = edge('typed → union')
    expect(canConnect(graph, numbers, from, to)).toEqual({
      ok: false,
      reason:
        'The streams that meet at "union" do not fit together: "orderId" is string in "orders" and int64 in "typed".',
    })
  })

  it('is judged for the target alone, not for what was wrong before', () => {
    const graph = pipeline(nodes.with(1, node('filter', filter, { field: 'total' })), ['orders → filter'])
    expect(connect(graph, 'filter → archive')).toEqual({ ok: true })
  })

  it('is told in time on a ladder of diamonds', () => {
    const ladder = applyChange(diamondLadder(166), { kind: 'remove-edge', edgeId: 'u165_archive' }).graph
    expect(connect(ladder, 'u165 → archive')).toEqual({ ok: true })
    expect(connect(ladder, 'u165 → u0')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('circle'),
    })
  })
})

it('allows nothing that validate then calls an error', () => {
  const ports = nodes.flatMap(({ id, type }) => {
    const { inputs = [], outputs = [] } = catalogue.get(type) ?? {}
    return [...inputs.map(({ name }) => `${id}.${name}`), ...outputs.map(({ name }) => `${id}.${name}`)]
  })
  const isError = ({ severity, code, fix }: Issue) =>
    severity === 'error' && code !== 'input_unconnected' && !(code === 'inputs_differ' && fix)
  const errors = (graph: PipelineGraph) => validate(graph, catalogue).filter(isError).length
  const start = withEdges('orders → filter', 'filter → window', 'orders → union')
  const before = errors(start)
  const all = ports.flatMap((from) => ports.map((to) => `${from} → ${to}`))
  const worse = all.filter((text) => {
    const added = applyChange(start, { kind: 'add-edge', edge: edge(text, 'new') }).graph
    return connect(start, text).ok !== errors(added) <= before
  })
  expect(worse).toEqual([])
})
