import type { GraphChange } from './change.ts'

/** How bad it is: an error stops Publish, a warning does not. */
export type Severity = 'error' | 'warning'

/** A user's mistake or risk, named so that the editor can jump to it. */
export interface Issue {
  readonly code: string
  readonly severity: Severity
  /** The node it is about; null where it is about the pipeline as a whole. */
  readonly nodeId: string | null
  /** Where in the node's config, e.g. `['aggregates', '0', 'argument']`; empty for the node itself. */
  readonly path: readonly string[]
  /** What is wrong, why, and what to do, in one or two sentences. */
  readonly message: string
  /** An edit that mends it, where there is one. */
  readonly fix?: IssueFix
}

/** An edit the user can take with one click. */
export interface IssueFix {
  readonly label: string
  readonly change: GraphChange
}
