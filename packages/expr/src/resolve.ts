import { type Checked, type Checking, castTo, refuseCoercion, typeName } from './checking.ts'
import {
  type Candidate,
  coerce,
  coerceForComparison,
  commonType,
  comparisonType,
  decimalTypeOf,
  isEquatable,
  isNumeric,
  isOrdered,
  type Operand,
  UNTYPED,
} from './coerce.ts'
import type {
  FunctionRow,
  Nullness,
  Parameter,
  Result,
  ResultRule,
  TypeVariable,
} from './functions/function.ts'
import { isLiteralParameter, LITERAL_PARAMETERS, type LiteralKind } from './functions/literal-parameter.ts'
import { type SqlArgument, sqlWriter, type Unsupported, type WriteSql } from './sql/call-sql.ts'
import type { Span } from './syntax.ts'
import {
  arrayOf,
  type DataType,
  decimal,
  isMapKeyType,
  type MapKeyType,
  mapOf,
  SCALAR_KINDS,
  type ScalarKind,
  scalar,
  withNullable,
} from './type.ts'
import type { Typed } from './typed.ts'

/** What a row's variables stand for. */
type Binding = ReadonlyMap<TypeVariable, DataType>

/** Arguments as a row wants them. */
interface Match {
  readonly row: FunctionRow
  readonly arguments: readonly Typed[]
  readonly binding: Binding
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
  const binding = bind(parameters, operands)
  if ('index' in binding) return binding
  const args: Typed[] = []
  for (const [index, parameter] of parameters.entries()) {
    const { typed } = operands[index] as Operand
    const result = fit(typed, parameter, binding)
    if (typeof result === 'string') return { index, expected: result }
    args.push(result)
  }
  const exact = args.every((argument, i) => argument === operands[i]?.typed)
  return { row, arguments: args, binding, exact }
}

/** What a variable may stand for, and how the common type of what stands there is found. */
interface VariableRule {
  readonly holds: (type: DataType) => boolean
  readonly words: string
  readonly common: (candidates: readonly Candidate[]) => DataType | null
}

const ANY: VariableRule = { holds: () => true, words: 'a value', common: commonType }

const VARIABLES: Readonly<Record<TypeVariable, VariableRule>> = {
  T: ANY,
  U: ANY,
  V: ANY,
  E: { holds: isEquatable, words: 'a value that can be compared', common: comparisonType },
  O: { holds: isOrdered, words: 'a value that has an order', common: commonType },
  N: { holds: isNumeric, words: 'a number', common: commonType },
  K: { holds: isMapKeyType, words: 'a value that can be a key', common: keyType },
}

/** The keys of a map cannot be converted; what is looked up among them can. */
function keyType(candidates: readonly Candidate[]): DataType | null {
  const keys = candidates.filter((candidate) => candidate.kind === 'member')
  return keys.length === 0 ? commonType(candidates) : commonType(keys)
}

/** What a parameter is made of: variables where an argument's type, its elements', keys' or values' types stand. */
function variablesIn(parameter: Parameter): readonly TypeVariable[] {
  const names = parameter.match(/\b[A-Z]\b/g) ?? []
  return names as TypeVariable[]
}

/** Finds the common type of all that stands at each variable. */
function bind(parameters: readonly Parameter[], operands: readonly Operand[]): Binding | Mismatch {
  const found = new Map<TypeVariable, { readonly index: number; readonly candidate: Candidate }[]>()
  for (const [index, parameter] of parameters.entries()) {
    const parts = takeApart(parameter, (operands[index] as Operand).typed)
    if (typeof parts === 'string') return { index, expected: parts }
    for (const [i, variable] of variablesIn(parameter).entries()) {
      const candidates = found.get(variable) ?? []
      found.set(variable, [...candidates, { index, candidate: parts[i] as Candidate }])
    }
  }
  const binding = new Map<TypeVariable, DataType>()
  for (const [variable, candidates] of found) {
    const type = commonOf(candidates, VARIABLES[variable])
    if ('index' in type) return type
    binding.set(variable, type)
  }
  return needsDecimal(parameters, operands) ?? binding
}

