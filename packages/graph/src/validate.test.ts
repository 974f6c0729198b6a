import { describe, expect, it } from 'vitest'
import { applyChange } from './apply-change.ts'
import type { Issue } from './issue.ts'
import type { GraphIssueCode } from './issue-codes.ts'
import type { GraphNode, PipelineGraph } from './model.ts'
import { archive, catalogue, enrich, filter, orders, union, window } from './testing/definitions.ts'
import { diamondLadder, edge, node, pipeline, soundPipeline } from './testing/graphs.ts'
import { validate } from './validate.ts'

const check = (graph: PipelineGraph) => validate(graph, catalogue)
const codes = (graph: PipelineGraph) => check(graph).map(({ code }) => code)
const region = { field: 'region' }

/** The sound pipeline with another node in the middle. */
function withMiddle(middle: GraphNode): PipelineGraph {
  const graph = soundPipeline()
  return { ...graph, nodes: graph.nodes.with(1, { ...middle, id: 'filter' }) }
}

function only(graph: PipelineGraph, code: string): Issue {
  const found = check(graph).filter((issue) => issue.code === code)
  expect(found).toHaveLength(1)
  return found[0] as Issue
}

/** What the problems list says after a click on the fix. */
function codesAfterFix(graph: PipelineGraph, issue: Issue): string[] {
  expect(issue.fix).toBeDefined()
  return issue.fix ? codes(applyChange(graph, issue.fix.change).graph) : []
}

describe('validate', () => {
  it('finds nothing wrong with a sound pipeline', () => {
    expect(check(soundPipeline())).toEqual([])
  })

  it('asks for a source and a sink', () => {
    const empty = pipeline([], [])
    expect(check(empty)).toMatchObject([
      { code: 'no_source', nodeId: null, severity: 'error' },
      { code: 'no_sink', nodeId: null, severity: 'error' },
    ])
    expect(codes(pipeline([node('orders', orders)], []))).toEqual(['output_unconnected', 'no_sink'])
    expect(codes(pipeline([node('archive', archive)], []))).toEqual(['input_unconnected', 'no_source'])
  })

  it('does not ask for what a node of an unknown type may be', () => {
    const graph = withMiddle({ ...node('x', filter), type: 'unknown' })
    const nodes = graph.nodes.slice(1)
    expect(codes({ ...graph, nodes, edges: [edge('filter → archive')] })).toEqual(['unknown_node_type'])
  })

  it('lists by node in document order, then what concerns the whole', () => {
    const nodes = [
      node('archive', archive),
      node('lonely', filter),
      node('circle', union),
      node('orders', orders),
    ]
    const graph = pipeline(nodes, ['circle → circle', 'orders.nowhere → archive'])
    expect(check(graph).map(({ code, nodeId }) => [code, nodeId])).toEqual([
      ['input_unconnected', 'lonely'],
      ['output_unconnected', 'lonely'],
      ['field_missing', 'lonely'],
      ['cycle', 'circle'],
      ['unknown_port', 'orders'],
      ['output_unconnected', 'orders'],
    ])
    expect(check(graph)).toEqual(check(JSON.parse(JSON.stringify(graph))))
  })
})

describe('the type of a node', () => {
  it('must be known', () => {
    const issue = only(
      withMiddle({ ...node('x', filter), label: 'Only mine', type: 'fliter' }),
      'unknown_node_type',
    )
    expect(issue).toMatchObject({
      nodeId: 'filter',
      message: '"Only mine" has the type "fliter", which this Millrace does not know. Did you mean "filter"?',
    })
  })

  it('must be of this version', () => {
    const newer = only(withMiddle({ ...node('w', window), typeVersion: 3 }), 'newer_node')
    expect(newer.message).toBe(
      'The settings of "w" were written for version 3 of "Window"; this Millrace has version 2. Update Millrace to use them.',
    )
    expect(codes(withMiddle({ ...node('w', window), typeVersion: 1 }))).toEqual(['outdated_node'])
  })

  it('is told by its id where the label is blank', () => {
    const { message } = only(
      withMiddle({ ...node('x', filter), label: ' ', type: 'huh' }),
      'unknown_node_type',
    )
    expect(message).toMatch(/^"filter" has/)
  })
})

