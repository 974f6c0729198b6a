import { EvaluationError } from './expression.ts'
import { formatTimestamp, parseTimestamp } from './timestamp.ts'
import type { DataType, ScalarKind } from './type.ts'
import { toInt64, type Value } from './value.ts'

/** Converts a value that is not null; null where the value cannot be converted. */
export type Conversion = (value: never) => Value

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

/** The conversions between different kinds that `cast` knows: from, to. Texts may have spaces around them. */
const CONVERSIONS = {
  boolean: { string: (value: boolean) => String(value) },
  int64: {
    double: (value: number | bigint) => Number(value),
    string: (value: number | bigint) => String(value),
  },
  double: { int64: doubleToInt64, string: (value: number) => String(value) },
  string: { boolean: textToBoolean, int64: textToInt64, double: textToDouble, timestamp: textToTimestamp },
  timestamp: { string: formatTimestamp },
  bytes: {},
  array: {},
  struct: {},
} as const satisfies Record<Kind, Partial<Record<ScalarKind, Conversion>>>

/** The conversion between two kinds, or undefined where there is none. Equal kinds need none. */
export function conversion(from: Kind, to: Kind): Conversion | undefined {
  const row: Partial<Record<Kind, Conversion>> = CONVERSIONS[from]
  return row[to]
}

/** The kinds that a kind can be cast to, itself left out. */
export function castTargets(from: Kind): string[] {
  return Object.keys(CONVERSIONS[from])
}

/** A conversion that throws `invalid_cast` instead of giving null. */
export function orFail(convert: Conversion, target: Kind): Conversion {
  return (value) => {
    const result = convert(value)
    if (result !== null) return result
    throw new EvaluationError('invalid_cast', `${describe(value)} cannot be read as ${target}`)
  }
}

function describe(value: Value): string {
  const text = String(value)
  return text.length > 80 ? `'${text.slice(0, 80).toWellFormed()}…'` : `'${text}'`
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
