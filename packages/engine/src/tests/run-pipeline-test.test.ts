import type { Expectation, PipelineGraph, PipelineTest, TestStep } from '@millrace/graph'
import { node, pipeline } from '@millrace/graph/testing'
import { describe, expect, it } from 'vitest'
import {
  catalogue,
  count,
  earlyCount,
  events,
  lookup,
  merge,
  numbers,
  odd,
  runtimes,
  sink,
} from '../testing/index.ts'
import { explainFailure, runPipelineTest } from './run-pipeline-test.ts'

const event = (at: number, value: number, more: object = {}): TestStep => ({
  to: 'source',
  at,
  value: { at, key: 'a', value, n: 1, ...more },
})

const odds = pipeline(
  [node('source', events), node('odd', odd), node('out', sink)],
  ['source → odd', 'odd → out'],
)

async function run(
  graph: PipelineGraph,
  steps: readonly TestStep[],
  list: readonly Expectation[],
  closeWindows = true,
) {
  const test: PipelineTest = { id: 't', name: 'T', closeWindows, steps, expect: list }
  const result = await runPipelineTest(graph, test, catalogue, runtimes)
  return { ...result, why: explainFailure(result, graph) }
}

describe('a test of a pipeline', () => {
  const steps = [
    event(1, 1),
    event(2, 2),
    event(3, 3),
    event(4, -5),
    { to: 'source', at: 5, value: '{"at":' },
  ]

  it('compares what goes in, comes out, is dropped and fails', async () => {
    const found = await run(odds, steps, [
      { node: 'out', of: 'in', check: 'rows', rows: [{ row: { value: 3 } }, { row: { value: 1 }, at: 1 }] },
      { node: 'odd', of: 'out', check: 'contains', rows: [{ row: { value: 3, key: 'a' } }] },
      { node: 'odd', of: 'dropped', check: 'rows', rows: [{ row: { value: 2, cause: 'even' } }] },
      { node: 'odd', of: 'errors', check: 'rows', rows: [{ row: { code: 'negative' } }] },
      {
        node: 'source',
        of: 'errors',
        check: 'rows',
        rows: [{ row: { code: 'not_json', record: '{"at":' } }],
      },
      { node: 'source', of: 'out', check: 'count', count: 4 },
      { node: 'out', of: 'in', check: 'every', condition: 'value > 0' },
    ])
    expect(found).toMatchObject({ passed: true, problem: null, why: null })
    expect(found.expectations.map(({ message }) => message)).toEqual([
      '2 rows, as expected',
      '1 expected among 2 rows, as expected',
      '1 row, as expected',
      '1 row, as expected',
      '1 row, as expected',
      '4 rows',
      '2 rows, all meet value > 0',
    ])
  })

  it('shows expected against actual by row and field', async () => {
    const { expectations, why } = await run(odds, steps, [
      {
        node: 'out',
        of: 'in',
        check: 'rows',
        rows: [{ row: { value: 1, n: 2 } }, { row: { value: 9 } }],
      },
    ])
    expect(expectations[0]).toMatchObject({
      passed: false,
      message: '2 rows, 2 expected: 1 different, 1 missing, 1 unexpected',
    })
    expect(expectations[0]?.differences).toMatchObject([
      {
        kind: 'different',
        paths: ['n'],
        expected: { values: { value: '1', n: '2' } },
        actual: { values: { n: '1' } },
      },
      { kind: 'missing', expected: { values: { value: '9' } } },
      { kind: 'unexpected', actual: { at: 3, values: { value: '3' } } },
    ])
    expect(why).toBe(
      '"out", what goes in: 2 rows, 2 expected: 1 different, 1 missing, 1 unexpected (n is 1, expected 2)',
    )
  })

  it('tells a wrong order and a wrong time from wrong rows', async () => {
    const rows = [{ row: { value: 3 } }, { row: { value: 1 } }]
    const { expectations } = await run(odds, steps, [
      { node: 'out', of: 'in', check: 'rows', rows, inOrder: true },
      { node: 'out', of: 'in', check: 'rows', rows: rows.toReversed(), inOrder: true },
      { node: 'out', of: 'in', check: 'contains', rows: [{ row: { value: 3 }, at: 4 }] },
    ])
    expect(expectations.map(({ passed, message }) => [passed, message])).toEqual([
      [false, '2 rows, 2 expected: they come in another order'],
      [true, '2 rows, as expected'],
      [false, '1 expected among 2 rows: 1 different'],
    ])
    expect(expectations[2]?.differences).toMatchObject([{ kind: 'different', paths: ['@time'] }])
  })

  it('names every row for which a condition does not hold', async () => {
    const { expectations } = await run(odds, steps, [
      { node: 'out', of: 'in', check: 'every', condition: 'value > 1' },
      { node: 'out', of: 'in', check: 'every', condition: '`group` = key' },
    ])
    expect(expectations[0]).toMatchObject({
      passed: false,
      message: '1 of 2 rows do not meet value > 1',
      differences: [{ kind: 'failing', reason: 'It is false.', actual: { values: { value: '1' } } }],
    })
    expect(expectations[1]?.passed).toBe(false)
  })

  it.each<[string, Expectation, string]>([
    [
      'a field',
      { node: 'out', of: 'in', check: 'rows', rows: [{ row: { valu: 1 } }] },
      'Did you mean "value"?',
    ],
    [
      'a type',
      { node: 'out', of: 'in', check: 'rows', rows: [{ row: { value: 'x' } }] },
      'The value expected of "value" does not fit',
    ],
    [
      'a node',
      { node: 'gone', of: 'in', check: 'count', count: 0 },
      'There is no node with the id "gone" any more.',
    ],
    ['a side', { node: 'out', of: 'out', check: 'count', count: 0 }, 'The node has no such side'],
    [
      'a port',
      { node: 'odd', of: 'out', port: 'x', check: 'count', count: 0 },
      'The node has no port "x" there; it has "out".',
    ],
    [
      'a condition',
      { node: 'out', of: 'in', check: 'every', condition: 'value >' },
      'The condition is wrong',
    ],
  ])('says in words that %s is wrong, and fails', async (_, expectation, words) => {
    const { passed, expectations } = await run(odds, steps, [expectation])
    expect(passed).toBe(false)
    expect(expectations[0]?.message).toContain(words)
  })

  it.each<[string, TestStep[], string]>([
    ['an unknown node', [{ to: 'x', value: null }], 'Step 1 goes to "x": there is no source'],
    ['a node that takes no records', [{ to: 'odd', value: null }], 'there is no source'],
    ['events of what is no generator', [{ to: 'source', generate: 1 }], 'only a generator makes events'],
    ['a time that is none', [{ clock: 'soon' }], 'Step 1 has a time that is none: "soon".'],
    ['a clock that goes back', [{ clock: 5 }, event(4, 1)], 'the clock does not go back'],
    ['broken base64', [{ to: 'source', base64: '*' }], 'Step 1 has "base64" that is none.'],
  ])('cannot be run with %s', async (_, list, words) => {
    const { passed, problem } = await run(odds, list, [{ node: 'out', of: 'in', check: 'count', count: 0 }])
    expect([passed, problem]).toEqual([false, expect.stringContaining(words)])
  })

  it('is not green while it expects nothing', async () => {
    expect(await run(odds, steps, [])).toMatchObject({
      passed: false,
      problem: expect.stringContaining('expects nothing'),
    })
  })

  it('is not green where a node has a mistake, and says which', async () => {
    const broken = { ...odds, edges: odds.edges.slice(1) }
    const { expectations } = await run(broken, [], [{ node: 'out', of: 'in', check: 'count', count: 0 }])
    expect(expectations[0]?.message).toContain('The node did not run')
  })
})

