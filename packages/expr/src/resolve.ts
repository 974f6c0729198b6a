import { type Checked, type Checking, refuseCoercion, typeName } from './checking.ts'
import {
  coerce,
  coerceForComparison,
  commonType,
  isEquatable,
  isNumeric,
  isOrdered,
  type Operand,
  UNTYPED,
} from './coerce.ts'
import type { FunctionRow, Nullness, Parameter } from './functions/function.ts'
import type { Span } from './syntax.ts'
import { type DataType, type ScalarKind, scalar, withNullable } from './type.ts'
import type { Typed } from './typed.ts'

/** Arguments as a row wants them. */
interface Match {
  readonly row: FunctionRow
  readonly arguments: readonly Typed[]
  /** The type that the row's T, E or O stands for; UNTYPED where it has none. */
  readonly common: DataType
  /** True where no argument had to be converted. */
  readonly exact: boolean
}

/** The first argument that a row cannot take. */
interface Mismatch {
  readonly index: number
  readonly expected: string
}

/**
 * Finds the row of a function or operator that fits the operands: the first that fits without conversion, else the
 * first that fits. Reports a wrong number of arguments, and otherwise the argument at which the best row fails.
 */
export function resolve(
  rows: readonly FunctionRow[],
  operands: readonly Operand[],
  at: Span,
  checking: Checking,
): Checked {
  const candidates = rows.filter((row) => takesCount(row, operands.length))
  if (candidates.length === 0) return refuseCount(rows, operands.length, at, checking)
  const attempts = candidates.map((row) => match(row, operands))
  const matches = attempts.filter((attempt) => 'row' in attempt)
  const best = matches.find((attempt) => attempt.exact) ?? matches[0]
  if (best !== undefined) return build(best, operands, checking)
  return refuseArgument(
    attempts.filter((attempt) => 'index' in attempt),
    rows,
    operands,
    checking,
  )
}

function isRepeated(parameter: Parameter | undefined): boolean {
  return parameter?.endsWith('…') ?? false
}

function takesCount(row: FunctionRow, count: number): boolean {
  const wanted = row.parameters.length
  return isRepeated(row.parameters.at(-1)) ? count >= wanted - 1 : count === wanted
}

/** The parameter for each of so many arguments, without the sign of repetition. */
function spread(row: FunctionRow, count: number): Parameter[] {
  return Array.from({ length: count }, (_, i) => {
    const parameter = row.parameters[Math.min(i, row.parameters.length - 1)] as Parameter
    return (isRepeated(parameter) ? parameter.slice(0, -1) : parameter) as Parameter
  })
}

function match(row: FunctionRow, operands: readonly Operand[]): Match | Mismatch {
  const parameters = spread(row, operands.length)
  const common = bind(parameters, operands)
  if ('index' in common) return common
  const args: Typed[] = []
  for (const [index, parameter] of parameters.entries()) {
    const { typed } = operands[index] as Operand
    const result = fit(typed, parameter, common.type)
    if (typeof result === 'string') return { index, expected: result }
    args.push(result)
  }
  const exact = args.every((argument, i) => argument === operands[i]?.typed)
  return { row, arguments: args, common: common.type, exact }
}

const WANTED = {
  E: { holds: isEquatable, words: 'a value that can be compared' },
  O: { holds: isOrdered, words: 'a value that has an order' },
} as const

/** Finds the common type of the arguments at T, E and O, and of the elements at array<T> and array<E>. */
function bind(
  parameters: readonly Parameter[],
  operands: readonly Operand[],
): { readonly type: DataType } | Mismatch {
  const bound: { index: number; typed: Pick<Typed, 'kind' | 'type'> }[] = []
  for (const [index, parameter] of parameters.entries()) {
    const { typed } = operands[index] as Operand
    if (parameter === 'T' || parameter === 'E' || parameter === 'O') bound.push({ index, typed })
    else if (parameter === 'array<T>' || parameter === 'array<E>') {
      if (typed.type.kind !== 'array') return { index, expected: 'an array' }
      bound.push({ index, typed: { kind: 'member', type: typed.type.element } })
    }
  }
  return commonOf(bound, parameters)
}

function commonOf(
  bound: readonly { readonly index: number; readonly typed: Pick<Typed, 'kind' | 'type'> }[],
  parameters: readonly Parameter[],
): { readonly type: DataType } | Mismatch {
  let type: DataType = UNTYPED
  for (const [i, { index }] of bound.entries()) {
    const next = commonType(bound.slice(0, i + 1).map((item) => item.typed))
    if (next === null) return { index, expected: typeName(type) }
    type = next
    const parameter = parameters[index] as Parameter
    const wanted =
      parameter === 'array<E>' || parameter === 'E' ? WANTED.E : parameter === 'O' ? WANTED.O : undefined
    if (type !== UNTYPED && wanted !== undefined && !wanted.holds(type))
      return { index, expected: wanted.words }
  }
  return { type }
}

