import {
  addDecimals,
  cutOff,
  divideDecimals,
  multiplyDecimals,
  negateDecimal,
  remainderOfDecimals,
  rescale,
  subtractDecimals,
} from '../decimal.ts'
import { productType, quotientType, remainderType, sumType } from '../decimal-type.ts'
import type { Int64 } from '../int64.ts'
import { decimalQuotient, remainder as remainderSql, decimalToDigits as roundSql } from '../sql/number.ts'
import { type DataType, type DecimalType, decimal, MAX_PRECISION } from '../type.ts'
import type { Whole } from '../value.ts'
import { fitted } from '../widen.ts'
import {
  type FunctionRow,
  type MakeForTypes,
  type ResultRule,
  row,
  type StrictFunction,
  typed,
} from './function.ts'

const SUM = ofTwo(sumType)
const PRODUCT = ofTwo(productType)
const QUOTIENT = ofTwo(quotientType)
const REMAINDER = ofTwo(remainderType)
const SAME = ofOne((type) => type)
const WHOLE = ofOne(wholeType)
const ROUNDED = ofOne(({ precision, scale }) =>
  decimal(Math.min(precision + 1, MAX_PRECISION), scale, precision === MAX_PRECISION),
)
const CUT = ofOne(({ precision, scale }) => decimal(Math.max(precision - scale, 1), 0, false))
const SIGN = ofOne(() => decimal(1, 0, false))

/** The arithmetic operators for decimals. They stand before those for doubles, which take decimals as well. */
// biome-ignore format: one row a line, columns aligned
export const DECIMAL_OPERATORS: readonly FunctionRow[] = [
  row('+', ['decimal', 'decimal'], SUM,      'any',    typed(exactly(addDecimals)), '($1 + $2)',      'The sum.',                 "decimal '1.5' + 2 = 3.5"),
  row('-', ['decimal', 'decimal'], SUM,      'any',    typed(exactly(subtractDecimals)), '($1 - $2)', 'The difference.',          "decimal '1.5' - 2 = -0.5"),
  row('-', ['decimal'],            SAME,     'any',    typed(() => negateDecimal), '(- $1)',       'The opposite number.',     "-(decimal '1.5') = 0 - 1.5"),
  row('*', ['decimal', 'decimal'], PRODUCT,  'any',    typed(product), '($1 * $2)',                   'The product.',             "decimal '1.5' * 2 = 3"),
  row('/', ['decimal', 'decimal'], QUOTIENT, 'always', typed(quotient), decimalQuotient,                  'The quotient; null for 0.', "decimal '1.00' / 3 = 0.333333"),
]

/** Functions of decimals. */
// biome-ignore format: one row a line, columns aligned
export const DECIMAL_FUNCTIONS: readonly FunctionRow[] = [
  row('abs',   ['decimal'],            SAME,      'any',    typed(() => absolute), 'ABS($1)',   'The distance from zero.',                                           "abs(decimal '-1.5') = 1.5"),
  row('ceil',  ['decimal'],            WHOLE,     'any',    typed(roundedUp), 'CAST(CEIL($1) AS $type)',        'The least whole number that is not below the argument.',            "ceil(decimal '1.2') = 2"),
  row('floor', ['decimal'],            WHOLE,     'any',    typed(roundedDown), 'CAST(FLOOR($1) AS $type)',      'The greatest whole number that is not above the argument.',         "floor(decimal '-1.2') = -2"),
  row('mod',   ['decimal', 'decimal'], REMAINDER, 'always', typed(remainder), remainderSql,        'The remainder of a division, with the sign of the first argument.', "mod(decimal '7.5', 2) = 1.5"),
  row('round', ['decimal'],            WHOLE,     'any',    typed(rounded), 'TRY_CAST(ROUND($1, 0) AS $type)',          'The nearest whole number; a half goes away from zero.',             "round(decimal '-2.5') = -3"),
  row('round', ['decimal', 'int64'],   ROUNDED,   'any',    typed(roundedToDigits), roundSql('ROUND'),  'The nearest number with so many decimal places; a half goes away from zero.', "round(decimal '1.005', 2) = 1.01"),
  row('truncate', ['decimal'],         CUT,       'any',    typed(truncated), 'CAST(TRUNCATE($1, 0) AS $type)', 'The number without its decimal places.', "truncate(decimal '-1.9') = -1"),
  row('truncate', ['decimal', 'int64'], SAME,     'any',    typed(truncatedToDigits), roundSql('TRUNCATE'), 'The number cut off behind so many decimal places.', "truncate(decimal '-1.29', 1) = -1.2"),
  row('sign',  ['decimal'],            SIGN,      'any',    typed(() => signOf), 'CAST(SIGN($1) AS $type)',     '1 above zero, -1 below, else 0.',                                   "sign(decimal '-0.5') = -1"),
]

