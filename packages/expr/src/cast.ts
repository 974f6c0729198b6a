import { cutOff, formatDecimal, readDecimal } from './decimal.ts'
import { EvaluationError } from './expression.ts'
import { formatTimestamp, parseTimestamp } from './timestamp.ts'
import type { DataType, DecimalType, ScalarKind } from './type.ts'
import { toInt64, type Value, type Whole } from './value.ts'
import { fitted, type Widen, widening } from './widen.ts'

/** Converts a value that is not null; null where it cannot be, undefined where a decimal gets too many digits. */
export type Conversion = (value: never) => Value | undefined

type Kind = DataType['kind']

const INTEGER = /^[+-]?\d+$/
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const SPECIAL_DOUBLES: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['infinity', Number.POSITIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
])
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
])

type Makers = Partial<Record<ScalarKind | 'decimal', (from: DataType, to: DataType) => Conversion>>

/** The conversions between different kinds that `cast` knows: from, to. Texts may have spaces around them. */
const CONVERSIONS = {
  boolean: { string: () => String },
  int64: { decimal: widened, double: widened, string: () => String },
  decimal: { int64: decimalToInt64, double: widened, string: decimalToText },
  double: { int64: () => doubleToInt64, decimal: (_, to) => doubleToDecimal(to), string: () => String },
  string: {
    boolean: () => textToBoolean,
    int64: () => textToInt64,
    decimal: (_, to) => textToDecimal(to),
    double: () => textToDouble,
    timestamp: () => textToTimestamp,
  },
  timestamp: { string: () => formatTimestamp },
  bytes: {},
  array: {},
  map: {},
  struct: {},
} as const satisfies Record<Kind, Makers>

/**
 * The conversion between two types, or undefined where there is none. Of equal kinds only decimals need one: they are
 * rounded, halves away from zero.
 */
export function conversion(from: DataType, to: DataType): Conversion | undefined {
  if (from.kind === 'decimal' && to.kind === 'decimal') return widening(from, to) ?? fittedTo(to)
  const makers: Partial<Record<Kind, (from: DataType, to: DataType) => Conversion>> = CONVERSIONS[from.kind]
  return makers[to.kind]?.(from, to)
}

/** The kinds that a kind can be cast to, itself left out. */
export function castTargets(from: Kind): string[] {
  return Object.keys(CONVERSIONS[from])
}

/** A conversion that throws `invalid_cast` instead of giving null. */
export function orFail(convert: Conversion, target: string): Conversion {
  return (value) => {
    const result = convert(value)
    if (result !== null) return result
    throw new EvaluationError('invalid_cast', `${describe(value)} cannot be read as ${target}`)
  }
}

/** A conversion that gives null where it cannot convert. */
export function orNull(convert: Conversion): Conversion {
  return (value) => convert(value) ?? null
}

function describe(value: Value): string {
  const text = String(value)
  return text.length > 80 ? `'${text.slice(0, 80).toWellFormed()}…'` : `'${text}'`
}

function widened(from: DataType, to: DataType): Conversion {
  return widening(from, to) as Widen
}

/** A decimal with fewer digits before the point: same scale, or it would be widened. */
function fittedTo({ precision }: DecimalType): Conversion {
  return (value: Whole) => fitted(value, precision)
}

/** Cuts the fraction off, as for doubles. */
function decimalToInt64(from: DataType): Conversion {
  const { scale } = from as DecimalType
  return (value: Whole) => toInt64(BigInt(cutOff(value, scale)))
}

function decimalToText(from: DataType): Conversion {
  const { scale } = from as DecimalType
  return (value: Whole) => formatDecimal(value, scale)
}

/** Takes the shortest decimal that reads back as the double, so that 1.005 becomes 1.01 as on paper. */
function doubleToDecimal(to: DataType): Conversion {
  const read = textToDecimal(to)
  return (value: number) => read(String(value) as never)
}

/** Rounds, halves away from zero. */
function textToDecimal(to: DataType): Conversion {
  const { precision, scale } = to as DecimalType
  return (text: string) => {
    const number = readDecimal(text.trim(), precision, scale)
    return number === 'overflow' ? undefined : (number?.value ?? null)
  }
}

/** Cuts the fraction off, as Java and Flink do. */
function doubleToInt64(value: number): number | bigint | null {
  return Number.isFinite(value) ? toInt64(BigInt(Math.trunc(value))) : null
}

function textToInt64(text: string): number | bigint | null {
  const digits = text.trim()
  // Beyond 100 digits only zeros in front could make it fit, and reading it would take time.
  return digits.length <= 100 && INTEGER.test(digits) ? toInt64(BigInt(digits.replace('+', ''))) : null
}

function textToDouble(text: string): number | null {
  const trimmed = text.trim()
  if (!NUMBER.test(trimmed)) return SPECIAL_DOUBLES.get(trimmed.toLowerCase()) ?? null
  const value = Number(trimmed)
  return Number.isFinite(value) ? value : null
}

function textToBoolean(text: string): boolean | null {
  return BOOLEANS.get(text.trim().toLowerCase()) ?? null
}

function textToTimestamp(text: string): number | null {
  return parseTimestamp(text.trim())
}
