import type { ConfigIssue } from '@millrace/graph'
import type { NodeIssueCode } from '../issue-codes.ts'

/** An issue about a setting, with a code of this package. */
export function issue(
  code: NodeIssueCode,
  path: readonly string[],
  message: string,
  more: Pick<ConfigIssue, 'severity' | 'fix'> = {},
): ConfigIssue {
  return { code, path, message, ...more }
}
