import type { ExpressionHint } from './expression.ts'
import { excludedNulls } from './hint-excluded-nulls.ts'
import { hintsInPart } from './hint-in-part.ts'
import type { Span, Syntax } from './syntax.ts'
import { childrenOf, isCallOf, partsOf } from './syntax-parts.ts'
import type { DataType } from './type.ts'

/** What the search for hints knows of a checked expression. */
export interface HintScope {
  readonly text: string
  /** The type of a part; undefined where it has none of its own, such as the `a` of `a.b`. */
  readonly typeOf: (syntax: Syntax) => DataType | undefined
}

/**
 * Where nulls do what an author hardly means, in the order of the text, at most one hint for a place. The rules stand in
 * the package's README. `isCondition`: what is not true is dropped or does not match.
 */
export function hintsOf(syntax: Syntax, scope: HintScope, isCondition: boolean): readonly ExpressionHint[] {
  const parts = partsOf(syntax)
  const conditions = [...(isCondition ? [syntax] : []), ...outsideLambdas(syntax).flatMap(conditionsOf)]
  const found = [
    ...parts.flatMap((part) => hintsInPart(part, scope)),
    ...excludedNulls(conditions, parts, scope),
  ]
  return onePerPlace(found).toSorted((a, b) => a.from - b.from)
}

/** Elements of arrays may nearly always be null; hints about them would only be noise. */
function outsideLambdas(syntax: Syntax): readonly Syntax[] {
  return syntax.kind === 'lambda' ? [] : [syntax, ...childrenOf(syntax).flatMap(outsideLambdas)]
}

/** The conditions that a part decides by, where null counts as not true. */
function conditionsOf(syntax: Syntax): readonly Syntax[] {
  if (syntax.kind === 'case' && syntax.operand === null) return syntax.branches.map(({ when }) => when)
  return isCallOf(syntax, 'if') ? syntax.arguments.slice(0, 1) : []
}

function onePerPlace(hints: readonly ExpressionHint[]): readonly ExpressionHint[] {
  const kept: ExpressionHint[] = []
  for (const hint of hints) if (!kept.some((other) => overlaps(hint, other))) kept.push(hint)
  return kept
}

function overlaps(a: Span, b: Span): boolean {
  return a.from < b.to && b.from < a.to
}
