import { actualRows, type RuntimeCatalogue, runPipelineTest, type TestResult } from '@millrace/engine'
import type { Catalogue } from '@millrace/graph'
import type { TestAnswer, TestRequest } from './test-protocol.ts'

/** The worker's side: runs tests with the real engine. */
export async function answerTest(
  request: TestRequest,
  types: { readonly catalogue: Catalogue; readonly runtimes: RuntimeCatalogue },
): Promise<TestAnswer> {
  const { id, graph } = request
  try {
    if (request.kind === 'rows')
      return { kind: 'rows', id, rows: await actualRows(graph, request.test, request.place, types) }
    const results: TestResult[] = []
    for (const test of graph.tests?.cases ?? [])
      results.push(await runPipelineTest(graph, test, types.catalogue, types.runtimes))
    return { kind: 'ran', id, results }
  } catch (error) {
    return { kind: 'failed', id, message: error instanceof Error ? error.message : String(error) }
  }
}
