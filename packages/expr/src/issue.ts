import type { ExpressionIssue, ExpressionIssueCode } from './expression.ts'
import type { Span } from './syntax.ts'

/** An issue about a part of the text; `replacement`, where given, is offered as the fix. */
export function issueAt(
  code: ExpressionIssueCode,
  at: Span,
  message: string,
  replacement?: string,
): ExpressionIssue {
  const issue = { code, message, from: at.from, to: at.to }
  if (replacement === undefined) return issue
  return { ...issue, fix: { label: `Change to ${replacement}`, replacement } }
}

/** A text that is being read, and what was found wrong with it so far. */
export interface Reading {
  readonly text: string
  readonly issues: ExpressionIssue[]
}