/** What stands at the variables of a parameter, or in words what it expects. */
function takeApart(parameter: Parameter, typed: Typed): readonly Candidate[] | string {
  const { type } = typed
  const part = (inner: DataType): Candidate => ({ kind: 'member', type: inner })
  if (parameter.startsWith('array<')) {
    return type.kind === 'array' ? [part(type.element)] : 'an array'
  }
  if (parameter.startsWith('map<')) {
    return type.kind === 'map' ? [part(type.key), part(type.value)] : 'a map'
  }
  return [typed]
}

function commonOf(
  bound: readonly { readonly index: number; readonly candidate: Candidate }[],
  { holds, words, common }: VariableRule,
): DataType | Mismatch {
  let type: DataType = UNTYPED
  for (const [i, { index }] of bound.entries()) {
    const next = common(bound.slice(0, i + 1).map((item) => item.candidate))
    if (next === null) return { index, expected: typeName(type) }
    type = next
    if (type !== UNTYPED && !holds(type)) return { index, expected: words }
  }
  return type
}

/** Rows of decimals are for calls with a decimal: next to one a number can become one, alone it stays what it is. */
function needsDecimal(parameters: readonly Parameter[], operands: readonly Operand[]): Mismatch | null {
  const index = parameters.indexOf('decimal')
  const isDecimal = ({ typed }: Operand, i: number) =>
    parameters[i] === 'decimal' && typed.type.kind === 'decimal'
  return index === -1 || operands.some(isDecimal) ? null : { index, expected: 'decimal' }
}

/** The argument as a parameter takes it, or in words what it expects. */
function fit(typed: Typed, parameter: Parameter, binding: Binding): Typed | string {
  if (isLiteralParameter(parameter)) {
    return typed.kind === 'literal' && typeof typed.value === 'string' ? typed : 'a text in quotes'
  }
  if (parameter === 'decimal') return fitDecimal(typed)
  const target = targetOf(parameter, binding)
  if (target === UNTYPED) return typed
  const convert = parameter === 'E' || parameter === 'array<E>' ? coerceForComparison : coerce
  const result = convert(typed, target)
  return typeof result === 'string' ? typeName(target) : result
}

function fitDecimal(typed: Typed): Typed | string {
  const target = typed.type === UNTYPED ? decimal(1, 0) : decimalTypeOf(typed)
  const result = target && coerce(typed, target)
  return result === null || typeof result === 'string' ? 'decimal' : result
}

/** The type that a parameter with variables takes; UNTYPED where nothing says one. */
function targetOf(parameter: Parameter, binding: Binding): DataType {
  const [first, second = UNTYPED] = variablesIn(parameter).map((variable) => boundType(variable, binding))
  if (first === undefined) return kindOf(parameter)
  if (first === UNTYPED) return UNTYPED
  if (parameter.startsWith('map<')) return mapOf(first as MapKeyType, second)
  return parameter.startsWith('array<') ? arrayOf(first) : first
}

/** The type of a parameter or result without variables. */
function kindOf(parameter: string): DataType {
  const kind = scalar(parameter.replace(/^array<(.*)>$/, '$1') as ScalarKind)
  return parameter.startsWith('array<') ? arrayOf(kind) : kind
}

function boundType(variable: TypeVariable, binding: Binding): DataType {
  return binding.get(variable) ?? UNTYPED
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
  const result = resultType(found)
  const type = withNullable(result.type, result.nullable || NULLABLE[row.nullness](args))
  const { implementation } = row
  const sql = sqlWriter(row.sql)
  switch (implementation.how) {
    case 'lazy':
      return { kind: 'lazy', type, plan: implementation.plan, sql, arguments: args }
    case 'strict':
      return { kind: 'call', type, call: implementation.call, sql, arguments: args }
    case 'typed': {
      const types = args.map((argument) => argument.type)
      return { kind: 'call', type, call: implementation.make(types, type), sql, arguments: args }
    }
    case 'prepared': {
      const literals = readLiterals(found, operands, checking)
      if (literals === null) return null
      return {
        kind: 'call',
        type,
        call: implementation.prepare(...(literals.values as never[])),
        sql: withLiterals(sql, literals.sql),
        arguments: args.filter((_, i) => literals.sql[i] === undefined),
      }
    }
    case 'lambda':
      throw new Error(`${row.name} takes a lambda and is checked elsewhere`)
  }
}

