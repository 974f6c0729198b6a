import type { Counters, DeadLetter } from '@millrace/engine'
import type { Row } from '@millrace/expr'

/** A row with its event time. */
export interface TimedRow {
  readonly row: Row
  /** Null where an example does not say. */
  readonly time: number | null
}

/** Where a dead letter came from: the position of its record among all that were fed; null where it is a subtotal. */
export interface Failure {
  readonly at: number | null
  readonly code: string
}

/** What a run of an example led to. Null: this run cannot tell. */
export interface Outcome {
  /** By output port, without the late one. */
  readonly outputs: Readonly<Record<string, readonly TimedRow[]>>
  readonly late: readonly TimedRow[] | null
  readonly dropped: readonly (TimedRow & { readonly cause: string })[] | null
  readonly errors: readonly Failure[]
  /** Those that the run can tell. */
  readonly counters: Readonly<Partial<Counters>>
  readonly messages: readonly { readonly key: string | null; readonly value: string | null }[] | null
  readonly documents:
    | readonly { readonly target: string; readonly id: string; readonly body: string | null }[]
    | null
}

/** Failures of the node, by the positions of their records. */
export function failuresOf(
  letters: readonly DeadLetter[],
  positionOf: (letter: DeadLetter) => number | null,
) {
  return letters.map((letter): Failure => ({ at: positionOf(letter), code: letter.code }))
}
