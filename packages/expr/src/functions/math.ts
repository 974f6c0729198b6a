import { bitCount, bitNot, bitShift, bitwise } from '../bits.ts'
import {
  absoluteInt64,
  addInt64,
  divideInt64,
  type Int64,
  multiplyInt64,
  negateInt64,
  remainderInt64,
  signInt64,
  subtractInt64,
  truncatedQuotientInt64,
} from '../int64.ts'
import { logarithm, roundHalfAway, roundToDigits, truncateToDigits, widthBucket } from '../rounding.ts'
import { bigint, unsupported } from '../sql/call-sql.ts'
import { exactly, quotient, remainder, toDigits, unlessSmallest, wholeQuotient } from '../sql/number.ts'
import { MS_BETWEEN } from '../sql/time.ts'
import { subtractTimestamps } from '../timestamp.ts'
import { type FunctionRow, lazy, row, strict } from './function.ts'

/** The arithmetic operators: rows like those of functions, looked up by the operator instead of a name. */
// biome-ignore format: one row a line, columns aligned
export const ARITHMETIC_OPERATORS: readonly FunctionRow[] = [
  row('+', ['int64', 'int64'],   'int64',  'any',    strict(addInt64),                        exactly('+'), 'The sum.',                              '1 + 2 = 3'),
  row('+', ['double', 'double'], 'double', 'any',    strict((a: number, b: number) => a + b), '($1 + $2)',  'The sum.',                              '1.5 + 2 = 3.5'),
  row('-', ['int64', 'int64'],   'int64',  'any',    strict(subtractInt64),                   exactly('-'), 'The difference.',                       '1 - 2 = -1'),
  row('-', ['double', 'double'], 'double', 'any',    strict((a: number, b: number) => a - b), '($1 - $2)',  'The difference.',                       '1.5 - 2 = -0.5'),
  row('-', ['timestamp', 'timestamp'], 'int64', 'any', strict(subtractTimestamps), MS_BETWEEN, 'The milliseconds between two timestamps.', "timestamp '1970-01-02' - timestamp '1970-01-01' = 86400000"),
  row('-', ['int64'],            'int64',  'any',    strict(negateInt64),                     unlessSmallest('(- $1)'), 'The opposite number.',      '-(2) = 0 - 2'),
  row('-', ['double'],           'double', 'any',    strict((a: number) => -a),               '(- $1)',     'The opposite number.',                  '-(1.5) = 0 - 1.5'),
  row('*', ['int64', 'int64'],   'int64',  'any',    strict(multiplyInt64),                   exactly('*'), 'The product.',                          '2 * 3 = 6'),
  row('*', ['double', 'double'], 'double', 'any',    strict((a: number, b: number) => a * b), '($1 * $2)',  'The product.',                          '1.5 * 2 = 3.0'),
  row('/', ['int64', 'int64'],   'double', 'always', strict(divideInt64),                     quotient,     'The quotient as a double; null for 0.', '5 / 2 = 2.5'),
  row('/', ['double', 'double'], 'double', 'always', strict(divideDouble),                    quotient,     'The quotient; null for 0.',             '1 / 0 is null'),
]

const NO_BITS = unsupported('Flink SQL has no operations on bits')
const NO_REMAINDER = unsupported('Flink takes the remainder of whole numbers and decimals only')

