/** Kinds without parts. `int64` is exact over its whole range, `timestamp` is epoch milliseconds. */
export type ScalarKind = 'boolean' | 'int64' | 'double' | 'string' | 'timestamp' | 'bytes'

/** The type of a value. Every type says whether it may be null. */
export type DataType = ScalarType | DecimalType | ArrayType | MapType | StructType

/** A type without parts. */
export interface ScalarType {
  readonly kind: ScalarKind
  readonly nullable: boolean
}

/** Exact numbers with a fixed number of digits behind the point, as SQL's `decimal(precision, scale)`. */
export interface DecimalType {
  readonly kind: 'decimal'
  /** Digits in all, 1 to 38. */
  readonly precision: number
  /** Digits behind the point, 0 to `precision`. */
  readonly scale: number
  readonly nullable: boolean
}

/** The types of the keys of maps: of scalars those that `isMapKeyType` names. A key is never null. */
export type MapKeyType = ScalarType | DecimalType

/** An ordered list of values of one type. */
export interface ArrayType {
  readonly kind: 'array'
  readonly element: DataType
  readonly nullable: boolean
}

/** Values of one type by keys of another, each key once. */
export interface MapType {
  readonly kind: 'map'
  readonly key: MapKeyType
  readonly value: DataType
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

/** Most digits of a decimal. */
export const MAX_PRECISION = 38

/** A decimal type; nullable unless said otherwise. */
export function decimal(precision: number, scale: number, nullable = true): DecimalType {
  return { kind: 'decimal', precision, scale, nullable }
}

/** A map type; nullable unless said otherwise. Its keys are not. */
export function mapOf(key: MapKeyType, value: DataType, nullable = true): MapType {
  return { kind: 'map', key: withNullable(key, false), value, nullable }
}

/** Not double, for which equality is a matter of rounding, and not bytes, which no JSON name can be without a code. */
const MAP_KEYS: ReadonlySet<string> = new Set<MapKeyType['kind']>([
  'boolean',
  'int64',
  'decimal',
  'string',
  'timestamp',
])

/** True for the types that the keys of a map may have. */
export function isMapKeyType(type: DataType): type is MapKeyType {
  return MAP_KEYS.has(type.kind)
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
  if (a.kind === 'decimal' && b.kind === 'decimal') return a.precision === b.precision && a.scale === b.scale
  if (a.kind === 'array' && b.kind === 'array') return sameType(a.element, b.element, nullability)
  if (a.kind === 'map' && b.kind === 'map')
    return sameType(a.key, b.key, nullability) && sameType(a.value, b.value, nullability)
  if (a.kind === 'struct' && b.kind === 'struct') return sameFields(a.fields, b.fields, nullability)
  return true
}

/** True where both lists have the same names and types in the same order. */
export function sameFields(a: readonly Field[], b: readonly Field[], nullability = true): boolean {
  return (
    a.length === b.length &&
    a.every((field, i) => field.name === b[i]?.name && sameType(field.type, b[i].type, nullability))
  )
}
