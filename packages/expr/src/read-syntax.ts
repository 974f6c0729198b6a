import type { SyntaxNode } from '@lezer/common'
import type { ExpressionIssue } from './expression.ts'
import { issueAt, type Reading } from './issue.ts'
import { LIMITS } from './limits.ts'
import { readLiteral, readNumber, readTypedLiteral } from './read-literal.ts'
import {
  type ArithmeticOperator,
  type BranchSyntax,
  COMPARISON_OPERATORS,
  type ComparisonOperator,
  type LiteralSyntax,
  type LogicSyntax,
  type Span,
  type Syntax,
} from './syntax.ts'
import { part, parts, readName, textOf } from './tree.ts'
import { readType } from './type-text.ts'

/** Turns a node of a tree without syntax errors into syntax; with issues the syntax is not complete. */
export function readSyntax(
  node: SyntaxNode,
  text: string,
): { readonly syntax: Syntax; readonly issues: readonly ExpressionIssue[] } {
  const reader = new Reader(text)
  return { syntax: reader.read(node, 1), issues: reader.issues }
}

/** Stands for a part that is not read because the expression is too large. */
function unread(at: Span): Syntax {
  return { kind: 'literal', literal: 'null', value: null, from: at.from, to: at.to }
}

class Reader implements Reading {
  readonly text: string
  readonly issues: ExpressionIssue[] = []
  #nodes = 0

  constructor(text: string) {
    this.text = text
  }

  /** Reads one node; `depth` counts how deep it is nested. */
  read(node: SyntaxNode, depth: number): Syntax {
    const at = { from: node.from, to: node.to }
    if (depth > LIMITS.depth) {
      this.#refuse('too_deep', `An expression is nested at most ${LIMITS.depth} deep`, at)
      return unread(at)
    }
    if (node.name === 'Parenthesised') return this.read(part(parts(node), 1), depth + 1)
    if (!this.count(at)) return unread(at)
    const read = READERS.get(node.name)
    if (read === undefined) throw new Error(`The grammar has no expression ${node.name}`)
    return read({ reader: this, children: parts(node), at, node, depth })
  }

  /** Counts one more part of the expression; false, and an issue, where that is too many. */
  count(at: Span): boolean {
    if (++this.#nodes <= LIMITS.nodes) return true
    this.#refuse('too_many_nodes', `An expression has at most ${LIMITS.nodes} parts`, at)
    return false
  }

  #refuse(code: 'too_deep' | 'too_many_nodes', message: string, at: Span): void {
    if (!this.issues.some((issue) => issue.code === code)) this.issues.push(issueAt(code, at, message))
  }
}

interface Site {
  readonly reader: Reader
  readonly node: SyntaxNode
  /** The node's children without comments. */
  readonly children: readonly SyntaxNode[]
  readonly at: Span
  readonly depth: number
}

const READERS: ReadonlyMap<string, (site: Site) => Syntax> = new Map<string, (site: Site) => Syntax>([
  ['Number', ({ reader, node }) => readNumber(node, false, reader)],
  ['String', ({ reader, node }) => readLiteral(node, reader)],
  ['Boolean', ({ reader, node }) => readLiteral(node, reader)],
  ['Null', ({ reader, node }) => readLiteral(node, reader)],
  ['TypedLiteral', ({ reader, node }) => readTypedLiteral(node, reader)],
  [
    'Field',
    (site) => ({ kind: 'field', name: readName(part(site.children, 0), site.reader.text), ...site.at }),
  ],
  ['Member', readMember],
  ['Negation', readNegation],
  ['Sum', readArithmetic],
  ['Product', readArithmetic],
  ['Concatenation', (site) => ({ kind: 'concatenation', operands: operandsOf(site), ...site.at })],
  ['Comparison', readComparison],
  ['And', (site) => readLogic(site, 'and')],
  ['Or', (site) => readLogic(site, 'or')],
  ['Not', (site) => ({ kind: 'not', operand: inner(site, 1), ...site.at })],
  ['NullTest', (site) => ({ kind: 'nullTest', negated: isNegated(site), operand: first(site), ...site.at })],
  [
    'DistinctTest',
    (site) => ({
      kind: 'distinct',
      negated: isNegated(site),
      left: first(site),
      right: inner(site, -1),
      ...site.at,
    }),
  ],
  ['Like', readLike],
  ['In', readIn],
  ['Between', readBetween],
  ['Case', readCase],
  ['Cast', readCast],
  ['Call', readCall],
  ['Extract', readExtract],
  ['Lambda', readLambda],
])

/** The left operand: a chain of operators is as deep as its deepest operand, so it does not count as nesting. */
function first(site: Site): Syntax {
  return site.reader.read(part(site.children, 0), site.depth)
}

function inner(site: Site, index: number): Syntax {
  return site.reader.read(part(site.children, index), site.depth + 1)
}

function isNegated(site: Site): boolean {
  return site.children.some((child) => child.name === 'not')
}

function readMember(site: Site): Syntax {
  const { text } = site.reader
  const steps = site.children.filter((child) => child.name === 'MemberName' || child.name === 'Subscript')
  return steps.reduce<Syntax>((object, step, i) => {
    if (i > 0) site.reader.count(site.at)
    const at = { from: site.at.from, to: step.to }
    if (step.name === 'MemberName') return { kind: 'member', object, name: readName(step, text), ...at }
    return { kind: 'subscript', object, index: site.reader.read(part(parts(step), 1), site.depth + 1), ...at }
  }, first(site))
}