function ofOne(typeFor: (type: DecimalType) => DecimalType): ResultRule {
  return { name: 'decimal', typeFor: ([type]) => typeFor(type as DecimalType) }
}

function ofTwo(typeFor: (a: DecimalType, b: DecimalType) => DecimalType): ResultRule {
  return { name: 'decimal', typeFor: ([a, b]) => typeFor(a as DecimalType, b as DecimalType) }
}

function wholeType({ precision, scale }: DecimalType): DecimalType {
  return scale === 0 ? decimal(precision, 0, false) : decimal(precision - scale + 1, 0, false)
}

/** Computes over both numbers with as many digits behind the point as the longer one has. */
function exactly(compute: (x: Whole, y: Whole) => Whole): MakeForTypes {
  return (types, result) => {
    const [a, b] = types as [DecimalType, DecimalType]
    const { precision, scale } = result as DecimalType
    // Below 38 digits the result's type was made to hold every result.
    if (a.scale === b.scale && precision < MAX_PRECISION) return compute
    const common = Math.max(a.scale, b.scale)
    const [left, right, last] = [common - a.scale, common - b.scale, scale - common]
    return (x: Whole, y: Whole) => {
      return fitted(rescale(compute(rescale(x, left), rescale(y, right)), last), precision)
    }
  }
}

function product(types: readonly DataType[], result: DataType): StrictFunction {
  const [a, b] = types as [DecimalType, DecimalType]
  const { precision, scale } = result as DecimalType
  if (precision < MAX_PRECISION) return multiplyDecimals
  const shift = scale - a.scale - b.scale
  return (x: Whole, y: Whole) => fitted(rescale(multiplyDecimals(x, y), shift), precision)
}

function quotient(types: readonly DataType[], result: DataType): StrictFunction {
  const [a, b] = types as [DecimalType, DecimalType]
  const { precision, scale } = result as DecimalType
  const shift = scale - a.scale + b.scale
  return (x: Whole, y: Whole) => (y === 0 ? null : fitted(divideDecimals(x, y, shift), precision))
}

/** The remainder is below both numbers, so it fits, and has as many digits behind the point as the longer one. */
function remainder(types: readonly DataType[], result: DataType): StrictFunction {
  const [a, b] = types as [DecimalType, DecimalType]
  const { scale } = result as DecimalType
  return (x: Whole, y: Whole) => {
    return y === 0 ? null : remainderOfDecimals(rescale(x, scale - a.scale), rescale(y, scale - b.scale))
  }
}

function absolute(value: Whole): Whole {
  return value < 0 ? negateDecimal(value) : value
}

function signOf(value: Whole): number {
  if (value === 0) return 0
  return value < 0 ? -1 : 1
}

function rounded([type]: readonly DataType[]): StrictFunction {
  const { scale } = type as DecimalType
  return (value: Whole) => rescale(value, -scale)
}

function roundedDown([type]: readonly DataType[]): StrictFunction {
  const { scale } = type as DecimalType
  return (value: Whole) => floorOf(value, scale)
}

function roundedUp([type]: readonly DataType[]): StrictFunction {
  const { scale } = type as DecimalType
  return (value: Whole) => negateDecimal(floorOf(negateDecimal(value), scale))
}

function floorOf(value: Whole, scale: number): Whole {
  const whole = cutOff(value, scale)
  return value < 0 && rescale(whole, scale) !== value ? subtractDecimals(whole, 1) : whole
}

/** More places than the number has change nothing; fewer than none round before the point. */
function roundedToDigits([type]: readonly DataType[], result: DataType): StrictFunction {
  const { precision, scale } = type as DecimalType
  const { precision: wanted } = result as DecimalType
  return (value: Whole, digits: Int64) => {
    const dropped = scale - Math.min(Number(digits), scale)
    return dropped > precision ? 0 : fitted(rescale(rescale(value, -dropped), dropped), wanted)
  }
}

function truncated([type]: readonly DataType[]): StrictFunction {
  const { scale } = type as DecimalType
  return (value: Whole) => cutOff(value, scale)
}

function truncatedToDigits([type]: readonly DataType[]): StrictFunction {
  const { precision, scale } = type as DecimalType
  return (value: Whole, digits: Int64) => {
    const dropped = scale - Math.min(Number(digits), scale)
    return dropped > precision ? 0 : rescale(cutOff(value, dropped), dropped)
  }
}