/** The argument as a parameter takes it, or in words what it expects. */
function fit(typed: Typed, parameter: Parameter, common: DataType): Typed | string {
  if (parameter === 'pattern' || parameter === 'unit') {
    return typed.kind === 'literal' && typeof typed.value === 'string' ? typed : 'a text in quotes'
  }
  if (parameter === 'array<T>' || parameter === 'array<E>') return fitArray(typed, common)
  const isVariable = parameter === 'T' || parameter === 'E' || parameter === 'O'
  const target = isVariable ? common : scalar(parameter as ScalarKind)
  if (isVariable && common === UNTYPED) return typed
  const result = parameter === 'E' ? coerceForComparison(typed, target) : coerce(typed, target)
  return typeof result === 'string' ? typeName(target) : result
}

/** Elements are not converted; numbers are compared exactly whatever their kind. */
function fitArray(typed: Typed, common: DataType): Typed | string {
  const element = typed.type.kind === 'array' ? typed.type.element : UNTYPED
  const fits = element.kind === common.kind || (isNumeric(element) && isNumeric(common))
  return fits ? typed : `array<${typeName(common)}>`
}

const NULLABLE: Readonly<Record<Nullness, (args: readonly Typed[]) => boolean>> = {
  any: (args) => args.some((argument) => argument.type.nullable),
  all: (args) => args.every((argument) => argument.type.nullable),
  branches: (args) => args.slice(1).some((argument) => argument.type.nullable),
  always: () => true,
  never: () => false,
}

function build(found: Match, operands: readonly Operand[], checking: Checking): Checked {
  const { row, arguments: args } = found
  const type = withNullable(resultType(found), NULLABLE[row.nullness](args))
  const { implementation } = row
  if (implementation.how === 'lazy') return { kind: 'lazy', type, plan: implementation.plan, arguments: args }
  if (implementation.how === 'strict')
    return { kind: 'call', type, call: implementation.call, arguments: args }
  const index = row.parameters.findIndex((parameter) => parameter === 'pattern' || parameter === 'unit')
  const literal = args[index]?.kind === 'literal' ? String(args[index].value) : ''
  const prepared = implementation.prepare(literal)
  if (prepared.ok) return { kind: 'call', type, call: prepared.call, arguments: args.toSpliced(index, 1) }
  const code = row.parameters[index] === 'pattern' ? 'invalid_pattern' : 'invalid_literal'
  return checking.refuse(code, (operands[index] as Operand).syntax, prepared.message)
}

function resultType({ row, arguments: args, common }: Match): DataType {
  if (row.result === 'first') return args[0]?.type ?? common
  return row.result === 'T' || row.result === 'O' ? common : scalar(row.result)
}

function refuseCount(rows: readonly FunctionRow[], found: number, at: Span, checking: Checking): null {
  const counts = rows.map(({ parameters }) =>
    isRepeated(parameters.at(-1)) ? `${parameters.length - 1} or more` : String(parameters.length),
  )
  const expected = [...new Set(counts)].join(' or ')
  const noun = expected === '1' ? 'argument' : 'arguments'
  return checking.refuse('argument_count', at, `${rows[0]?.name} takes ${expected} ${noun}, found ${found}`)
}

/** Reports the argument that the rows which came furthest could not take, with all that could stand there. */
function refuseArgument(
  mismatches: readonly Mismatch[],
  rows: readonly FunctionRow[],
  operands: readonly Operand[],
  checking: Checking,
): null {
  const index = Math.max(...mismatches.map((mismatch) => mismatch.index))
  const expected = [...new Set(mismatches.filter((one) => one.index === index).map((one) => one.expected))]
  const operand = operands[index] as Operand
  const name = rows[0]?.name ?? ''
  if (coerce(operand.typed, scalar('timestamp')) === 'literal' && expected.includes('timestamp')) {
    return refuseCoercion(operand, scalar('timestamp'), name, checking)
  }
  const message = `${name} expects ${expected.join(' or ')}, found ${typeName(operand.typed.type)}`
  return checking.refuse('type_mismatch', operand.syntax, message + hint(name, operands))
}

const HINTS: readonly {
  readonly operators: readonly string[]
  readonly kinds: readonly DataType['kind'][]
  readonly words: string
}[] = [
  { operators: ['+'], kinds: ['string'], words: '; texts are joined by ||' },
  {
    operators: ['+', '-'],
    kinds: ['timestamp'],
    words: "; a time is moved by interval '5' minute, or use to_epoch_ms",
  },
  {
    operators: ['||'],
    kinds: ['int64', 'double', 'boolean', 'timestamp'],
    words: '; write cast(value as string)',
  },
]

function hint(name: string, operands: readonly Operand[]): string {
  const kinds = operands.map((operand) => operand.typed.type.kind)
  const found = HINTS.find(
    (one) => one.operators.includes(name) && kinds.some((kind) => one.kinds.includes(kind)),
  )
  return found?.words ?? ''
}