describe('the clock of a test', () => {
  const windows = pipeline(
    [node('source', events), node('count', count), node('out', sink), node('late', sink)],
    ['source → count', 'count → out', 'count.late → late'],
  )
  const sums = (...rows: [number, number][]): Expectation => ({
    ...{ node: 'count', of: 'out', check: 'rows' },
    rows: rows.map(([at, n]) => ({ row: { at, n } })),
  })

  it('leaves windows open at the end, or closes them', async () => {
    const steps = [event(1, 1), event(12, 1), event(3, 1)]
    const late: Expectation = { node: 'count', of: 'late', check: 'rows', rows: [{ row: { at: 3 } }] }
    // Steps come in order of arrival: the event of time 3 is written last.
    const arrived = steps.map((step, i) => ({ ...step, at: i }) as TestStep)
    expect(await run(windows, arrived, [sums([0, 1]), late], false)).toMatchObject({ passed: true })
    expect(await run(windows, arrived, [sums([0, 1], [10, 1]), late], true)).toMatchObject({ passed: true })
  })

  it('brings early results when their time has come', async () => {
    const early = pipeline(
      [node('source', events), node('early', earlyCount), node('out', sink)],
      ['source → early', 'early → out'],
    )
    const shown = (n: number): Expectation => ({
      node: 'early',
      of: 'out',
      check: 'rows',
      rows: [{ row: { n } }],
    })
    const steps = [{ clock: 0 }, { to: 'source', value: { at: 1, key: 'a', group: 'x', value: 1, n: 4 } }]
    expect(
      await run(
        early,
        [...steps, { clock: 4 }],
        [{ node: 'early', of: 'out', check: 'count', count: 0 }],
        false,
      ),
    ).toMatchObject({ passed: true })
    expect(await run(early, [...steps, { clock: 5 }], [shown(4)], false)).toMatchObject({ passed: true })
  })

  it('lets a source fall idle, which then holds nobody back', async () => {
    const idle = { ...events.defaults, idleTimeout: 100 }
    const graph = pipeline(
      [
        node('source', events),
        node('quiet', events, idle as never),
        node('merge', merge),
        node('count', count),
        node('out', sink),
      ],
      ['source → merge.left', 'quiet → merge.right', 'merge → count', 'count → out'],
    )
    const early = [event(1, 1), event(25, 1)]
    expect(await run(graph, early, [sums()], false)).toMatchObject({ passed: true })
    expect(await run(graph, [...early, { clock: 90 }], [sums()], false)).toMatchObject({ passed: true })
    expect(await run(graph, [...early, { clock: 102 }], [sums([0, 1])], false)).toMatchObject({
      passed: true,
    })
  })

  it('bounds how far events may be ahead', async () => {
    const graph = pipeline(
      [node('source', events, { ...events.defaults, maxAhead: 10 } as never), node('out', sink)],
      ['source → out'],
    )
    const far: TestStep = { to: 'source', at: 1, value: { at: 50, key: 'a', value: 1, n: 1 } }
    expect(
      await run(
        graph,
        [far],
        [{ node: 'source', of: 'errors', check: 'rows', rows: [{ row: { code: 'too_far_ahead' } }] }],
      ),
    ).toMatchObject({ passed: true })
  })
})

