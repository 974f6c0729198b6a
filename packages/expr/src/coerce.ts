import type { Syntax } from './syntax.ts'
import { parseTimestamp } from './timestamp.ts'
import { arrayOf, type DataType, type StructType, scalar, structOf, withNullable } from './type.ts'
import type { Typed } from './typed.ts'

/** A part of an expression, as text and as checked. */
export interface Operand {
  readonly syntax: Syntax
  readonly typed: Typed
}

/** The type of a `null` for which nothing else says a type; known by identity. Alone it counts as a boolean. */
export const UNTYPED: DataType = scalar('boolean')

const EQUATABLE: ReadonlySet<string> = new Set(['boolean', 'int64', 'double', 'string', 'timestamp', 'bytes'])
const ORDERED: ReadonlySet<string> = new Set(['int64', 'double', 'string', 'timestamp'])

/** True for types whose values can be equal: all scalars. */
export function isEquatable(type: DataType): boolean {
  return EQUATABLE.has(type.kind)
}

/** True for types whose values have an order: numbers, strings and timestamps. */
export function isOrdered(type: DataType): boolean {
  return ORDERED.has(type.kind)
}

/**
 * The one type that all operands can take, nullable if one of them is: the same kind; double for int64 and double;
 * timestamp for timestamps and text literals. Untyped nulls take any. Null where there is none.
 */
export function commonType(operands: readonly Pick<Typed, 'kind' | 'type'>[]): DataType | null {
  const typed = operands.filter((operand) => operand.type !== UNTYPED)
  const timestamps = typed.some((operand) => operand.type.kind === 'timestamp')
  const types = typed.map((operand) =>
    timestamps && isTextLiteral(operand) ? scalar('timestamp', false) : operand.type,
  )
  const [first, ...others] = types
  if (first === undefined) return UNTYPED
  const merged = others.reduce<DataType | null>((common, type) => common && mergeTypes(common, type), first)
  return (
    merged &&
    withNullable(
      merged,
      operands.some((operand) => operand.type.nullable),
    )
  )
}

function isTextLiteral(typed: Pick<Typed, 'kind' | 'type'>): boolean {
  return typed.kind === 'literal' && typed.type.kind === 'string' && !typed.type.nullable
}

function mergeTypes(a: DataType, b: DataType): DataType | null {
  const nullable = a.nullable || b.nullable
  if (a.kind === 'array' && b.kind === 'array') {
    const element = mergeParts(a.element, b.element)
    return element && arrayOf(element, nullable)
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

/** Within arrays and structs values cannot be converted, so there numbers do not mix. */
function mergeParts(a: DataType, b: DataType): DataType | null {
  return a.kind === b.kind ? mergeTypes(a, b) : null
}

/** True for int64 and double. */
export function isNumeric(type: DataType): boolean {
  return type.kind === 'int64' || type.kind === 'double'
}

/** Why a value cannot stand where another type is needed: it has another type, or is a text that is no timestamp. */
export type CoercionFailure = 'type' | 'literal'

/**
 * The operand as a value of a kind: itself, an untyped null as a typed one, int64 as double, a text literal as
 * timestamp.
 */
export function coerce(typed: Typed, target: DataType): Typed | CoercionFailure {
  if (typed.type === UNTYPED) return { kind: 'literal', type: withNullable(target, true), value: null }
  if (typed.type.kind === target.kind) return typed
  if (target.kind === 'double' && typed.type.kind === 'int64') return toDouble(typed)
  if (target.kind === 'timestamp' && isTextLiteral(typed)) return toTimestamp(typed)
  return 'type'
}

/** As `coerce`, but leaves int64 among doubles as it is: comparisons are exact across both. */
export function coerceForComparison(typed: Typed, target: DataType): Typed | CoercionFailure {
  return typed.type !== UNTYPED && isNumeric(typed.type) && isNumeric(target) ? typed : coerce(typed, target)
}

function toDouble(typed: Typed): Typed {
  const type = scalar('double', typed.type.nullable)
  if (typed.kind === 'literal')
    return { kind: 'literal', type, value: typed.value === null ? null : Number(typed.value) }
  return { kind: 'call', type, call: (value: number | bigint) => Number(value), arguments: [typed] }
}

function toTimestamp(typed: Typed): Typed | CoercionFailure {
  const value = typed.kind === 'literal' ? parseTimestamp(String(typed.value)) : null
  return value === null ? 'literal' : { kind: 'literal', type: scalar('timestamp', false), value }
}
