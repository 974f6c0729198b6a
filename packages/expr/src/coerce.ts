import { rescale } from './decimal.ts'
import { asDecimalType, commonDecimalType, narrowestType } from './decimal-type.ts'
import type { DecimalLiteral, Syntax } from './syntax.ts'
import { parseTimestamp } from './timestamp.ts'
import {
  arrayOf,
  type DataType,
  type DecimalType,
  decimal,
  mapOf,
  type StructType,
  scalar,
  structOf,
  withNullable,
} from './type.ts'
import type { Typed, TypedLiteral } from './typed.ts'
import type { Whole } from './value.ts'
import { fitted, widening } from './widen.ts'

/** A part of an expression, as text and as checked. */
export interface Operand {
  readonly syntax: Syntax
  readonly typed: Typed
}

/** The type of a `null` for which nothing else says a type; known by identity. Alone it counts as a boolean. */
export const UNTYPED: DataType = scalar('boolean')

const EQUATABLE: ReadonlySet<string> = new Set([
  'boolean',
  'int64',
  'decimal',
  'double',
  'string',
  'timestamp',
  'bytes',
])
const ORDERED: ReadonlySet<string> = new Set(['int64', 'decimal', 'double', 'string', 'timestamp'])

/** True for types whose values can be equal: scalars and decimals. */
export function isEquatable(type: DataType): boolean {
  return EQUATABLE.has(type.kind)
}

/** True for types whose values have an order: numbers, strings and timestamps. */
export function isOrdered(type: DataType): boolean {
  return ORDERED.has(type.kind)
}

/** True for int64, decimal and double. */
export function isNumeric(type: DataType): boolean {
  return type.kind === 'int64' || type.kind === 'decimal' || type.kind === 'double'
}

/** What of an operand says which types it can take. */
export type Candidate = Pick<TypedLiteral, 'type'> & {
  readonly kind: Typed['kind']
  readonly value?: unknown
  readonly decimal?: DecimalLiteral
}

/**
 * The one type that all operands can take, nullable if one of them is: the same kind; of int64 and decimals a decimal,
 * of these and doubles a double; timestamp for timestamps and text literals. A number literal next to a decimal is a
 * decimal of the digits that it is written with. Untyped nulls take any. Null where there is none.
 */
export function commonType(operands: readonly Candidate[]): DataType | null {
  return commonOf(operands, commonDecimalType)
}

/** As `commonType`, for comparing: a decimal type then has as many digits as it takes. */
export function comparisonType(operands: readonly Candidate[]): DataType | null {
  return commonOf(operands, (a, b) => {
    const scale = Math.max(a.scale, b.scale)
    const whole = Math.max(a.precision - a.scale, b.precision - b.scale)
    return decimal(whole + scale, scale, a.nullable || b.nullable)
  })
}

function commonOf(
  operands: readonly Candidate[],
  mergeDecimals: (a: DecimalType, b: DecimalType) => DecimalType,
): DataType | null {
  const typed = operands.filter((operand) => operand.type !== UNTYPED)
  if (typed.length === 0) return UNTYPED
  const decimals = typed.some((operand) => operand.type.kind === 'decimal') ? allDecimal(typed) : null
  const merged = decimals === null ? mergeAll(typed) : decimals.reduce(mergeDecimals)
  return (
    merged &&
    withNullable(
      merged,
      operands.some((operand) => operand.type.nullable),
    )
  )
}

function allDecimal(operands: readonly Candidate[]): readonly DecimalType[] | null {
  const types = operands.map(decimalTypeOf)
  return types.every((type) => type !== null) ? types : null
}

/** The decimal type that an operand has or can take without loss; null where there is none. */
export function decimalTypeOf(operand: Candidate): DecimalType | null {
  return exactLiteral(operand)?.type ?? asDecimalType(operand.type)
}

/** The decimal that a number literal can stand for. */
function exactLiteral({ kind, type, value, decimal: written }: Candidate): DecimalLiteral | null {
  if (kind !== 'literal' || type.kind !== 'int64' || value === null) return written ?? null
  return { type: narrowestType(value as Whole, 0), value: value as Whole }
}

function mergeAll(operands: readonly Candidate[]): DataType | null {
  const timestamps = operands.some((operand) => operand.type.kind === 'timestamp')
  const types = operands.map((operand) =>
    timestamps && isTextLiteral(operand) ? scalar('timestamp', false) : operand.type,
  )
  const [first, ...others] = types as [DataType, ...DataType[]]
  return others.reduce<DataType | null>((common, type) => common && mergeTypes(common, type), first)
}