describe('what nodes look things up in', () => {
  const graph = pipeline(
    [node('source', events), node('lookup', lookup), node('out', sink)],
    ['source → lookup', 'lookup → out'],
  )
  const group = (name: string): TestStep => ({
    to: 'lookup',
    value: { at: 0, key: 'a', group: name, value: 1, n: 1 },
  })

  it('is given like events, and changes when it is given anew', async () => {
    const rows = ['x', 'y'].map((name) => ({ row: { group: name } }))
    const steps = [group('x'), event(1, 1), group('y'), event(2, 1)]
    expect(
      await run(graph, steps, [{ node: 'out', of: 'in', check: 'rows', rows, inOrder: true }]),
    ).toMatchObject({ passed: true })
  })
})

it('a generator makes the events of a test, each when it is due', async () => {
  const graph = pipeline(
    [node('source', numbers), node('odd', odd), node('out', sink)],
    ['source → odd', 'odd → out'],
  )
  const start = Date.UTC(2026, 0, 1)
  const steps: TestStep[] = [
    { to: 'source', generate: 3 },
    { to: 'source', generate: 1 },
  ]
  const rows = [1, 3].map((value) => ({ row: { value, at: start + value }, at: start + value }))
  expect(await run(graph, steps, [{ node: 'odd', of: 'out', check: 'rows', rows }])).toMatchObject({
    passed: true,
  })
})
