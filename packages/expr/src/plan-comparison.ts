import { distinctScalars, equalNumbers, equalScalars } from './compare.ts'
import type { Evaluate } from './expression.ts'
import type { Plan } from './plan.ts'
import type { ComparisonOperator } from './syntax.ts'
import { compareText } from './text.ts'
import type { Typed, TypedBetween, TypedComparison, TypedDistinct, TypedIn } from './typed.ts'
import type { Value } from './value.ts'

type Compare<T extends Value> = (a: T, b: T) => boolean
type Comparisons<T extends Value> = Readonly<Record<ComparisonOperator, Compare<T>>>
type Numeric = number | bigint

/** Numbers of one kind: an int64 has one representation, so `===` holds for equal ones. */
const NUMBERS: Comparisons<Numeric> = {
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}

/** int64 with double: JavaScript orders number and bigint by their exact values. */
const MIXED_NUMBERS: Comparisons<Numeric> = {
  ...NUMBERS,
  '=': equalNumbers,
  '<>': (a, b) => !equalNumbers(a, b),
}

const TEXTS: Comparisons<string> = {
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
  '<': (a, b) => compareText(a, b) < 0,
  '<=': (a, b) => compareText(a, b) <= 0,
  '>': (a, b) => compareText(a, b) > 0,
  '>=': (a, b) => compareText(a, b) >= 0,
}

function comparison(operator: ComparisonOperator, left: Typed, right: Typed): Compare<Value> {
  const kind = left.type.kind
  if (kind === 'string') return TEXTS[operator] as Compare<Value>
  if (kind === 'boolean' || kind === 'bytes')
    return operator === '=' ? equalScalars : (a, b) => !equalScalars(a, b)
  return (kind === right.type.kind ? NUMBERS : MIXED_NUMBERS)[operator] as Compare<Value>
}

/** Plans `= <> < <= > >=`. A field of the row against a literal, the most frequent shape, has closures of its own. */
export function planComparison(typed: TypedComparison, plan: Plan): Evaluate {
  const { operator, left, right } = typed
  if (left.kind === 'literal' && right.kind === 'field') {
    return planComparison({ ...typed, operator: MIRRORED[operator], left: right, right: left }, plan)
  }
  return (
    fieldWithLiteral(operator, left, right) ??
    general(comparison(operator, left, right), plan(left), plan(right))
  )
}

const MIRRORED = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
} as const satisfies Record<ComparisonOperator, ComparisonOperator>

function general(compare: Compare<Value>, left: Evaluate, right: Evaluate): Evaluate {
  return (row, context) => {
    const a = left(row, context)
    if (a === null) return null
    const b = right(row, context)
    return b === null ? null : compare(a, b)
  }
}

function fieldWithLiteral(operator: ComparisonOperator, left: Typed, right: Typed): Evaluate | null {
  if (left.kind !== 'field' || left.positions.length !== 1 || right.kind !== 'literal') return null
  const [position = 0] = left.positions
  const { value } = right
  if (typeof value === 'string' && (operator === '=' || operator === '<>'))
    return FIELD_TEXTS[operator](position, value)
  if (typeof value !== 'number' && typeof value !== 'bigint') return null
  const exact = left.type.kind === right.type.kind || (operator !== '=' && operator !== '<>') || isSafe(value)
  return exact ? FIELD_NUMBERS[operator](position, value) : null
}

/** Within the safe integers a number has one representation, be it an int64 or a double. */
function isSafe(value: Numeric): boolean {
  return typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER
}

// The bodies repeat themselves on purpose: a closure that calls the comparison is half as fast as one that is it, and
// texts and numbers that share one are as slow.

type FieldComparison<T> = (position: number, literal: T) => Evaluate

const FIELD_TEXTS: Readonly<Record<'=' | '<>', FieldComparison<string>>> = {
  '=': (position, literal) => (row) => {
    const value = row[position] as string | null
    return value === null ? null : value === literal
  },
  '<>': (position, literal) => (row) => {
    const value = row[position] as string | null
    return value === null ? null : value !== literal
  },
}

const FIELD_NUMBERS: Readonly<Record<ComparisonOperator, FieldComparison<Numeric>>> = {
  '=': (position, literal) => (row) => {
    const value = row[position] as Numeric | null
    return value === null ? null : value === literal
  },
  '<>': (position, literal) => (row) => {
    const value = row[position] as Numeric | null
    return value === null ? null : value !== literal
  },
  '<': (position, literal) => (row) => {
    const value = row[position] as Numeric | null
    return value === null ? null : value < literal
  },
  '<=': (position, literal) => (row) => {
    const value = row[position] as Numeric | null
    return value === null ? null : value <= literal
  },
  '>': (position, literal) => (row) => {
    const value = row[position] as Numeric | null
    return value === null ? null : value > literal
  },
  '>=': (position, literal) => (row) => {
    const value = row[position] as Numeric | null
    return value === null ? null : value >= literal
  },
}

/** Plans `is distinct from`. */
export function planDistinct({ left, right }: TypedDistinct, plan: Plan): Evaluate {
  const first = plan(left)
  const second = plan(right)
  return (row, context) => distinctScalars(first(row, context), second(row, context))
}

/** Plans `between`: null only where neither bound decides. */
export function planBetween({ operand, low, high }: TypedBetween, plan: Plan): Evaluate {
  const [value, lower, upper] = [plan(operand), plan(low), plan(high)]
  const notBelow = comparison('>=', operand, low)
  const notAbove = comparison('<=', operand, high)
  return (row, context) => {
    const x = value(row, context)
    if (x === null) return null
    const from = lower(row, context)
    if (from !== null && !notBelow(x, from)) return false
    const to = upper(row, context)
    if (to !== null && !notAbove(x, to)) return false
    return from === null || to === null ? null : true
  }
}

/** Plans `in`: null where no option is equal but one is null. */
export function planIn({ operand, options }: TypedIn, plan: Plan): Evaluate {
  const value = plan(operand)
  const literals = literalSet(operand, options)
  if (literals !== null) return inLiterals(value, literals)
  const candidates = options.map(plan)
  return (row, context) => {
    const x = value(row, context)
    if (x === null) return null
    let result: false | null = false
    for (const candidate of candidates) {
      const option = candidate(row, context)
      if (option === null) result = null
      else if (equalScalars(x, option)) return true
    }
    return result
  }
}

/** The options as a set, where they are literals whose equality is that of a set: not bytes, not int64 among doubles. */
function literalSet(operand: Typed, options: readonly Typed[]): Set<Value> | null {
  const { kind } = operand.type
  const suitable =
    kind !== 'bytes' && options.every((option) => option.kind === 'literal' && option.type.kind === kind)
  return suitable ? new Set(options.map((option) => (option.kind === 'literal' ? option.value : null))) : null
}

function inLiterals(value: Evaluate, literals: ReadonlySet<Value>): Evaluate {
  const otherwise = literals.has(null) ? null : false
  return (row, context) => {
    const x = value(row, context)
    return x === null ? null : literals.has(x) || otherwise
  }
}
