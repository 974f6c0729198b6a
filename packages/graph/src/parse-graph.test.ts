import { describe, expect, it, vi } from 'vitest'
import { editConfig } from './edit-config.ts'
import type { GraphIssueCode } from './issue-codes.ts'
import { LIMITS } from './limits.ts'
import { type JsonValue, type NodeConfig, type PipelineGraph, positionOf } from './model.ts'
import { parseGraph } from './parse-graph.ts'
import { filter } from './testing/definitions.ts'
import { edge, node, pipeline, soundPipeline } from './testing/graphs.ts'

type Json = Record<string, unknown>

const sound: NodeConfig = JSON.parse(JSON.stringify(soundPipeline()))

/** The sound pipeline as JSON with one value set; a path such as `nodes.1.label`. */
function withValue(path: string, value: unknown): unknown {
  return editConfig(sound, { kind: 'set', path: path.split('.'), value: value as JsonValue })
}

/** The sound pipeline as JSON without one member. */
function without(path: string): unknown {
  return editConfig(sound, { kind: 'remove', path: path.split('.') })
}

function issuesOf(json: unknown) {
  const parsed = parseGraph(json)
  return parsed.ok ? [] : parsed.issues
}

describe('parseGraph', () => {
  it('reads a document', () => {
    expect(parseGraph(sound)).toEqual({ ok: true, graph: soundPipeline() })
  })

  it('reads any config of a node whose type it cannot know', () => {
    const json = withValue('nodes.1', {
      ...node('filter', filter, { a: [{ b: null }], '': { é: true } }),
      type: 'from-the-future',
    })
    const parsed = parseGraph(json)
    expect(parsed.ok && parsed.graph.nodes[1]?.config).toEqual({ a: [{ b: null }], '': { é: true } })
  })

  it('drops positions of nodes that do not exist', () => {
    const parsed = parseGraph(withValue('layout.gone', { x: 1, y: 1 }))
    expect(parsed.ok && Object.keys(parsed.graph.layout)).toEqual(['orders', 'filter', 'archive'])
  })

  const broken: [string, unknown, GraphIssueCode, string][] = [
    ['no object', 'text', 'invalid_document', 'The document must be a JSON object.'],
    ['a list', [], 'invalid_document', 'The document must be a JSON object.'],
    ['nothing', null, 'invalid_document', 'The document must be a JSON object.'],
    [
      'no format',
      without('format'),
      'invalid_document',
      'The document must say its format, a whole number from 1 on.',
    ],
    [
      'a format of zero',
      withValue('format', 0),
      'invalid_document',
      'The document must say its format, a whole number from 1 on.',
    ],
    [
      'a format in text',
      withValue('format', '1'),
      'invalid_document',
      'The document must say its format, a whole number from 1 on.',
    ],
    [
      'a newer format',
      withValue('format', 2),
      'newer_format',
      'The document has format 2 and was written by a newer Millrace; this one reads up to format 1. Update Millrace to open it.',
    ],
    ['no edges', without('edges'), 'invalid_document', 'edges is missing.'],
    ['nodes that are no list', withValue('nodes', {}), 'invalid_document', 'nodes must be a list.'],
    [
      'a member it does not know',
      withValue('layuot', {}),
      'invalid_document',
      'layuot does not belong here. If a newer Millrace wrote it, update Millrace to open the document.',
    ],
    ['a node without a label', without('nodes.0.label'), 'invalid_document', 'nodes › 1 › label is missing.'],
    [
      'a label of 201 characters',
      withValue('nodes.1.label', 'x'.repeat(201)),
      'invalid_document',
      'nodes › 2 › label must be at most 200 characters long.',
    ],
    [
      'a note of 10,001 characters',
      withValue('nodes.1.note', 'x'.repeat(10_001)),
      'invalid_document',
      'nodes › 2 › note must be at most 10000 characters long.',
    ],
    [
      'an id with a slash',
      withValue('nodes.2.id', 'a/b'),
      'invalid_document',
      'nodes › 3 › id must consist of 1 to 64 letters, digits, "-" or "_".',
    ],
    [
      'an id of 65 letters',
      withValue('edges.0.id', 'x'.repeat(65)),
      'invalid_document',
      'edges › 1 › id must consist of 1 to 64 letters, digits, "-" or "_".',
    ],
    [
      'a config that is a list',
      withValue('nodes.0.config', []),
      'invalid_document',
      'nodes › 1 › config must be an object.',
    ],
    [
      'a version of 0',
      withValue('nodes.0.typeVersion', 0),
      'invalid_document',
      'nodes › 1 › typeVersion must be at least 1.',
    ],
    ['an edge without an end', without('edges.1.to'), 'invalid_document', 'edges › 2 › to is missing.'],
    [
      'a position out of this world',
      withValue('layout.orders', { x: 1e9, y: 0 }),
      'invalid_document',
      'layout › orders › x must be at most 1000000.',
    ],
    [
      'a position without y',
      withValue('layout.orders', { x: 1 }),
      'invalid_document',
      'layout › orders › y is missing.',
    ],
    [
      'two nodes with one id',
      withValue('nodes.3', soundPipeline().nodes[0]),
      'duplicate_id',
      'The id of "orders", "orders", is in use by another node.',
    ],
    [
      'two edges with one id',
      withValue('edges.2', soundPipeline().edges[0]),
      'duplicate_id',
      'Two edges have the id "orders_filter".',
    ],
    [
      'an edge to nowhere',
      withValue('edges.2', edge('orders → gone')),
      'dangling_edge',
      'The edge "orders_gone" leads from or to the node "gone", which does not exist.',
    ],
    [
      'an edge from an inherited name',
      withValue('edges.2', edge('constructor → filter')),
      'dangling_edge',
      'The edge "constructor_filter" leads from or to the node "constructor", which does not exist.',
    ],
    [
      'half a character',
      withValue('nodes.0.label', '\ud800'),
      'invalid_document',
      'The document has text with half a character (a lone surrogate).',
    ],
    [
      'U+0000 in a name',
      withValue('nodes.0.config', { 'a\0': 1 }),
      'invalid_document',
      'The document has text with the character U+0000.',
    ],
  ]

  it.each(broken)('refuses %s, in words', (_what, json, code, message) => {
    expect(issuesOf(json)[0]).toMatchObject({ code, message, severity: 'error' })
  })

  it('names the node and the path where it can', () => {
    const [issue] = issuesOf(withValue('nodes.1.label', 7))
    expect(issue).toMatchObject({ nodeId: 'filter', path: ['nodes', '1', 'label'] })
    const [nameless] = issuesOf(withValue('nodes.1.id', 7))
    expect(nameless).toMatchObject({ nodeId: null, path: ['nodes', '1', 'id'] })
    const [elsewhere] = issuesOf(withValue('edges.1.id', 7))
    expect(elsewhere).toMatchObject({ nodeId: null, path: ['edges', '1', 'id'] })
    const [headless] = issuesOf(withValue('nodes', 7))
    expect(headless).toMatchObject({ nodeId: null, path: ['nodes'] })
    const [twin] = issuesOf(withValue('edges.2', soundPipeline().edges[0]))
    expect(twin).toMatchObject({ code: 'duplicate_id', nodeId: 'filter' })
  })

  it('counts characters, not UTF-16 units', () => {
    expect(parseGraph(withValue('nodes.0.label', '🌊'.repeat(200))).ok).toBe(true)
  })
})

