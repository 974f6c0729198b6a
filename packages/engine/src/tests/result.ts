import type { ExpectedSide } from '@millrace/graph'

/** What came of a test. */
export interface TestResult {
  readonly id: string
  readonly name: string
  readonly passed: boolean
  /** Why it could not be run at all, in words; null where it was. */
  readonly problem: string | null
  /** In the order of the test; empty where it could not be run. */
  readonly expectations: readonly ExpectationResult[]
}

/** What came of one expectation. */
export interface ExpectationResult {
  readonly nodeId: string
  readonly of: ExpectedSide
  readonly passed: boolean
  /** What was found, in one sentence. */
  readonly message: string
  /** Expected against actual, row by row; at most `MOST_DIFFERENCES`. */
  readonly differences: readonly RowDifference[]
}

/** A row as it is shown: the JSON text of each value by path. */
export interface RowText {
  readonly values: { readonly [path: string]: string }
  /** Event time, epoch ms; null where nobody says. */
  readonly at: number | null
}

/** How a row differs from what was expected. */
export type RowDifference =
  | { readonly kind: 'missing'; readonly expected: RowText }
  | { readonly kind: 'unexpected'; readonly actual: RowText }
  | {
      readonly kind: 'different'
      readonly expected: RowText
      readonly actual: RowText
      /** What differs: paths, and `@time` for the event time. */
      readonly paths: readonly string[]
    }
  /** A condition that should hold does not, or cannot be told. */
  | { readonly kind: 'failing'; readonly actual: RowText; readonly reason: string }

/** Differences kept for an expectation: what people look at. */
export const MOST_DIFFERENCES = 100

/** What stands for the event time among the paths of a difference. */
export const TIME_PATH = '@time'

/** The text of a value that is not there. */
export const NO_VALUE = '–'