interface Literals {
  /** What was read, in the order of the parameters. */
  readonly values: readonly unknown[]
  /** For every parameter its SQL; undefined where it is no literal parameter. */
  readonly sql: readonly (string | Unsupported | undefined)[]
}

/** Reads the texts at the literal parameters of a row; reports the first that will not do. */
function readLiterals(
  { row, arguments: args }: Match,
  operands: readonly Operand[],
  checking: Checking,
): Literals | null {
  const values: unknown[] = []
  const sql: Literals['sql'][number][] = args.map(() => undefined)
  for (const [i, parameter] of row.parameters.entries()) {
    const argument = args[i]
    if (!isLiteralParameter(parameter) || argument?.kind !== 'literal') continue
    const kind: LiteralKind = LITERAL_PARAMETERS[parameter]
    const result = kind.read(String(argument.value))
    if (!result.ok)
      return checking.refuse(kind.code, (operands[i] as Operand).syntax, result.message, result.replacement)
    values.push(result.value)
    sql[i] = result.sql
  }
  return { values, sql }
}

/** The writer of a row, which numbers all parameters, for arguments without those at literal parameters. */
function withLiterals(write: WriteSql, literals: Literals['sql']): WriteSql {
  const missing = literals.find((sql) => typeof sql === 'object')
  if (missing !== undefined) return () => missing
  return (args, options) => {
    const others = args.values()
    const all = literals.map((text) =>
      text === undefined
        ? (others.next().value as SqlArgument)
        : { text: text as string, type: scalar('string', false) },
    )
    return write(all, options)
  }
}

/** The type of the result; `nullable` where it may be null whatever the arguments are. */
function resultType({ row, arguments: args, binding }: Match): { type: DataType; nullable: boolean } {
  const { result } = row
  if (typeof result === 'object') {
    const type = result.typeFor(args.map((argument) => argument.type))
    return { type, nullable: type.nullable }
  }
  if (result === 'first') return { type: args[0]?.type ?? UNTYPED, nullable: false }
  return { type: namedType(result, binding), nullable: false }
}

function namedType(result: Exclude<Result, ResultRule | 'first'>, binding: Binding): DataType {
  if (result === 'map<K, V>') return mapOf(boundType('K', binding) as MapKeyType, boundType('V', binding))
  const [, variable] = /^(?:array<)?([A-Z])>?$/.exec(result) ?? []
  if (variable === undefined) return kindOf(result)
  const type = boundType(variable as TypeVariable, binding)
  return result.startsWith('array<') ? arrayOf(type) : type
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
  const message = `${name} expects ${inWords(expected)}, found ${typeName(operand.typed.type)}`
  const words = hint(name, operands)
  return checking.refuse(
    'type_mismatch',
    operand.syntax,
    message + words,
    castInto(operand, expected, checking),
  )
}

/** A cast to the one kind that is expected; where several would do, nobody knows which is meant. */
function castInto(operand: Operand, expected: readonly string[], checking: Checking): string | undefined {
  const kind = SCALAR_KINDS.find((known) => expected.length === 1 && known === expected[0])
  return kind && castTo(operand, scalar(kind), checking)
}

/** `a`, `a or b`, `a, b or c`. */
function inWords(expected: readonly string[]): string {
  const last = expected.at(-1) ?? ''
  return expected.length < 2 ? last : `${expected.slice(0, -1).join(', ')} or ${last}`
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
    words: "; a time is moved by an interval, such as interval '5' minute",
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
