import type { TestResult } from '@millrace/engine'
import type { Expectation, ExpectedRow, PipelineTest } from '@millrace/graph'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { sameContent } from '../workspace/analysis.ts'
import type { DocumentStore } from '../workspace/document-store.ts'
import { createTestWorker, TestClient, type TestWorker } from './test-client.ts'

/** How the tests of the open pipeline went. */
export interface TestRunState {
  readonly status: 'idle' | 'running'
  /** By test id; of the document as it was when they last ran. */
  readonly results: ReadonlyMap<string, TestResult>
  /** Why the last run gave nothing, in words. */
  readonly problem: string | null
}

/** Runs the tests of one open pipeline, anew whenever it or they mean something else. */
export interface TestRuns {
  readonly store: StoreApi<TestRunState>
  run(): void
  /** The rows that a test makes at some place now, or why there are none. */
  rowsOf(
    test: PipelineTest,
    place: Pick<Expectation, 'node' | 'of' | 'port'>,
  ): Promise<readonly ExpectedRow[] | string>
  dispose(): void
}

/** Edits are collected for this long before the tests run again, ms. */
const DEBOUNCE = 400

/** Starts to follow a document; where it has no tests there is nothing to do. */
export function createTestRuns(
  document: DocumentStore,
  createWorker: () => TestWorker = createTestWorker,
): TestRuns {
  const client = new TestClient(createWorker)
  const questions = new TestClient(createWorker)
  const store = createStore<TestRunState>(() => ({ status: 'idle', results: new Map(), problem: null }))
  let timer: ReturnType<typeof setTimeout> | undefined
  let round = 0
  const run = async () => {
    clearTimeout(timer)
    const { graph } = document.getState()
    const own = ++round
    if (!graph.tests?.cases.length) {
      store.setState({ status: 'idle', results: new Map(), problem: null })
      return
    }
    store.setState({ status: 'running' })
    const answer = await client.ask({ kind: 'run', graph })
    if (own !== round) return
    if (answer.kind === 'ran') {
      const results = new Map(answer.results.map((result) => [result.id, result]))
      store.setState({ status: 'idle', results, problem: null })
    } else if (answer.kind === 'failed') {
      store.setState({ status: 'idle', results: new Map(), problem: answer.message })
    }
  }
  const schedule = (delay: number) => {
    clearTimeout(timer)
    timer = setTimeout(() => void run(), delay)
  }
  const stop = document.subscribe(({ graph }, before) => {
    if (graph.tests?.cases !== before.graph.tests?.cases) schedule(DEBOUNCE)
    else if (graph.tests?.cases.length && !sameContent(graph, before.graph)) schedule(DEBOUNCE)
  })
  if (document.getState().graph.tests?.cases.length) schedule(DEBOUNCE)
  return {
    store,
    run: () => void run(),
    async rowsOf(test, place) {
      const { graph } = document.getState()
      const answer = await questions.ask({ kind: 'rows', graph, test, place })
      return answer.kind === 'rows' ? answer.rows : answer.kind === 'failed' ? answer.message : []
    },
    dispose() {
      stop()
      clearTimeout(timer)
      client.dispose()
      questions.dispose()
    },
  }
}