describe('settings', () => {
  it('must be within bounds', () => {
    expect(
      only(withMiddle(node('w', window, { size: 0, aggregates: [{ name: 'n' }] })), 'invalid_setting'),
    ).toMatchObject({
      nodeId: 'filter',
      path: ['size'],
      message: 'size must be at least 1 ms.',
    })
  })

  it('must all be there', () => {
    const issue = only(withMiddle(node('w', window, { size: 1, aggregates: [{}] })), 'missing_setting')
    expect(issue).toMatchObject({
      path: ['aggregates', '0', 'name'],
      message: 'Aggregates › 1 › Name is missing.',
    })
  })

  it('must be known; a likely name is offered and mends it', () => {
    const graph = withMiddle(node('f', filter, { fiel: 'region' }))
    const issue = only(graph, 'unknown_setting')
    expect(issue).toMatchObject({
      path: ['fiel'],
      message: 'fiel does not belong here. Did you mean "field"?',
    })
    expect(codesAfterFix(graph, issue)).toEqual([])
  })

  it('may be removed with a click where nothing is like them', () => {
    const graph = withMiddle(node('f', filter, { ...region, colour: 'red' }))
    expect(codesAfterFix(graph, only(graph, 'unknown_setting'))).toEqual([])
  })

  it('are mended by the likely choice', () => {
    const graph = withMiddle(node('f', filter, { ...region, mode: 'kep' }))
    expect(codesAfterFix(graph, only(graph, 'invalid_setting'))).toEqual([])
  })

  it('are judged by the node itself once they fit', () => {
    const graph = withMiddle(node('f', filter, { field: 'regio' }))
    const issue = only(graph, 'unknown_field')
    expect(issue).toMatchObject({ nodeId: 'filter', path: ['field'] })
    expect(codesAfterFix(graph, issue)).toEqual([])
  })
})

describe('edges', () => {
  it('must join nodes that exist', () => {
    const graph = { ...soundPipeline(), edges: [...soundPipeline().edges, edge('filter → gone')] }
    const issue = only(graph, 'dangling_edge')
    expect(issue).toMatchObject({ nodeId: 'filter' })
    expect(codesAfterFix(graph, issue)).toEqual([])
    const lost = { ...graph, edges: [...soundPipeline().edges, edge('toString → gone')] }
    expect(only(lost, 'dangling_edge').nodeId).toBe(null)
  })

  it('must join ports that exist; a likely port is offered and mends it', () => {
    const graph = { ...soundPipeline(), edges: [edge('orders.outt → filter'), edge('filter → archive')] }
    const issue = only(graph, 'unknown_port')
    expect(issue).toMatchObject({
      nodeId: 'orders',
      message: '"orders" has no output called "outt". Did you mean "out"?',
    })
    expect(codesAfterFix(graph, issue)).toEqual([])
  })

  it('are removed with a click where no port is like the one they name', () => {
    const graph = {
      ...soundPipeline(),
      edges: [...soundPipeline().edges, edge('orders → archive.constructor')],
    }
    const issue = only(graph, 'unknown_port')
    expect(issue).toMatchObject({
      nodeId: 'archive',
      message: '"archive" has no input called "constructor".',
    })
    expect(codesAfterFix(graph, issue)).toEqual([])
  })

  it('may not be more than an input takes', () => {
    const graph = { ...soundPipeline(), edges: [...soundPipeline().edges, edge('orders → archive')] }
    expect(check(graph)).toMatchObject([
      {
        code: 'port_taken',
        nodeId: 'archive',
        message: '2 connections end at "archive", which takes one: remove the others.',
      },
    ])
  })

  it('may be many at an input that takes many', () => {
    const nodes = [node('a', orders), node('b', orders), node('u', union), node('archive', archive)]
    expect(check(pipeline(nodes, ['a → u', 'b → u', 'u → archive']))).toEqual([])
  })

  it('may not join the same ports twice', () => {
    const graph = { ...soundPipeline(), edges: [...soundPipeline().edges, edge('orders → filter', 'again')] }
    const issue = only(graph, 'duplicate_connection')
    expect(issue.nodeId).toBe('filter')
    expect(codes(graph)).toEqual(['duplicate_connection'])
    expect(codesAfterFix(graph, issue)).toEqual([])
  })

  it('must end at every input that needs one', () => {
    const nodes = [node('orders', orders), node('e', enrich), node('archive', archive)]
    const graph = pipeline(nodes, ['orders → e.reference', 'e → archive'])
    expect(check(graph)).toMatchObject([
      {
        code: 'input_unconnected',
        nodeId: 'e',
        message: 'Nothing flows into "Events" of "e": connect a node to it.',
      },
    ])
    expect(check(pipeline(nodes, ['orders → e', 'e → archive']))).toEqual([])
  })

  it('should begin at every output but the optional ones', () => {
    const nodes = [node('orders', orders), node('w', window), node('archive', archive)]
    expect(check(pipeline(nodes, ['orders → w', 'w → archive']))).toEqual([])
    expect(check(pipeline(nodes, ['orders → w', 'w.late → archive']))).toMatchObject([
      {
        code: 'output_unconnected',
        severity: 'warning',
        nodeId: 'w',
        message: expect.stringContaining('"Results" of "w"'),
      },
    ])
  })

  it('may not lead in a circle, which is named', () => {
    const nodes = [
      node('orders', orders),
      node('u', union),
      node('f', filter, region),
      node('archive', archive),
    ]
    const graph = pipeline(nodes, ['orders → u', 'u → f', 'f → u', 'f → archive'])
    expect(check(graph)).toMatchObject([
      {
        code: 'cycle',
        nodeId: 'u',
        message: 'Events would run in a circle: "u" → "f" → "u". Remove one of these connections.',
      },
    ])
  })

  it('in a large circle are named in part', () => {
    const circle = (size: number) => {
      const nodes = Array.from({ length: size }, (_, i) => node(`n${i}`, union))
      const edges = nodes.map((_, i) => `n${i} → n${(i + 1) % size}`)
      return only(pipeline(nodes, edges), 'cycle').message
    }
    expect(circle(9)).toContain('"n3" → "n4" → "n5" → "n6"')
    expect(circle(100)).toContain('"n4" → … 92 more … → "n97"')
  })
})

