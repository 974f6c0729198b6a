import { describe, expect, it } from 'vitest'
import type { Issue } from './issue.ts'
import { type GraphIssueCode, ISSUE_CODES } from './issue-codes.ts'
import type { PipelineGraph } from './model.ts'
import { parseGraph } from './parse-graph.ts'
import { archive, catalogue, filter, latest, orders, sort, union, window } from './testing/definitions.ts'
import { edge, node, pipeline, soundPipeline } from './testing/graphs.ts'
import { validate } from './validate.ts'

const sound = soundPipeline()
const many = (count: number) =>
  pipeline(
    Array.from({ length: count }, (_, i) => node(`n${i}`, union)),
    [],
  )
const withEdge = (text: string, id?: string): PipelineGraph => ({
  ...sound,
  edges: [...sound.edges, edge(text, id)],
})
const parsed = (json: unknown): readonly Issue[] => {
  const result = parseGraph(json)
  return result.ok ? [] : result.issues
}
const validated = (graph: PipelineGraph) => validate(graph, catalogue)

/** For every code something that raises it: a code without a case does not compile. */
const RAISED = {
  invalid_document: parsed(null),
  newer_format: parsed({ ...sound, format: 99 }),
  duplicate_id: validated({ ...sound, nodes: [...sound.nodes, ...sound.nodes] }),
  dangling_edge: validated(withEdge('orders → gone')),
  too_many_nodes: validated(many(5_001)),
  too_many_edges: validated({ ...sound, edges: Array(20_001).fill(edge('orders → filter')) }),
  many_nodes: validated(many(501)),
  text_too_long: validated({ ...sound, name: 'x'.repeat(201) }),
  unknown_node_type: validated(pipeline([{ ...node('x', union), type: 'x' }], [])),
  newer_node: validated(pipeline([{ ...node('x', union), typeVersion: 2 }], [])),
  outdated_node: validated(pipeline([{ ...node('x', window), typeVersion: 1 }], [])),
  missing_setting: validated(pipeline([node('x', filter, {})], [])),
  invalid_setting: validated(pipeline([node('x', filter, { field: 1 })], [])),
  unknown_setting: validated(pipeline([node('x', union, { x: 1 })], [])),
  unknown_port: validated(withEdge('orders.x → archive.x')),
  closed_port: validated(
    pipeline([node('a', orders), node('s', sort), node('z', archive)], ['a → s', 's.r1 → z']),
  ),
  port_taken: validated(withEdge('orders → archive')),
  duplicate_connection: validated(withEdge('orders → filter', 'again')),
  input_unconnected: validated(many(1)),
  output_unconnected: validated(many(1)),
  inputs_differ: validated(
    pipeline([node('a', orders), node('b', orders, { fields: [] }), node('u', union)], ['a → u', 'b → u']),
  ),
  updates_refused: validated(
    pipeline([node('a', orders), node('l', latest), node('w', window)], ['a → l', 'l → w']),
  ),
  cycle: validated(pipeline([node('x', union)], ['x → x'])),
  no_source: validated(many(1)),
  no_sink: validated(many(1)),
} satisfies { readonly [code in GraphIssueCode]: readonly Issue[] }

const cases = Object.entries(RAISED) as [GraphIssueCode, readonly Issue[]][]

describe('the table of issue codes', () => {
  it.each(cases)('has %s as it is raised', (code, issues) => {
    const issue = issues.find((found) => found.code === code)
    expect(issue?.severity).toBe(ISSUE_CODES[code].severity)
  })

  it('has every code that is raised', () => {
    const raised = cases.flatMap(([, issues]) => issues.map(({ code }) => code))
    const foreign = new Set(raised.filter((code) => !Object.hasOwn(ISSUE_CODES, code)))
    // The rest comes from the definitions of the tests.
    expect([...foreign]).toEqual([])
  })

  it('tells the meaning of each in one sentence', () => {
    for (const { meaning } of Object.values(ISSUE_CODES)) expect(meaning).toMatch(/^[A-Z][^.]*\.$/)
  })
})

it('every message is a sentence that can be read by itself', () => {
  for (const { message } of cases.flatMap(([, issues]) => issues)) expect(message).toMatch(/[.?]$/)
})
