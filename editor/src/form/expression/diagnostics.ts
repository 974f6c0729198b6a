import type { Diagnostic } from '@codemirror/lint'
import type { EditorView } from '@codemirror/view'
import {
  type CompileResult,
  compile,
  compileCondition,
  type ExpressionHint,
  type ExpressionIssue,
  type Field,
} from '@millrace/expr'

/** What an expression must be: a condition is true or false. */
export type ExpressionKind = 'expression' | 'condition'

/** Checks a text; null where there is nothing to check, or nothing to check it against. */
export function checkExpression(
  text: string,
  fields: readonly Field[] | null,
  kind: ExpressionKind,
): CompileResult | null {
  if (fields === null || text.trim() === '') return null
  return kind === 'condition' ? compileCondition(text, fields) : compile(text, fields)
}

/** What is wrong or doubtful, at its place, with what mends it. */
export function diagnosticsOf(result: CompileResult | null): readonly Diagnostic[] {
  if (result === null) return []
  return result.ok
    ? result.hints().map((hint) => diagnostic(hint, 'warning'))
    : result.issues.map((issue) => diagnostic(issue, 'error'))
}

function diagnostic(
  { from, to, message, fix }: ExpressionIssue | ExpressionHint,
  severity: 'error' | 'warning',
): Diagnostic {
  if (fix === undefined) return { from, to, severity, message }
  const apply = (view: EditorView, at: number, end: number) => {
    view.dispatch({
      changes: { from: at, to: end, insert: fix.replacement },
      selection: { anchor: at + fix.replacement.length },
      userEvent: FIX_EVENT,
    })
    view.focus()
  }
  return { from, to, severity, message, actions: [{ name: fix.label, apply }] }
}

/** How a change by a fix is called. */
export const FIX_EVENT = 'input.fix'
