import { formatDecimal } from './decimal.ts'
import { encodeHex } from './hex.ts'
import { formatTimestamp } from './timestamp.ts'
import type { DecimalType, ScalarKind } from './type.ts'
import type { Value, Whole } from './value.ts'

const WRITERS: Readonly<Record<ScalarKind, (value: never) => string>> = {
  boolean: (value: boolean) => String(value),
  int64: (value: number | bigint) => String(value),
  double: writeDouble,
  string: writeText,
  timestamp: (value: number) => `timestamp '${formatTimestamp(value)}'`,
  bytes: (value: Uint8Array) => `x'${encodeHex(value)}'`,
}

/**
 * The text of a literal: compiled, it gives the value with the kind; of a decimal with its scale, and as many digits as
 * it takes. Null has one text for all kinds.
 */
export function literal(value: Value, kind: ScalarKind | DecimalType): string {
  if (value === null) return 'null'
  return typeof kind === 'string'
    ? WRITERS[kind](value as never)
    : `decimal '${formatDecimal(value as Whole, kind.scale)}'`
}

function writeText(text: string): string {
  return `'${text.toWellFormed().replaceAll("'", "''")}'`
}

function writeDouble(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value)
  if (!Number.isFinite(value)) return `cast('${text}' as double)`
  return /^-?\d+$/.test(text) ? `${text}.0` : text
}