/** A minus sign before a number is part of the number, so that the smallest int64 can be written. */
function readNegation(site: Site): Syntax {
  const operand = part(site.children, 1)
  if (operand.name === 'Number') return { ...readNumber(operand, true, site.reader), ...site.at }
  return { kind: 'arithmetic', operator: '-', operands: [inner(site, 1)], ...site.at }
}

/** `a + b - c` is `(a + b) - c`. */
function readArithmetic(site: Site): Syntax {
  const [head, ...operands] = operandsOf(site)
  const operators = site.children.filter((child) => OPERATORS.has(child.name))
  return operands.reduce<Syntax>((left, operand, i) => {
    if (i > 0) site.reader.count(site.at)
    const operator = textOf(part(operators, i), site.reader.text) as ArithmeticOperator
    return { kind: 'arithmetic', operator, operands: [left, operand], from: site.at.from, to: operand.to }
  }, head as Syntax)
}

const OPERATORS: ReadonlySet<string> = new Set([
  'SumOperator',
  'ProductOperator',
  'ConcatOperator',
  'and',
  'or',
])

/** The operands of a chain `a op b op c`. */
function operandsOf(site: Site): Syntax[] {
  const operands = site.children.filter((child) => !OPERATORS.has(child.name))
  return operands.map((operand) => site.reader.read(operand, site.depth + 1))
}

function readComparison(site: Site): Syntax {
  const written = textOf(part(site.children, 1), site.reader.text)
  const operator: ComparisonOperator = COMPARISON_OPERATORS.find((known) => known === written) ?? '<>'
  return { kind: 'comparison', operator, left: first(site), right: inner(site, 2), ...site.at }
}

function readLogic(site: Site, operator: LogicSyntax['operator']): Syntax {
  return { kind: 'logic', operator, operands: operandsOf(site), ...site.at }
}

function readLike(site: Site): Syntax {
  const offset = isNegated(site) ? 1 : 0
  const escaper = site.children.some((child) => child.name === 'escape') ? inner(site, 4 + offset) : null
  return {
    kind: 'like',
    negated: offset === 1,
    operand: first(site),
    pattern: inner(site, 2 + offset),
    escape: escaper,
    ...site.at,
  }
}

function readIn(site: Site): Syntax {
  const options = afterBracket(site.children).map((child) => site.reader.read(child, site.depth + 1))
  return { kind: 'in', negated: isNegated(site), operand: first(site), options, ...site.at }
}

/** The expressions between the brackets of a call or an `in`. */
function afterBracket(children: readonly SyntaxNode[]): SyntaxNode[] {
  const open = children.findIndex((child) => child.name === '(')
  return children.slice(open + 1).filter((child) => child.name !== ',' && child.name !== ')')
}

function readBetween(site: Site): Syntax {
  return {
    kind: 'between',
    negated: isNegated(site),
    operand: first(site),
    low: inner(site, -3),
    high: inner(site, -1),
    ...site.at,
  }
}

function readCase(site: Site): Syntax {
  const child = (name: string) => site.children.find((candidate) => candidate.name === name)
  const read = (node: SyntaxNode | undefined, index: number) =>
    node === undefined ? null : site.reader.read(part(parts(node), index), site.depth + 1)
  const operand = read(child('CaseOperand'), 0)
  const branches = site.children
    .filter((candidate) => candidate.name === 'Branch')
    .map((branch) => readBranch(site, branch))
  return { kind: 'case', operand, branches, otherwise: read(child('Otherwise'), 1), ...site.at }
}

function readBranch(site: Site, branch: SyntaxNode): BranchSyntax {
  const read = (index: number) => site.reader.read(part(parts(branch), index), site.depth + 1)
  return { when: read(1), result: read(3) }
}

function readCast(site: Site): Syntax {
  const safe = part(site.children, 0).name === 'try_cast'
  const target = readType(part(site.children, 4), site.reader)
  return { kind: 'cast', safe, operand: inner(site, 2), target, ...site.at }
}

function readCall(site: Site): Syntax {
  const name = readName(part(site.children, 0), site.reader.text)
  const args = afterBracket(site.children).map((child) => site.reader.read(child, site.depth + 1))
  return { kind: 'call', name, arguments: args, ...site.at }
}

/** `extract(year from ts)` is the function `extract` with the unit as its first argument. */
function readExtract(site: Site): Syntax {
  const { text, issues } = site.reader
  const name = readName(part(site.children, 0), text)
  const unit = part(site.children, 2)
  if (name.name.toLowerCase() !== 'extract')
    issues.push(
      issueAt('syntax', part(site.children, 3), `${name.name} takes no unit and from; extract does`),
    )
  const literal: LiteralSyntax = {
    kind: 'literal',
    literal: 'string',
    value: textOf(unit, text).toLowerCase(),
    from: unit.from,
    to: unit.to,
  }
  site.reader.count(site.at)
  return { kind: 'call', name, arguments: [literal, inner(site, 4)], ...site.at }
}

function readLambda(site: Site): Syntax {
  const names = parts(part(site.children, 0)).filter((child) => child.name === 'LambdaParameter')
  const parameters = names.map((name) => readName(name, site.reader.text))
  return { kind: 'lambda', parameters, body: inner(site, -1), ...site.at }
}
