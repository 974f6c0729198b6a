import {
  type Catalogue,
  type Expectation,
  type ExpectedRow,
  findNode,
  type PipelineGraph,
  type PipelineTest,
  quote,
  validate,
} from '@millrace/graph'
import type { RuntimeCatalogue } from '../operator.ts'
import { runInMemory } from '../preview/run-preview.ts'
import { checkRows } from './check-expectation.ts'
import { feedStage } from './feed-stage.ts'
import { expectedRows, textAt } from './match-rows.ts'
import { type Arrival, readSteps, TestProblem } from './read-steps.ts'
import { type ExpectationResult, type RowDifference, type TestResult, TIME_PATH } from './result.ts'
import { MOST_ROWS, sideRows } from './side-rows.ts'
import { testSources } from './test-sources.ts'

/** Event time of the first event of generators where a test tells no time: 2026-01-01T00:00:00Z. */
const GENERATED_FROM = 1_767_225_600_000

/**
 * Runs one test of a pipeline with the operators that also run in production, in one task and without side effects, on
 * the clock of the test. The same graph and test always give the same result.
 */
export async function runPipelineTest(
  graph: PipelineGraph,
  test: PipelineTest,
  catalogue: Catalogue,
  runtimes: RuntimeCatalogue,
): Promise<TestResult> {
  const { id, name } = test
  const failed = (problem: string): TestResult => ({ id, name, passed: false, problem, expectations: [] })
  if (test.expect.length === 0) return failed('It expects nothing yet: say what must come out of some node.')
  try {
    const { preview, program } = await runSteps(graph, test, catalogue, runtimes)
    const expectations = test.expect.map((expectation): ExpectationResult => {
      const { node: nodeId, of } = expectation
      const side = sideRows(expectation, preview, program)
      if (typeof side !== 'string') return { nodeId, of, ...checkRows(expectation, side) }
      const message = preview.has(nodeId) ? sentence(side) : whyNotRun(graph, catalogue, expectation)
      return { nodeId, of, passed: false, message, differences: [] }
    })
    return { id, name, passed: expectations.every(({ passed }) => passed), problem: null, expectations }
  } catch (error) {
    if (error instanceof TestProblem) return failed(error.message)
    throw error
  }
}

/**
 * The rows that a test makes at some place of the graph now, as they would be expected; at most as many as a test may
 * expect. Gives a sentence where there are none to look at.
 */
export async function actualRows(
  graph: PipelineGraph,
  test: PipelineTest,
  place: Pick<Expectation, 'node' | 'of' | 'port'>,
  { catalogue, runtimes }: { readonly catalogue: Catalogue; readonly runtimes: RuntimeCatalogue },
): Promise<readonly ExpectedRow[] | string> {
  try {
    const { preview, program } = await runSteps(graph, test, catalogue, runtimes)
    const side = sideRows(place, preview, program)
    return typeof side === 'string' ? sentence(side) : expectedRows(side)
  } catch (error) {
    if (error instanceof TestProblem) return error.message
    throw error
  }
}

async function runSteps(
  graph: PipelineGraph,
  test: PipelineTest,
  catalogue: Catalogue,
  runtimes: RuntimeCatalogue,
) {
  const sources = new Map(testSources(graph, catalogue, runtimes).map((source) => [source.node.id, source]))
  const arrivals = readSteps(test, sources)
  const generatorStart = firstTime(arrivals) ?? GENERATED_FROM
  const { closeWindows } = test
  return runInMemory({
    ...{ graph, catalogue, runtimes, closeWindows, generatorStart, rowLimit: MOST_ROWS },
    feed: (fed) => feedStage(fed, arrivals, generatorStart),
  })
}

function firstTime(arrivals: readonly Arrival[]): number | null {
  for (const arrival of arrivals) if (arrival.kind !== 'generate' && arrival.now !== null) return arrival.now
  return null
}

function whyNotRun(graph: PipelineGraph, catalogue: Catalogue, { node: nodeId }: Expectation): string {
  const node = findNode(graph, nodeId)
  if (node === undefined) return `There is no node with the id ${quote(nodeId)} any more.`
  const issues = validate(graph, catalogue).filter(({ severity }) => severity === 'error')
  const issue = issues.find((one) => one.nodeId === nodeId) ?? issues[0]
  return `The node did not run: it, or one before it, has a problem. ${issue?.message ?? ''}`.trim()
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Why a test fails, in one sentence that names the node; null where it passes. */
export function explainFailure(
  { passed, problem, expectations }: TestResult,
  graph: PipelineGraph,
): string | null {
  if (passed) return null
  if (problem !== null) return problem
  const first = expectations.find((expectation) => !expectation.passed)
  if (first === undefined) return null
  const label = findNode(graph, first.nodeId)?.label.trim() || first.nodeId
  const [difference] = first.differences
  return `${quote(label)}, ${SIDE_WORDS[first.of]}: ${first.message}${difference ? ` (${describe(difference)})` : ''}`
}

const SIDE_WORDS = {
  out: 'what comes out',
  in: 'what goes in',
  late: 'late rows',
  dropped: 'dropped rows',
  errors: 'errors',
} as const satisfies Record<Expectation['of'], string>

/** A difference in one clause. */
function describe(difference: RowDifference): string {
  switch (difference.kind) {
    case 'different': {
      const [path = ''] = difference.paths
      if (path === TIME_PATH) return `event time ${difference.actual.at}, expected ${difference.expected.at}`
      return `${path} is ${textAt(difference.actual, path)}, expected ${textAt(difference.expected, path)}`
    }
    case 'missing':
      return `missing ${rowLine(difference.expected.values)}`
    case 'unexpected':
      return `unexpected ${rowLine(difference.actual.values)}`
    case 'failing':
      return `${rowLine(difference.actual.values)}: ${difference.reason}`
  }
}

function rowLine(values: { readonly [path: string]: string }): string {
  const line = Object.entries(values)
    .map(([path, text]) => `${path} ${text}`)
    .join(', ')
  return line.length > 160 ? `${line.slice(0, 159)}…` : line
}
