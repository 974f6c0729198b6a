import type { Issue } from '@millrace/graph'

/** Every code of an issue that comes from asking the connected systems, with what it means. */
// biome-ignore format: one row a code, aligned
export const WORLD_ISSUES = {
  connection_unknown:     { severity: 'error',   meaning: 'The node names a connection that does not exist.' },
  connection_kind:        { severity: 'error',   meaning: 'The node names a connection of another kind.' },
  connection_failed:      { severity: 'error',   meaning: 'The system behind a connection does not answer, or refuses.' },
  topic_not_found:        { severity: 'error',   meaning: 'A topic that is read does not exist.' },
  topic_loop:             { severity: 'error',   meaning: 'A topic is both read and written.' },
  clusters_differ:        { severity: 'error',   meaning: 'The topics of one pipeline are on two Kafka connections.' },
  kafka_needed:           { severity: 'error',   meaning: 'No Kafka connection can hold the internal topics.' },
  partitions_changed:     { severity: 'error',   meaning: 'The input of a running stage has another number of partitions.' },
  redis_evicts:           { severity: 'error',   meaning: 'Redis may drop keys when it is full, and with them state and jobs.' },
  executors_out_of_range: { severity: 'error',   meaning: 'A pipeline is to run on fewer than one executor, or on more than there can be.' },
} as const satisfies { readonly [code: string]: { readonly severity: Issue['severity']; readonly meaning: string } }

/** A code of `WORLD_ISSUES`. */
export type WorldIssueCode = keyof typeof WORLD_ISSUES

/** An issue with the severity of its code. */
export function worldIssue(
  code: WorldIssueCode,
  nodeId: string | null,
  path: readonly string[],
  message: string,
): Issue {
  return { code, severity: WORLD_ISSUES[code].severity, nodeId, path, message }
}
