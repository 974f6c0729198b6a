import {
  type CompiledExpression,
  type CompileResult,
  compileCondition,
  type ExpressionHint,
  type ExpressionIssue,
  type Field,
} from '@millrace/expr'
import type { ConfigIssue } from '@millrace/graph'
import { issue } from './issue.ts'
import { sentence } from './words.ts'

/** What is wrong with an expression that stands at `path`; where it compiled, warnings about its nulls. */
export function expressionIssues(
  text: string,
  result: CompileResult,
  path: readonly string[],
): readonly ConfigIssue[] {
  if (result.ok) {
    return result.hints().map((hint) => {
      const more = { severity: 'warning', ...fixIn(text, hint, path) } as const
      return issue('expression_hint', path, sentence(hint.message), more)
    })
  }
  return result.issues.map((found) => {
    if (found.code === 'empty') return issue('expression_missing', path, 'Write an expression.')
    return issue('expression_invalid', path, sentence(found.message), fixIn(text, found, path))
  })
}

/**
 * What is wrong with a condition that must be there. That it is missing is told also while its fields are unknown (null).
 *
 * @param missing what to say then
 */
export function conditionIssues(
  text: string,
  fields: readonly Field[] | null,
  path: readonly string[],
  missing = 'Write a condition.',
): readonly ConfigIssue[] {
  if (text.trim() === '') return [issue('expression_missing', path, missing)]
  return fields === null ? [] : expressionIssues(text, compileCondition(text, fields), path)
}

/** The fix is the text with the replacement in it. */
function fixIn(
  text: string,
  { from, to, fix }: ExpressionIssue | ExpressionHint,
  path: readonly string[],
): Pick<ConfigIssue, 'fix'> {
  if (fix === undefined) return {}
  return { fix: { label: fix.label, path, value: text.slice(0, from) + fix.replacement + text.slice(to) } }
}

/** The expression of a valid config; one that does not compile is a fault of the caller. */
export function compiledOf(result: CompileResult): CompiledExpression {
  if (result.ok) return result.expression
  throw new Error(`the config was not validated: ${result.issues[0]?.message}`)
}
