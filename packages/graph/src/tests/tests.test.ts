import { describe, expect, it } from 'vitest'
import { applyChange } from '../apply-change.ts'
import { parseGraph } from '../parse-graph.ts'
import { contentText, serializeGraph } from '../serialize-graph.ts'
import { soundPipeline } from '../testing/graphs.ts'
import { type PipelineTests, withoutTests } from './model.ts'

const graph = soundPipeline()
const tests: PipelineTests = {
  required: true,
  cases: [
    {
      id: 'one',
      name: 'One',
      closeWindows: true,
      steps: [
        { to: 'orders', at: '2026-01-01T00:00:00Z', value: { region: 'EU' } },
        { to: 'orders', base64: 'AA==' },
        { to: 'orders', generate: 3 },
        { clock: 5 },
      ],
      expect: [
        { node: 'archive', of: 'in', check: 'rows', rows: [{ row: { region: 'EU' } }] },
        { node: 'archive', of: 'in', check: 'count', count: 1 },
        { node: 'archive', of: 'in', check: 'every', condition: "region = 'EU'" },
      ],
    },
  ],
}

const tested = applyChange(graph, { kind: 'set-tests', tests }).graph
const withCase = (part: object) => ({
  ...tested,
  tests: { required: false, cases: [{ ...tests.cases[0], ...part }] },
})
const issuesOf = (document: object) => {
  const parsed = parseGraph(JSON.parse(JSON.stringify(document)))
  return parsed.ok
    ? []
    : parsed.issues.map(({ code, path, message }) => ({ code, path: path.join('.'), message }))
}

describe('the tests of a pipeline', () => {
  it('are part of the document, and stand apart at its end', () => {
    expect(parseGraph(JSON.parse(serializeGraph(tested)))).toEqual({ ok: true, graph: tested })
    expect(Object.keys(JSON.parse(serializeGraph(tested))).at(-1)).toBe('tests')
  })

  it('change nothing that is published', () => {
    expect(contentText(tested)).toBe(contentText(graph))
    expect(withoutTests(tested)).toEqual(graph)
  })

  it('are set and taken away by changes that can be undone', () => {
    const { inverse } = applyChange(graph, { kind: 'set-tests', tests })
    expect(applyChange(tested, inverse).graph).toEqual(graph)
    const gone = applyChange(tested, { kind: 'set-tests', tests: null })
    expect(gone.graph).toEqual(graph)
    expect(applyChange(gone.graph, gone.inverse).graph).toEqual(tested)
  })

  it.each([
    [{ to: 'orders' }],
    [{ clock: 1, to: 'orders' }],
    [{ generate: 1 }],
    [{ value: 1 }],
    [{ to: 'orders', value: 1, base64: 'AA==' }],
    [{ to: 'orders', generate: 1, at: 3 }],
    [{}],
  ])('refuse the step %j, which is none', (step) => {
    expect(issuesOf(withCase({ steps: [{ clock: 1 }, step] }))).toEqual([
      {
        code: 'invalid_document',
        path: 'tests.cases.0.steps.1',
        message: expect.stringContaining('Step 2 of the test "One" is none'),
      },
    ])
  })

  it('refuse an id in use twice, and say in words what does not fit', () => {
    const twice = { ...tested, tests: { ...tests, cases: [...tests.cases, ...tests.cases] } }
    expect(issuesOf(twice)).toEqual([
      { code: 'duplicate_id', path: 'tests.cases.1.id', message: 'Two tests have the id "one".' },
    ])
    const [wrong] = issuesOf(withCase({ expect: [{ node: 'archive', of: 'in', check: 'rowz', rows: [] }] }))
    expect(wrong).toMatchObject({ code: 'invalid_document', path: 'tests.cases.0.expect.0.check' })
  })
})
