import type { CompiledExpression, CompileResult } from '@millrace/expr'
import type { ConfigIssue } from '@millrace/graph'
import { issue } from './issue.ts'
import { sentence } from './words.ts'

/** What is wrong with an expression that stands at `path`; nothing where it compiled. */
export function expressionIssues(
  text: string,
  result: CompileResult,
  path: readonly string[],
): readonly ConfigIssue[] {
  if (result.ok) return []
  return result.issues.map(({ code, message, from, to, fix }) => {
    if (code === 'empty') return issue('expression_missing', path, 'Write an expression.')
    const mended = fix && text.slice(0, from) + fix.replacement + text.slice(to)
    return issue('expression_invalid', path, sentence(message), {
      ...(fix && mended !== undefined && { fix: { label: fix.label, path, value: mended } }),
    })
  })
}

/** The expression of a valid config; one that does not compile is a fault of the caller. */
export function compiledOf(result: CompileResult): CompiledExpression {
  if (result.ok) return result.expression
  throw new Error(`the config was not validated: ${result.issues[0]?.message}`)
}
