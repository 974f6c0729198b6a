import { decimalToDouble, fitsPrecision, rescale } from './decimal.ts'
import type { DataType, DecimalType, Field } from './type.ts'
import type { Value, Whole } from './value.ts'

/** Converts a value that is not null; undefined where a decimal gets too many digits. */
export type Widen = (value: never) => Value | undefined

/**
 * The conversion that happens by itself where a type stands for another: null where none is needed, undefined where
 * there is none. int64 becomes decimal or double, a decimal one of another scale or a double, elements likewise.
 */
export function widening(from: DataType, to: DataType): Widen | null | undefined {
  if (to.kind === 'decimal') return toDecimal(from, to)
  if (to.kind === 'double' && from.kind === 'int64') return Number
  if (to.kind === 'double' && from.kind === 'decimal') {
    const { scale } = from
    return (value: Whole) => decimalToDouble(value, scale)
  }
  if (to.kind === 'array' && from.kind === 'array') return elementwise(widening(from.element, to.element))
  return isSame(from, to) ? null : undefined
}

/** True where values of one type are values of the other as they are. */
function isSame(from: DataType, to: DataType): boolean {
  if (from.kind === 'map' && to.kind === 'map')
    return widening(from.key, to.key) === null && widening(from.value, to.value) === null
  if (from.kind !== 'struct' || to.kind !== 'struct') return from.kind === to.kind
  return (
    from.fields.length === to.fields.length &&
    from.fields.every(({ type }, i) => widening(type, (to.fields[i] as Field).type) === null)
  )
}

function toDecimal(from: DataType, to: DecimalType): Widen | null | undefined {
  if (from.kind !== 'int64' && from.kind !== 'decimal') return undefined
  const shift = to.scale - (from.kind === 'decimal' ? from.scale : 0)
  if (from.kind === 'decimal' && shift === 0) return null
  return (value: Whole) => fitted(rescale(value, shift), to.precision)
}

/** A decimal that was computed, or undefined where it has too many digits. */
export function fitted(value: Whole, precision: number): Whole | undefined {
  return fitsPrecision(value, precision) ? value : undefined
}

function elementwise(widen: Widen | null | undefined): Widen | null | undefined {
  if (widen === null || widen === undefined) return widen
  const one = widen as (value: Value) => Value | undefined
  return (array: readonly Value[]) => array.map((value) => (value === null ? null : (one(value) ?? null)))
}
