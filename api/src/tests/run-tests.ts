import path from 'node:path'
import { Worker } from 'node:worker_threads'
import type { TestResult } from '@millrace/engine'
import type { PipelineGraph } from '@millrace/graph'

/** All tests of a pipeline may take this long together, ms. */
export const TESTS_LIMIT_MS = 30_000

/** Heap of the thread that runs them, MB. */
const HEAP_MB = 512

const WORKER = path.join(import.meta.dirname, 'test-worker.ts')

let last: Promise<unknown> = Promise.resolve()

/**
 * Runs all tests of a pipeline in a thread of its own, one pipeline after the other. Of tests that were not done in time,
 * or whose thread broke, the result says so.
 */
export function runTests(graph: PipelineGraph, limitMs = TESTS_LIMIT_MS): Promise<readonly TestResult[]> {
  const run = last.then(() => runInThread(graph, limitMs))
  last = run.catch(() => undefined)
  return run
}

function runInThread(graph: PipelineGraph, limitMs: number): Promise<readonly TestResult[]> {
  const cases = graph.tests?.cases ?? []
  if (cases.length === 0) return Promise.resolve([])
  const { promise, resolve } = Promise.withResolvers<readonly TestResult[]>()
  const results: TestResult[] = []
  // It gets nothing of the environment, which holds secrets.
  const worker = new Worker(WORKER, {
    ...{ workerData: graph, env: {}, execArgv: [] },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  })
  const end = (problem: string) => {
    clearTimeout(timer)
    const missing = cases.slice(results.length).map(({ id, name }) => notRun(id, name, problem))
    resolve([...results, ...missing])
    void worker.terminate()
  }
  const timer = setTimeout(
    () =>
      end(`The tests took longer than ${limitMs / 1000} seconds and were stopped. Give them fewer events.`),
    limitMs,
  )
  worker.on('message', (result: TestResult) => results.push(result))
  worker.on('error', (error) =>
    end(`The test broke: ${error instanceof Error ? error.message : String(error)}`),
  )
  worker.on('exit', () => end('The test broke: its thread ended.'))
  return promise
}

function notRun(id: string, name: string, problem: string): TestResult {
  return { id, name, passed: false, problem, expectations: [] }
}