describe('limits', () => {
  const many = (count: number) =>
    pipeline(
      Array.from({ length: count }, (_, i) => node(`n${i}`, union)),
      [],
    )

  it('warn of more than 500 nodes', () => {
    expect(codes(many(500))).not.toContain('many_nodes')
    expect(only(many(501), 'many_nodes')).toMatchObject({ severity: 'warning', nodeId: null })
  })

  it('stop at more than 5,000 nodes or 20,000 edges and look at nothing else', () => {
    expect(codes(many(5_001))).toEqual(['too_many_nodes'])
    const edges = Array.from({ length: 20_001 }, (_, i) => edge('n0 → n1', `e${i}`))
    expect(codes({ ...many(2), edges })).toEqual(['too_many_edges'])
  })

  it('bound names, labels and notes, counted in characters', () => {
    const graph = withMiddle({
      ...node('f', filter, region),
      label: 'x'.repeat(201),
      note: 'x'.repeat(10_001),
    })
    expect(codes({ ...graph, name: 'x'.repeat(201) })).toEqual([
      'text_too_long',
      'text_too_long',
      'text_too_long',
    ])
    expect(codes(withMiddle({ ...node('f', filter, region), label: '🌊'.repeat(200) }))).toEqual([])
  })

  it('hold for a ladder of diamonds with 2^166 ways through', () => {
    expect(check(diamondLadder(166))).toEqual([])
  })
})

it('reports an id in use twice, at the node', () => {
  const graph = soundPipeline()
  const twins = { ...graph, nodes: [...graph.nodes, node('filter', filter, region)] }
  expect(check(twins)).toMatchObject([{ code: 'duplicate_id' satisfies GraphIssueCode, nodeId: 'filter' }])
})

it('is not led astray by ids that are names of inherited members', () => {
  const [source, middle, sink] = ['__proto__', 'constructor', 'toString'] as const
  const nodes = [node(source, orders), node(middle, filter, region), node(sink, archive)]
  expect(check(pipeline(nodes, [`${source} → ${middle}`, `${middle} → ${sink}`]))).toEqual([])
  expect(codes(pipeline(nodes, [`${middle} → ${sink}`]))).toEqual(['output_unconnected', 'input_unconnected'])
})
