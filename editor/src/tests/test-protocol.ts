import type { TestResult } from '@millrace/engine'
import type { Expectation, ExpectedRow, PipelineGraph, PipelineTest } from '@millrace/graph'

/** What the page asks of the worker that runs tests. */
export type TestRequest =
  | { readonly kind: 'run'; readonly id: number; readonly graph: PipelineGraph }
  /** The rows that a test makes at some place now. */
  | {
      readonly kind: 'rows'
      readonly id: number
      readonly graph: PipelineGraph
      readonly test: PipelineTest
      readonly place: Pick<Expectation, 'node' | 'of' | 'port'>
    }

/** What the worker answers, with the id of what was asked. */
export type TestAnswer =
  | { readonly kind: 'ran'; readonly id: number; readonly results: readonly TestResult[] }
  | { readonly kind: 'rows'; readonly id: number; readonly rows: readonly ExpectedRow[] | string }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
