import type { ExpressionHint } from './expression.ts'
import type { HintScope } from './hints.ts'
import { issueAt } from './issue.ts'
import type { CallSyntax, ComparisonSyntax, InSyntax, NullTestSyntax, Syntax } from './syntax.ts'
import { isCallOf } from './syntax-parts.ts'

const PLAIN = new Set<Syntax['kind']>(['literal', 'field', 'member', 'call', 'cast'])

/** Hints that need nothing but the part itself and the types of what it is made of. */
export function hintsInPart(syntax: Syntax, scope: HintScope): readonly ExpressionHint[] {
  if (syntax.kind === 'comparison') return nullComparison(syntax, scope)
  if (syntax.kind === 'in') return nullInList(syntax, scope)
  if (syntax.kind === 'nullTest') return constantTest(syntax, scope)
  return isCallOf(syntax, 'coalesce') ? unreachedArguments(syntax, scope) : []
}

function isNull(syntax: Syntax): boolean {
  return syntax.kind === 'literal' && syntax.literal === 'null'
}

/** `x = null`. */
function nullComparison(syntax: ComparisonSyntax, { text }: HintScope): readonly ExpressionHint[] {
  const { left, right, operator } = syntax
  if (!isNull(left) && !isNull(right)) return []
  const message = 'A comparison with null is null, never true: is null and is not null ask for it'
  const test = { '=': 'is null', '<>': 'is not null' }[operator as string]
  if (test === undefined || (isNull(left) && isNull(right)))
    return [issueAt('null_comparison', syntax, message)]
  const other = isNull(right)
    ? text.slice(syntax.from, right.from).replace(/(?:=|<>|!=)\s*$/, '')
    : text.slice(left.to, syntax.to).replace(/^\s*(?:=|<>|!=)/, '')
  return [issueAt('null_comparison', syntax, message, `${other.trim()} ${test}`)]
}

/** `x in (1, null)`. */
function nullInList(syntax: InSyntax, scope: HintScope): readonly ExpressionHint[] {
  if (!syntax.options.some(isNull)) return []
  const message = syntax.negated
    ? 'With null in its list, not in is never true'
    : 'Null in a list is equal to nothing: is null asks for it'
  return [issueAt('null_in_list', syntax, message, withoutNulls(syntax, scope))]
}

/** Undefined where nothing else is in the list, or more than commas between the options. */
function withoutNulls(syntax: InSyntax, { text }: HintScope): string | undefined {
  const { options } = syntax
  const gaps = options.slice(1).map((option, i) => text.slice(options[i]?.to, option.from))
  const kept = options.filter((option) => !isNull(option))
  if (kept.length === 0 || !gaps.every((gap) => /^\s*,\s*$/.test(gap))) return undefined
  const list = kept.map(({ from, to }) => text.slice(from, to)).join(', ')
  return text.slice(syntax.from, options[0]?.from) + list + text.slice(options.at(-1)?.to, syntax.to)
}

/** `x is null` where x is not null. */
function constantTest(syntax: NullTestSyntax, { text, typeOf }: HintScope): readonly ExpressionHint[] {
  const { operand, negated } = syntax
  if (typeOf(operand)?.nullable !== false) return []
  const message = `${named(text, operand)} is never null, so this is always ${negated}`
  return [issueAt('null_test_constant', syntax, message, String(negated))]
}

/** `coalesce(x, 0)` where x is not null. */
function unreachedArguments(syntax: CallSyntax, { text, typeOf }: HintScope): readonly ExpressionHint[] {
  const args = syntax.arguments
  const last = args.findIndex((argument) => typeOf(argument)?.nullable === false)
  const stop = args[last]
  if (stop === undefined || last === args.length - 1) return []
  const message = `${named(text, stop)} is never null, so what stands behind it is never taken`
  const alone = last === 0 && PLAIN.has(stop.kind)
  const replacement = alone
    ? text.slice(stop.from, stop.to)
    : upTo(stop, args[last + 1] as Syntax, syntax, text)
  return [issueAt('unreachable_argument', syntax, message, replacement)]
}

/** The call with the arguments up to one, and the brackets that close behind it; undefined where a comment follows. */
function upTo(last: Syntax, next: Syntax, { from }: CallSyntax, text: string): string | undefined {
  const brackets = /^([\s)]*),[\s(]*$/.exec(text.slice(last.to, next.from))?.[1]
  return brackets === undefined ? undefined : `${text.slice(from, last.to)}${brackets.trimEnd()})`
}

const LONGEST_NAME = 60

/** How a part is named in a message. */
export function named(text: string, { from, to }: Syntax): string {
  return to - from > LONGEST_NAME ? 'this value' : text.slice(from, to)
}
