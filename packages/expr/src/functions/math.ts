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
import { subtractTimestamps } from '../timestamp.ts'
import { type FunctionRow, row, strict } from './function.ts'

/** The arithmetic operators: rows like those of functions, looked up by the operator instead of a name. */
// biome-ignore format: one row a line, columns aligned
export const ARITHMETIC_OPERATORS: readonly FunctionRow[] = [
  row('+', ['int64', 'int64'],   'int64',  'any',    strict(addInt64),                            'The sum.',                              '1 + 2 = 3'),
  row('+', ['double', 'double'], 'double', 'any',    strict((a: number, b: number) => a + b),     'The sum.',                              '1.5 + 2 = 3.5'),
  row('-', ['int64', 'int64'],   'int64',  'any',    strict(subtractInt64),                       'The difference.',                       '1 - 2 = -1'),
  row('-', ['double', 'double'], 'double', 'any',    strict((a: number, b: number) => a - b),     'The difference.',                       '1.5 - 2 = -0.5'),
  row('-', ['timestamp', 'timestamp'], 'int64', 'any', strict(subtractTimestamps),                  'The milliseconds between two timestamps.', "timestamp '1970-01-02' - timestamp '1970-01-01' = 86400000"),
  row('-', ['int64'],            'int64',  'any',    strict(negateInt64),                         'The opposite number.',                  '-(2) = 0 - 2'),
  row('-', ['double'],           'double', 'any',    strict((a: number) => -a),                   'The opposite number.',                  '-(1.5) = 0 - 1.5'),
  row('*', ['int64', 'int64'],   'int64',  'any',    strict(multiplyInt64),                       'The product.',                          '2 * 3 = 6'),
  row('*', ['double', 'double'], 'double', 'any',    strict((a: number, b: number) => a * b),     'The product.',                          '1.5 * 2 = 3.0'),
  row('/', ['int64', 'int64'],   'double', 'always', strict(divideInt64),                         'The quotient as a double; null for 0.', '5 / 2 = 2.5'),
  row('/', ['double', 'double'], 'double', 'always', strict(divideDouble),                        'The quotient; null for 0.',             '1 / 0 is null'),
]

/** Functions of numbers. */
// biome-ignore format: one row a line, columns aligned
export const MATH_FUNCTIONS: readonly FunctionRow[] = [
  row('abs',   ['int64'],           'int64',  'any',    strict(absoluteInt64),          'The distance from zero.',                                           'abs(-3) = 3'),
  row('abs',   ['double'],          'double', 'any',    strict(Math.abs),               'The distance from zero.',                                           'abs(-1.5) = 1.5'),
  row('ceil',  ['int64'],           'int64',  'any',    strict(same),                   'The number itself.',                                                'ceil(3) = 3'),
  row('ceil',  ['double'],          'double', 'any',    strict(Math.ceil),              'The least whole number that is not below the argument.',            'ceil(1.2) = 2.0'),
  row('div',   ['int64', 'int64'],  'int64',  'always', strict(truncatedQuotientInt64), 'The quotient cut off towards zero; null for 0.',                    'div(-7, 2) = -3'),
  row('floor', ['int64'],           'int64',  'any',    strict(same),                   'The number itself.',                                                'floor(3) = 3'),
  row('floor', ['double'],          'double', 'any',    strict(Math.floor),             'The greatest whole number that is not above the argument.',         'floor(-1.2) = -2.0'),
  row('mod',   ['int64', 'int64'],  'int64',  'always', strict(remainderInt64),         'The remainder of a division, with the sign of the first argument.', 'mod(-7, 3) = -1'),
  row('mod',   ['double', 'double'], 'double', 'always', strict(remainderDouble),       'The remainder of a division, with the sign of the first argument.', 'mod(7.5, 2) = 1.5'),
  row('round', ['int64'],           'int64',  'any',    strict(same),                   'The number itself.',                                                'round(3) = 3'),
  row('round', ['double'],          'double', 'any',    strict(roundHalfAway),          'The nearest whole number; a half goes away from zero.',             'round(-2.5) = -3.0'),
  row('round', ['double', 'int64'], 'double', 'any',    strict(roundToDigits),          'The nearest number with so many decimal places; a half goes away from zero.', 'round(1.005, 2) = 1.01'),
  row('sign',  ['int64'],           'int64',  'any',    strict(signInt64),              '1 above zero, -1 below, else 0.',                                   'sign(-3) = -1'),
  row('sign',  ['double'],          'double', 'any',    strict(Math.sign),              '1 above zero, -1 below, else 0.',                                   'sign(-0.5) = -1.0'),
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

function roundHalfAway(value: number): number {
  const whole = Math.trunc(value)
  return Math.abs(value - whole) >= 0.5 ? whole + Math.sign(value) : whole
}

/** Rounds the shortest decimal that reads back as the double, so that 1.005 becomes 1.01 as on paper. */
function roundToDigits(value: number, digits: Int64): number {
  const shifted = shiftDecimal(value, Number(digits))
  if (!Number.isFinite(shifted)) return value
  return shiftDecimal(roundHalfAway(shifted), -Number(digits))
}

function shiftDecimal(value: number, digits: number): number {
  const [mantissa, exponent = '0'] = String(value).split('e')
  return Number(`${mantissa}e${Number(exponent) + digits}`)
}
