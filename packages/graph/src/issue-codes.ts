import type { Issue, Severity } from './issue.ts'

/** What an issue code stands for. */
export interface IssueCode {
  readonly severity: Severity
  /** What is wrong, in one sentence. */
  readonly meaning: string
}

/**
 * Every code of an issue that this package raises. Node types add codes of their own through `infer`.
 * The first block comes from `parseGraph`, the second from `parseGraph` and `validate`, the third from `validate`.
 */
// biome-ignore format: one row a code, aligned
export const ISSUE_CODES = {
  invalid_document:     { severity: 'error',   meaning: 'The document does not have the shape of a pipeline.' },
  newer_format:         { severity: 'error',   meaning: 'The document was written by a newer Millrace.' },

  duplicate_id:         { severity: 'error',   meaning: 'Two nodes, edges, notes or groups have the same id.' },
  dangling_edge:        { severity: 'error',   meaning: 'An edge begins or ends at a node that does not exist.' },
  too_many_nodes:       { severity: 'error',   meaning: 'The pipeline has more nodes than a document may hold.' },
  too_many_edges:       { severity: 'error',   meaning: 'The pipeline has more edges than a document may hold.' },

  many_nodes:           { severity: 'warning', meaning: 'The pipeline has so many nodes that it is hard to work with.' },
  text_too_long:        { severity: 'error',   meaning: 'A name, label or note is too long.' },
  unknown_node_type:    { severity: 'error',   meaning: 'The node has a type that this Millrace does not know.' },
  newer_node:           { severity: 'error',   meaning: 'The settings of the node were written by a newer Millrace.' },
  outdated_node:        { severity: 'error',   meaning: 'The settings of the node could not be brought up to date.' },
  missing_setting:      { severity: 'error',   meaning: 'A setting that the node needs is missing.' },
  invalid_setting:      { severity: 'error',   meaning: 'A setting has a value that is not allowed.' },
  unknown_setting:      { severity: 'error',   meaning: 'The node has no setting of this name.' },
  unknown_port:         { severity: 'error',   meaning: 'An edge begins or ends at a port that the node does not have.' },
  closed_port:          { severity: 'error',   meaning: 'An edge begins at an output that the settings of the node close.' },
  port_taken:           { severity: 'error',   meaning: 'More edges end at an input than it can take.' },
  duplicate_connection: { severity: 'error',   meaning: 'Two edges join the same two ports.' },
  input_unconnected:    { severity: 'error',   meaning: 'Nothing flows into an input that needs a stream.' },
  output_unconnected:   { severity: 'warning', meaning: 'What comes out of an output goes nowhere.' },
  inputs_differ:        { severity: 'error',   meaning: 'The streams that meet at an input do not fit together.' },
  updates_refused:      { severity: 'error',   meaning: 'Rows that are corrected later flow into an input that needs final ones.' },
  cycle:                { severity: 'error',   meaning: 'Nodes feed one another in a circle.' },
  no_source:            { severity: 'error',   meaning: 'The pipeline has no source, so nothing flows in.' },
  no_sink:              { severity: 'error',   meaning: 'The pipeline has no sink, so nothing comes out.' },
} as const satisfies { readonly [code: string]: IssueCode }

/** A code that this package raises. */
export type GraphIssueCode = keyof typeof ISSUE_CODES

/** An issue with the severity that the table gives its code. */
export function issueOf(
  code: GraphIssueCode,
  nodeId: string | null,
  message: string,
  detail: Pick<Partial<Issue>, 'path' | 'fix'> = {},
): Issue {
  return { code, severity: ISSUE_CODES[code].severity, nodeId, path: [], message, ...detail }
}
