import type { ExpressionIssue, Remark } from './expression.ts'
import type { Span } from './syntax.ts'

/** An issue or hint about a part of the text; `replacement`, where given, is offered as the fix. */
export function issueAt<Code extends string>(
  code: Code,
  at: Span,
  message: string,
  replacement?: string,
): Remark<Code> {
  const issue = { code, message, from: at.from, to: at.to }
  if (replacement === undefined) return issue
  const label = replacement.length > LONGEST_LABEL ? 'Change it' : `Change to ${replacement}`
  return { ...issue, fix: { label, replacement } }
}

/** A longer replacement would make no button. */
const LONGEST_LABEL = 60

/** A text that is being read, and what was found wrong with it so far. */
export interface Reading {
  readonly text: string
  readonly issues: ExpressionIssue[]
}
