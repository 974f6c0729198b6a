/** Kinds without parts. `int64` is exact over its whole range, `timestamp` is epoch milliseconds. */
export type ScalarKind = 'boolean' | 'int64' | 'double' | 'string' | 'timestamp' | 'bytes'

/** The type of a value. Every type says whether it may be null. */
export type DataType = ScalarType | ArrayType | StructType

/** A type without parts. */
export interface ScalarType {
  readonly kind: ScalarKind
  readonly nullable: boolean
}

/** An ordered list of values of one type. */
export interface ArrayType {
  readonly kind: 'array'
  readonly element: DataType
  readonly nullable: boolean
}

/** A group of named fields, in a fixed order. */
export interface StructType {
  readonly kind: 'struct'
  readonly fields: readonly Field[]
  readonly nullable: boolean
}

/** One named field of a row or struct. */
export interface Field {
  readonly name: string
  readonly type: DataType
}

/** The scalar kinds in the order in which the editor offers them. */
export const SCALAR_KINDS = [
  'string',
  'int64',
  'double',
  'boolean',
  'timestamp',
  'bytes',
] as const satisfies readonly ScalarKind[]

/** A scalar type; nullable unless said otherwise. */
export function scalar(kind: ScalarKind, nullable = true): ScalarType {
  return { kind, nullable }
}

/** An array type; nullable unless said otherwise. */
export function arrayOf(element: DataType, nullable = true): ArrayType {
  return { kind: 'array', element, nullable }
}

/** A struct type; nullable unless said otherwise. */
export function structOf(fields: readonly Field[], nullable = true): StructType {
  return { kind: 'struct', fields, nullable }
}

/** The same type with another nullability. */
export function withNullable<T extends DataType>(type: T, nullable: boolean): T {
  return type.nullable === nullable ? type : { ...type, nullable }
}

/** True where both types have the same shape; nullability is compared at every level when `nullability` is set. */
export function sameType(a: DataType, b: DataType, nullability = true): boolean {
  if (a.kind !== b.kind || (nullability && a.nullable !== b.nullable)) return false
  if (a.kind === 'array') return sameType(a.element, (b as ArrayType).element, nullability)
  if (a.kind === 'struct') return sameFields(a.fields, (b as StructType).fields, nullability)
  return true
}

/** True where both lists have the same names and types in the same order. */
export function sameFields(a: readonly Field[], b: readonly Field[], nullability = true): boolean {
  return (
    a.length === b.length &&
    a.every((field, i) => field.name === b[i]?.name && sameType(field.type, b[i].type, nullability))
  )
}
