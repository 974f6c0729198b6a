import { explainFailure, type TestResult } from '@millrace/engine'
import { findNode, type Issue, type PipelineGraph, quote } from '@millrace/graph'
import { AppError } from '../errors.ts'
import { runTests } from './run-tests.ts'

/** How the tests of a pipeline went, as a plan shows it. */
export interface TestedGraph {
  readonly counts: { readonly required: boolean; readonly passed: number; readonly failed: number }
  /** One for each test that failed: an error where tests are required. */
  readonly issues: readonly Issue[]
}

/** Runs the tests of a pipeline. */
export async function testGraph(graph: PipelineGraph): Promise<TestedGraph> {
  const required = graph.tests?.required ?? false
  const failed = (await runTests(graph)).filter(({ passed }) => !passed)
  const all = graph.tests?.cases.length ?? 0
  return {
    counts: { required, passed: all - failed.length, failed: failed.length },
    issues: failed.map((result) => failureIssue(result, graph, required)),
  }
}

/**
 * Lets only a pipeline pass that needs no green tests, or has them.
 *
 * @throws AppError `tests_failed`, which names the first test that failed, with all of them as issues
 */
export async function requireGreenTests(graph: PipelineGraph): Promise<void> {
  if (!graph.tests?.required) return
  const { issues } = await testGraph(graph)
  const [first] = issues
  if (first === undefined) return
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''
  const message = `This pipeline is published only with green tests. ${first.message}${more} Mend the pipeline or the test, then publish again.`
  throw new AppError('tests_failed', message, { body: { issues } })
}

function failureIssue(result: TestResult, graph: PipelineGraph, isRequired: boolean): Issue {
  const at = result.expectations.find(({ passed }) => !passed)?.nodeId ?? null
  return {
    code: 'test_failed',
    severity: isRequired ? 'error' : 'warning',
    nodeId: at !== null && findNode(graph, at) ? at : null,
    path: [],
    message: `The test ${quote(result.name)} fails: ${explainFailure(result, graph) ?? ''}`,
  }
}
