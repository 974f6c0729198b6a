import { formatDecimal } from '../decimal.ts'
import { encodeHex } from '../hex.ts'
import type { DataType, Field, ScalarKind } from '../type.ts'
import type { Value, Whole } from '../value.ts'

/** A name of a column or field in Flink SQL: always in back-ticks, those within it doubled. */
export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}

/** A text as a Flink SQL literal. Nothing but the quote is special between quotes. */
export function sqlText(text: string): string {
  return `'${text.toWellFormed().replaceAll("'", "''")}'`
}

const SCALAR_TYPES: Readonly<Record<ScalarKind, string>> = {
  boolean: 'BOOLEAN',
  int64: 'BIGINT',
  double: 'DOUBLE',
  string: 'STRING',
  timestamp: 'TIMESTAMP_LTZ(3)',
  bytes: 'BYTES',
}

/** The Flink SQL type of a type, without `NOT NULL` at its own level: as `CAST` takes it. */
export function sqlType(type: DataType): string {
  switch (type.kind) {
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`
    case 'array':
      return `ARRAY<${columnType(type.element)}>`
    case 'map':
      return `MAP<${columnType(type.key)}, ${columnType(type.value)}>`
    case 'struct':
      return `ROW<${type.fields.map(fieldType).join(', ')}>`
    default:
      return SCALAR_TYPES[type.kind]
  }
}

/** The Flink SQL type of a column, a field or an element, with `NOT NULL` where it has no nulls. */
export function columnType(type: DataType): string {
  return type.nullable ? sqlType(type) : `${sqlType(type)} NOT NULL`
}

function fieldType({ name, type }: Field): string {
  return `${quoteIdentifier(name)} ${columnType(type)}`
}

/** A value of a type without parts, null included, as a Flink SQL literal of just that type. */
export function sqlLiteral(value: Value, type: DataType): string {
  if (value === null) return `CAST(NULL AS ${sqlType(type)})`
  switch (type.kind) {
    case 'boolean':
      return value ? 'TRUE' : 'FALSE'
    case 'double':
      return sqlDouble(value as number)
    case 'timestamp':
      return `TO_TIMESTAMP_LTZ(${value}, 3)`
    default:
      // Bare digits would be an INT, which wraps around beyond 2^31, and a bare text a CHAR of just its length.
      return `CAST(${wordOf(value, type)} AS ${sqlType(type)})`
  }
}

/** A value that is not null without the cast that gives it its type, for where it meets a value of this type anyhow. */
export function bareLiteral(value: Value, type: DataType): string {
  const isBare =
    type.kind === 'int64' || type.kind === 'string' || (type.kind === 'decimal' && isShort(value))
  return isBare ? wordOf(value, type) : sqlLiteral(value, type)
}

function wordOf(value: Value, type: DataType): string {
  switch (type.kind) {
    case 'decimal': {
      const digits = formatDecimal(value as Whole, type.scale)
      return isShort(value) ? digits : sqlText(digits)
    }
    case 'string':
      return sqlText(value as string)
    case 'bytes':
      return `X'${encodeHex(value as Uint8Array)}'`
    default:
      return String(value)
  }
}

/** Flink reads numbers of up to 64 bits; of longer ones it reads the text. */
function isShort(value: Value): boolean {
  return typeof value === 'number'
}

/** Digits with a point alone would be a DECIMAL; with an exponent they are a DOUBLE. */
export function sqlDouble(value: number): string {
  if (!Number.isFinite(value)) return `CAST(${sqlText(String(value))} AS DOUBLE)`
  // The shortest digits would do for a double, but Flink casts a literal by its digits.
  const text = Number.isInteger(value) && Math.abs(value) < 1e21 ? String(BigInt(value)) : String(value)
  const [digits = '', exponent = '0'] = text.split('e')
  return `${digits}E${exponent.replace('+', '')}`
}
