import type { DataType, Field, Row, Value } from '@millrace/expr'

/** Doubles that differ by no more than this, relative to the larger, are the same. */
const TOLERANCE = 1e-9

/** True where both values are the same; doubles but for rounding. */
export function sameValue(a: Value, b: Value, type: DataType): boolean {
  if (a === null || b === null) return a === b
  if (type.kind === 'double') return sameDouble(a as number, b as number)
  if (type.kind === 'struct') return sameRow(a as Row, b as Row, type.fields)
  if (type.kind === 'bytes') return String(a) === String(b)
  if (type.kind === 'map') return sameMap(a as readonly Value[], b as readonly Value[], type.value)
  if (type.kind !== 'array') return a === b
  const [left, right] = [a as readonly Value[], b as readonly Value[]]
  return (
    left.length === right.length && left.every((item, i) => sameValue(item, right[i] as Value, type.element))
  )
}

/** True where both rows have the same values. */
export function sameRow(a: Row, b: Row, fields: readonly Field[]): boolean {
  return a.length === b.length && fields.every(({ type }, i) => sameValue(a[i] as Value, b[i] as Value, type))
}

/** The order of a map's entries means nothing. */
function sameMap(a: readonly Value[], b: readonly Value[], type: DataType): boolean {
  const values = new Map<Value, Value>()
  for (let i = 0; i < b.length; i += 2) values.set(b[i] as Value, b[i + 1] as Value)
  return (
    a.length === b.length &&
    a.every((key, i) => {
      if (i % 2 === 1) return true
      const value = values.get(key)
      return value !== undefined && sameValue(a[i + 1] as Value, value, type)
    })
  )
}

function sameDouble(a: number, b: number): boolean {
  return Object.is(a, b) || Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b))
}
