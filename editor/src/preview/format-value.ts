import {
  type DataType,
  formatDecimal,
  formatTimestamp,
  keyText,
  type MapType,
  TIMESTAMP_LIMIT,
  type Value,
  type Whole,
} from '@millrace/expr'
import { formatClock } from '../format/times.ts'
import { t } from '../i18n/t.ts'

const MAX_TEXT = 400

/** A value as it stands in a table: short, on one line. */
export function formatValue(value: Value, type: DataType): string {
  if (value === null) return 'null'
  if (type.kind === 'timestamp' && typeof value === 'number') return formatClock(value)
  if (typeof value === 'string') return value.slice(0, MAX_TEXT)
  return formatFull(value, type).slice(0, MAX_TEXT)
}

/** A value in full, as JSON-like text: for tooltips and details. */
export function formatFull(value: Value, type: DataType): string {
  if (value === null) return 'null'
  if (type.kind === 'array' && Array.isArray(value)) {
    return `[${(value as readonly Value[]).map((element) => formatFull(element, type.element)).join(', ')}]`
  }
  if (type.kind === 'decimal') return formatDecimal(value as Whole, type.scale)
  if (type.kind === 'map' && Array.isArray(value)) return formatEntries(value, type)
  if (type.kind === 'struct' && Array.isArray(value)) {
    const members = type.fields.map(
      (field, i) => `${field.name}: ${formatFull((value as readonly Value[])[i] ?? null, field.type)}`,
    )
    return `{${members.join(', ')}}`
  }
  if (type.kind === 'timestamp' && typeof value === 'number' && Math.abs(value) <= TIMESTAMP_LIMIT) {
    return formatTimestamp(value)
  }
  return formatScalar(value)
}

function formatEntries(entries: readonly Value[], type: MapType): string {
  const members = entries.flatMap((key, i) => {
    if (key === null || i % 2 === 1) return []
    return [`${keyText(key, type.key)}: ${formatFull(entries[i + 1] ?? null, type.value)}`]
  })
  return `{${members.join(', ')}}`
}

function formatScalar(value: Value): string {
  if (value instanceof Uint8Array) return t('{value} bytes', { value: value.length })
  return String(value)
}

/** True for values that are compared by their digits: set at the right. */
export function isNumeric({ kind }: DataType): boolean {
  return kind === 'int64' || kind === 'decimal' || kind === 'double'
}