/** Functions of numbers. Doubles follow IEEE 754: what has no value is NaN, what is too large infinite. */
// biome-ignore format: one row a line, columns aligned
export const MATH_FUNCTIONS: readonly FunctionRow[] = [
  row('abs',             ['int64'],                               'int64',  'any',    strict(absoluteInt64),          unlessSmallest('ABS($1)'), 'The distance from zero.', 'abs(-3) = 3'),
  row('abs',             ['double'],                              'double', 'any',    strict(Math.abs),               'ABS($1)', 'The distance from zero.', 'abs(-1.5) = 1.5'),
  row('acos',            ['double'],                              'double', 'any',    strict(Math.acos),              'ACOS($1)', 'The angle in radians, 0 to pi, of a cosine.', 'acos(1) = 0'),
  row('asin',            ['double'],                              'double', 'any',    strict(Math.asin),              'ASIN($1)', 'The angle in radians, -pi/2 to pi/2, of a sine.', 'asin(0) = 0'),
  row('atan',            ['double'],                              'double', 'any',    strict(Math.atan),              'ATAN($1)', 'The angle in radians, -pi/2 to pi/2, of a tangent.', 'atan(0) = 0'),
  row('atan2',           ['double', 'double'],                    'double', 'any',    strict(Math.atan2),             'ATAN2($1, $2)', 'The angle in radians, -pi to pi, of the point with this y and x.', 'round(atan2(1, 1), 4) = 0.7854'),
  row('bit_and',         ['int64', 'int64'],                      'int64',  'any',    strict(bitwise((a, b) => a & b)), NO_BITS, 'The bits that are set in both numbers.', 'bit_and(6, 3) = 2'),
  row('bit_count',       ['int64'],                               'int64',  'any',    strict(bitCount),               NO_BITS, 'The number of bits that are set, of 64.', 'bit_count(7) = 3'),
  row('bit_not',         ['int64'],                               'int64',  'any',    strict(bitNot),                 NO_BITS, 'The bits that are not set.', 'bit_not(0) = -1'),
  row('bit_or',          ['int64', 'int64'],                      'int64',  'any',    strict(bitwise((a, b) => a | b)), NO_BITS, 'The bits that are set in one of the numbers or both.', 'bit_or(6, 3) = 7'),
  row('bit_shift_left',  ['int64', 'int64'],                      'int64',  'always', strict((a: Int64, n: Int64) => bitShift(a, n)), NO_BITS, 'The bits moved to the left, those beyond the 64th lost; null for a negative number of places.', 'bit_shift_left(1, 4) = 16'),
  row('bit_shift_right', ['int64', 'int64'],                      'int64',  'always', strict((a: Int64, n: Int64) => bitShift(a, n, true)), NO_BITS, 'The bits moved to the right, the sign kept; null for a negative number of places.', 'bit_shift_right(16, 4) = 1'),
  row('bit_xor',         ['int64', 'int64'],                      'int64',  'any',    strict(bitwise((a, b) => a ^ b)), NO_BITS, 'The bits that are set in just one of the numbers.', 'bit_xor(6, 3) = 5'),
  row('ceil',            ['int64'],                               'int64',  'any',    strict(same),                   '$1', 'The number itself.', 'ceil(3) = 3'),
  row('ceil',            ['double'],                              'double', 'any',    strict(Math.ceil),              'CEIL($1)', 'The least whole number that is not below the argument.', 'ceil(1.2) = 2.0'),
  row('cos',             ['double'],                              'double', 'any',    strict(Math.cos),               'COS($1)', 'The cosine of an angle in radians.', 'cos(0) = 1'),
  row('degrees',         ['double'],                              'double', 'any',    strict((a: number) => (a * 180) / Math.PI), 'DEGREES($1)', 'An angle in radians as degrees.', 'degrees(pi()) = 180'),
  row('div',             ['int64', 'int64'],                      'int64',  'always', strict(truncatedQuotientInt64), wholeQuotient, 'The quotient cut off towards zero; null for 0.', 'div(-7, 2) = -3'),
  row('exp',             ['double'],                              'double', 'any',    strict(Math.exp),               'EXP($1)', 'The number e to this power.', 'exp(0) = 1'),
  row('floor',           ['int64'],                               'int64',  'any',    strict(same),                   '$1', 'The number itself.', 'floor(3) = 3'),
  row('floor',           ['double'],                              'double', 'any',    strict(Math.floor),             'FLOOR($1)', 'The greatest whole number that is not above the argument.', 'floor(-1.2) = -2.0'),
  row('is_nan',          ['double'],                              'boolean', 'any',   strict((a: number) => Number.isNaN(a)), "(CAST($1 AS STRING) = 'NaN')", 'True for NaN, of which no comparison is true.', 'is_nan(sqrt(-1))'),
  row('ln',              ['double'],                              'double', 'any',    strict(Math.log),               'LN($1)', 'The natural logarithm.', 'ln(1) = 0'),
  row('log',             ['double', 'double'],                    'double', 'any',    strict(logarithm),              'LOG($1, $2)', 'The logarithm to a base, which is the first argument.', 'log(2, 8) = 3'),
  row('log10',           ['double'],                              'double', 'any',    strict(Math.log10),             'LOG10($1)', 'The logarithm to the base 10.', 'log10(1000) = 3'),
  row('log2',            ['double'],                              'double', 'any',    strict(Math.log2),              'LOG2($1)', 'The logarithm to the base 2.', 'log2(8) = 3'),
  row('mod',             ['int64', 'int64'],                      'int64',  'always', strict(remainderInt64),         remainder, 'The remainder of a division, with the sign of the first argument.', 'mod(-7, 3) = -1'),
  row('mod',             ['double', 'double'],                    'double', 'always', strict(remainderDouble),        NO_REMAINDER, 'The remainder of a division, with the sign of the first argument.', 'mod(7.5, 2) = 1.5'),
  row('pi',              [],                                      'double', 'never',  lazy(() => () => Math.PI),      'PI()', 'The ratio of a circle to its diameter.', 'round(pi(), 2) = 3.14'),
  row('power',           ['double', 'double'],                    'double', 'any',    strict(Math.pow),               'POWER($1, $2)', 'The first argument to the power of the second.', 'power(2, 10) = 1024'),
  row('radians',         ['double'],                              'double', 'any',    strict((a: number) => (a / 180) * Math.PI), 'RADIANS($1)', 'An angle in degrees as radians.', 'radians(180) = pi()'),
  row('round',           ['int64'],                               'int64',  'any',    strict(same),                   '$1', 'The number itself.', 'round(3) = 3'),
  row('round',           ['double'],                              'double', 'any',    strict(roundHalfAway),          'ROUND($1)', 'The nearest whole number; a half goes away from zero.', 'round(-2.5) = -3.0'),
  row('round',           ['double', 'int64'],                     'double', 'any',    strict(roundToDigits),          toDigits('ROUND'), 'The nearest number with so many decimal places; a half goes away from zero.', 'round(1.005, 2) = 1.01'),
  row('sign',            ['int64'],                               'int64',  'any',    strict(signInt64),              bigint('SIGN($1)'), '1 above zero, -1 below, else 0.', 'sign(-3) = -1'),
  row('sign',            ['double'],                              'double', 'any',    strict(Math.sign),              'SIGN($1)', '1 above zero, -1 below, else 0.', 'sign(-0.5) = -1.0'),
  row('sin',             ['double'],                              'double', 'any',    strict(Math.sin),               'SIN($1)', 'The sine of an angle in radians.', 'sin(0) = 0'),
  row('sqrt',            ['double'],                              'double', 'any',    strict(Math.sqrt),              'SQRT($1)', 'The square root.', 'sqrt(16) = 4'),
  row('tan',             ['double'],                              'double', 'any',    strict(Math.tan),               'TAN($1)', 'The tangent of an angle in radians.', 'tan(0) = 0'),
  row('truncate',        ['int64'],                               'int64',  'any',    strict(same),                   '$1', 'The number itself.', 'truncate(3) = 3'),
  row('truncate',        ['double'],                              'double', 'any',    strict(Math.trunc),             '(CASE WHEN ABS($1) < 1E15 THEN TRUNCATE($1) ELSE $1 END)', 'The number without its decimal places.', 'truncate(-1.9) = -1.0'),
  row('truncate',        ['double', 'int64'],                     'double', 'any',    strict(truncateToDigits),       toDigits('TRUNCATE'), 'The number cut off behind so many decimal places.', 'truncate(-1.29, 1) = -1.2'),
  row('width_bucket',    ['double', 'double', 'double', 'int64'], 'int64',  'always', strict(widthBucket),            '(CASE WHEN $4 NOT BETWEEN 1 AND 2147483648 OR NOT $2 < $3 THEN CAST(NULL AS BIGINT) WHEN $1 < $2 THEN CAST(0 AS BIGINT) WHEN $1 >= $3 THEN $4 + 1 WHEN $1 >= $2 THEN CAST(FLOOR(($1 - $2) * $4 / ($3 - $2)) AS BIGINT) + 1 END)', 'The number, from 1, of the part that a value falls in where the range from the second to the third argument is cut into so many equal parts; 0 below it, one more than there are parts above it.', 'width_bucket(35, 0, 100, 10) = 4'),
]

function same(value: Int64): Int64 {
  return value
}

function divideDouble(a: number, b: number): number | null {
  return b === 0 ? null : a / b
}

function remainderDouble(a: number, b: number): number | null {
  return b === 0 ? null : a % b
}
