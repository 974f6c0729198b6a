import {
  type DataType,
  type DecimalType,
  decimal,
  decimalToDouble,
  type Value,
  type Whole,
} from '@millrace/expr'

/** Type of a cell for whole numbers of any size, which take as few bytes as they need. */
export const WHOLE: DecimalType = decimal(60, 0, false)

/** How values of a type become doubles; null where they are no numbers. */
export function toDouble(type: DataType): ((value: Value) => number) | null {
  if (type.kind === 'decimal') return (value) => decimalToDouble(value as Whole, type.scale)
  return type.kind === 'int64' || type.kind === 'double' ? Number : null
}