describe('limits of parseGraph', () => {
  const chain = (nodes: number): PipelineGraph =>
    pipeline(
      Array.from({ length: nodes }, (_, i) => node(`n${i}`, filter)),
      [],
    )

  it('are met by 5,000 nodes and 20,000 edges', () => {
    const graph = chain(LIMITS.nodes)
    const edges = Array.from({ length: LIMITS.edges }, (_, i) => edge(`n${i % 4_999} → n4999`, `e${i}`))
    expect(parseGraph({ ...graph, edges }).ok).toBe(true)
  })

  it('refuse one node or edge more before looking at any of them', () => {
    const nodes = Array.from({ length: LIMITS.nodes + 1 }, () => null)
    const edges = Array.from({ length: LIMITS.edges + 1 }, () => null)
    expect(issuesOf({ ...soundPipeline(), nodes, edges })).toMatchObject([
      { code: 'too_many_nodes', message: 'A pipeline may have at most 5000 nodes; this one has 5001.' },
      { code: 'too_many_edges', message: 'A pipeline may have at most 20000 edges; this one has 20001.' },
    ])
  })

  it('refuse a document that is nested too deep before anything walks into it', () => {
    const bomb = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
    const [issue] = issuesOf(withValue('nodes.0.config', { bomb }))
    expect(issue).toMatchObject({
      code: 'invalid_document',
      message: 'The document is nested deeper than 40 levels.',
    })
  })

  it('name at most 20 mistakes of a document that is wrong everywhere', () => {
    expect(issuesOf({ ...soundPipeline(), nodes: Array(1_000).fill({}) })).toHaveLength(20)
  })
})

describe('names of inherited members', () => {
  const odd = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
  const graph = pipeline(
    odd.map((id) => node(id, filter)),
    [],
  )
  const layout = `{${odd.map((id, i) => `"${id}": {"x": ${i}, "y": 1}`).join()}}`
  const json = { ...JSON.parse(JSON.stringify(graph)), layout: JSON.parse(layout) }

  it('are ids like any other', () => {
    const parsed = parseGraph(json)
    expect(parsed.ok && odd.map((id) => positionOf(parsed.graph.layout, id)?.x)).toEqual([0, 1, 2, 3])
  })

  it('pollute nothing', () => {
    const config = JSON.parse(
      '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
    )
    const parsed = parseGraph({ ...json, nodes: [{ ...node('__proto__', filter), config }] })
    expect(parsed.ok && JSON.stringify(parsed.graph.nodes[0]?.config)).toBe(JSON.stringify(config))
    expect(({} as Json).polluted).toBe(undefined)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  it('are no members of a document', () => {
    const [issue] = issuesOf(JSON.parse(`{"__proto__": {}, ${JSON.stringify(json).slice(1)}`))
    expect(issue).toMatchObject({ code: 'invalid_document', path: ['__proto__'] })
  })
})

it('runs where code generation is forbidden, as in the editor', () => {
  const forbidden = vi.fn(() => {
    throw new EvalError('Code generation from strings is disallowed')
  })
  vi.stubGlobal('Function', forbidden)
  vi.stubGlobal('eval', forbidden)
  try {
    expect(parseGraph(sound).ok).toBe(true)
    expect(issuesOf(without('nodes.0.label'))).toHaveLength(1)
    expect(forbidden).not.toHaveBeenCalled()
  } finally {
    vi.unstubAllGlobals()
  }
})
