import type { ExpressionHint } from './expression.ts'
import { named } from './hint-in-part.ts'
import type { HintScope } from './hints.ts'
import { issueAt } from './issue.ts'
import type { ComparisonSyntax, NotSyntax, Syntax } from './syntax.ts'
import { childrenOf, isCallOf, partsOf } from './syntax-parts.ts'

type Names = ReadonlySet<string>

/**
 * Parts of conditions that say what a value must not be: null, which is not that, does not match either. Nothing is said
 * of a field about whose nulls the expression cares somewhere, or another term of the same `and` rules them out.
 */
export function excludedNulls(
  conditions: readonly Syntax[],
  parts: readonly Syntax[],
  scope: HintScope,
): readonly ExpressionHint[] {
  const caredFor = new Set(
    parts.flatMap((part) => askedForNull(part).flatMap((asked) => namesIn(asked, scope))),
  )
  const told = new Set<string>()
  return conditions
    .flatMap((condition) => inCondition(condition, caredFor, scope))
    .filter(({ about }) => !told.has(about) && told.add(about))
    .map(({ hint }) => hint)
}

/** What a part asks whether it is null. */
function askedForNull(part: Syntax): readonly Syntax[] {
  if (part.kind === 'nullTest') return [part.operand]
  return isCallOf(part, 'coalesce') ? part.arguments : []
}

/** A hint, and what it names as null: one hint is enough for that. */
interface Found {
  readonly hint: ExpressionHint
  readonly about: string
}

function inCondition(syntax: Syntax, ruledOut: Names, scope: HintScope): readonly Found[] {
  if (syntax.kind === 'logic') {
    const { operator, operands } = syntax
    return operands.flatMap((operand) => {
      const others = operator === 'and' ? operands.filter((other) => other !== operand) : []
      const byOthers = others.filter(isNeverTrueForNull).flatMap((other) => namesIn(other, scope))
      return inCondition(operand, new Set([...ruledOut, ...byOthers]), scope)
    })
  }
  const nulls = nullsOf(syntax).filter((part) => mayBeNull(part, ruledOut, scope))
  if (nulls.length === 0) return []
  const names = [...new Set(nulls.map((part) => named(scope.text, part)))]
  const hint = issueAt('null_excluded', syntax, sentenceFor(names), matchingNull(syntax, scope.text))
  return [{ hint, about: names.join() }]
}

function sentenceFor(names: readonly string[]): string {
  const meant = names.map((name) => `${name} is not null`).join(' and ')
  return `Where ${names.join(' or ')} is null, this is null and does not match. Change it, or add ${meant} if that is meant`
}

/** What a part that says what something must not be is null for. */
function nullsOf(syntax: Syntax): readonly Syntax[] {
  if (syntax.kind === 'not') return operandsOf(syntax.operand)
  return isNegative(syntax) ? childrenOf(syntax) : []
}

function isNegative(syntax: Syntax): boolean {
  if (syntax.kind === 'comparison') return syntax.operator === '<>'
  return (syntax.kind === 'in' || syntax.kind === 'like' || syntax.kind === 'between') && syntax.negated
}

/** What a condition is null for, unless it is negative itself: what is not unlike a text is like it. */
function operandsOf(syntax: Syntax): readonly Syntax[] {
  switch (syntax.kind) {
    case 'logic':
      return syntax.operands.flatMap(operandsOf)
    case 'comparison':
    case 'in':
    case 'like':
    case 'between':
      return isNegative(syntax) ? [] : childrenOf(syntax)
    case 'nullTest':
    case 'distinct':
    case 'not':
      return []
    default:
      return [syntax]
  }
}

function mayBeNull(part: Syntax, ruledOut: Names, scope: HintScope): boolean {
  if (scope.typeOf(part)?.nullable !== true) return false
  const names = namesIn(part, scope)
  return names.length > 0 && !names.some((name) => isRuledOut(name, ruledOut))
}

/** Also where the struct around a field, or a field of a struct, is known not to be null. */
function isRuledOut(name: string, ruledOut: Names): boolean {
  return [...ruledOut].some(
    (other) => name === other || name.startsWith(`${other}.`) || other.startsWith(`${name}.`),
  )
}

function isNeverTrueForNull(syntax: Syntax): boolean {
  switch (syntax.kind) {
    case 'comparison':
      return syntax.operator !== '<>'
    case 'in':
    case 'like':
    case 'between':
      return !syntax.negated
    case 'call':
      return !isCallOf(syntax, 'coalesce') && !isCallOf(syntax, 'if')
    default:
      return syntax.kind === 'field' || syntax.kind === 'member'
  }
}

/** The fields within a part as they are written, `a.b` for one of a struct. */
function namesIn(syntax: Syntax, { text }: HintScope): readonly string[] {
  return partsOf(syntax)
    .filter(({ kind }) => kind === 'field' || kind === 'member')
    .map(({ from, to }) => text.slice(from, to))
}

/** The same condition, true also for null; undefined where it is written in an unusual way. */
function matchingNull(syntax: Syntax, text: string): string | undefined {
  switch (syntax.kind) {
    case 'comparison':
      return distinct(syntax, text)
    case 'not':
      return negated(syntax, text)
    case 'in':
    case 'like':
    case 'between': {
      const before = text.slice(syntax.from, syntax.operand.to)
      const behind = text.slice(syntax.operand.to, syntax.to)
      const positive = behind.replace(/^(\s*\)*\s*)not\b\s*/i, '$1')
      return positive === behind ? undefined : `not coalesce(${before}${positive}, false)`
    }
    default:
      return undefined
  }
}

function negated({ operand }: NotSyntax, text: string): string | undefined {
  if (operand.kind === 'comparison' && operand.operator === '=') return distinct(operand, text)
  return `not coalesce(${text.slice(operand.from, operand.to)}, false)`
}

/** The comparison with `is distinct from`, behind brackets that close. */
function distinct({ from, to, left }: ComparisonSyntax, text: string): string | undefined {
  const behind = text.slice(left.to, to)
  const changed = behind.replace(/^([\s)]*?)\s*(?:=|<>|!=)\s*/, '$1 is distinct from ')
  return changed === behind ? undefined : text.slice(from, left.to) + changed
}