function isTextLiteral({ kind, type }: Candidate): boolean {
  return kind === 'literal' && type.kind === 'string' && !type.nullable
}

function mergeTypes(a: DataType, b: DataType): DataType | null {
  const nullable = a.nullable || b.nullable
  if (a.kind === 'decimal' && b.kind === 'decimal') return commonDecimalType(a, b)
  if (a.kind === 'array' && b.kind === 'array') {
    const element = mergeParts(a.element, b.element)
    return element && arrayOf(element, nullable)
  }
  if (a.kind === 'map' && b.kind === 'map') {
    const value = mergeParts(a.value, b.value)
    return mergeParts(a.key, b.key) && value && mapOf(a.key, value, nullable)
  }
  if (a.kind === 'struct' && b.kind === 'struct') return mergeStructs(a, b, nullable)
  if (a.kind === b.kind) return withNullable(a, nullable)
  return isNumeric(a) && isNumeric(b) ? scalar('double', nullable) : null
}

function mergeStructs(a: StructType, b: StructType, nullable: boolean): DataType | null {
  if (a.fields.length !== b.fields.length) return null
  const fields = a.fields.flatMap((field, i) => {
    const other = b.fields[i]
    const type = other?.name === field.name ? mergeParts(field.type, other.type) : null
    return type === null ? [] : [{ name: field.name, type }]
  })
  return fields.length === a.fields.length ? structOf(fields, nullable) : null
}

/** Within arrays, maps and structs values cannot be converted, so there numbers do not mix, nor do scales. */
function mergeParts(a: DataType, b: DataType): DataType | null {
  if (a.kind === 'decimal' && b.kind === 'decimal' && a.scale !== b.scale) return null
  return a.kind === b.kind ? mergeTypes(a, b) : null
}

/** Why a value cannot stand where another type is needed: it has another type, or is a text that is no timestamp. */
export type CoercionFailure = 'type' | 'literal'

/**
 * The operand as a value of a type: itself, an untyped null as a typed one, numbers as wider ones, a text literal as
 * timestamp.
 */
export function coerce(typed: Typed, target: DataType): Typed | CoercionFailure {
  if (typed.type === UNTYPED) return { kind: 'literal', type: withNullable(target, true), value: null }
  const literal = target.kind === 'decimal' ? exactLiteral(typed) : null
  if (literal !== null && target.kind === 'decimal') return rescaledLiteral(literal, target)
  if (target.kind === 'timestamp' && isTextLiteral(typed)) return toTimestamp(typed)
  const widen = widening(typed.type, target)
  if (widen === undefined) return 'type'
  if (widen === null) return typed
  const type = withNullable(target, typed.type.nullable)
  if (typed.kind === 'literal' && target.kind === 'double')
    return {
      kind: 'literal',
      type,
      value: typed.value === null ? null : (widen(typed.value as never) as number),
    }
  return { kind: 'cast', type, written: null, operand: typed, convert: widen }
}

/** As `coerce`, but leaves int64 among doubles as it is, also in arrays: comparisons are exact across both. */
export function coerceForComparison(typed: Typed, target: DataType): Typed | CoercionFailure {
  return isInt64AmongDoubles(typed.type, target) ? typed : coerce(typed, target)
}

function isInt64AmongDoubles(from: DataType, to: DataType): boolean {
  if (from.kind === 'array' && to.kind === 'array') return isInt64AmongDoubles(from.element, to.element)
  return from.kind === 'int64' && to.kind === 'double'
}

function rescaledLiteral({ type, value }: DecimalLiteral, target: DecimalType): Typed | CoercionFailure {
  const shift = target.scale - type.scale
  const rescaled = fitted(rescale(value, shift), target.precision)
  // What the author wrote is not rounded.
  if (rescaled === undefined || rescale(rescaled, -shift) !== value) return 'type'
  return { kind: 'literal', type: withNullable(target, false), value: rescaled }
}

function toTimestamp(typed: Typed): Typed | CoercionFailure {
  const value = typed.kind === 'literal' ? parseTimestamp(String(typed.value)) : null
  return value === null ? 'literal' : { kind: 'literal', type: scalar('timestamp', false), value }
}
