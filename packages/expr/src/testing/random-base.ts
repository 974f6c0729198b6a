import fc from 'fast-check'
import { arrayOf, decimal, type Field, scalar } from '../type.ts'
import { OracleDecimal, type OracleValue, type Size } from './oracle.ts'

/** The kinds that random expressions have. */
export type RandomKind = 'boolean' | 'int64' | 'decimal' | 'double' | 'string'

/** An expression as text, beside what it means by the oracle for a row of the oracle's values. */
export interface RandomExpression {
  readonly text: string
  readonly meaning: (row: readonly OracleValue[]) => OracleValue
  /** Of a decimal; of an int64 what it has as one where that is not 19 digits. */
  readonly size?: Size
}

/** One for every kind, for what is made of others. */
export type Terms = Readonly<Record<RandomKind, fc.Arbitrary<RandomExpression>>>

/** The fields that random expressions name; all may be null. */
export const RANDOM_FIELDS: readonly Field[] = [
  { name: 'b', type: scalar('boolean') },
  { name: 'i', type: scalar('int64') },
  { name: 'j', type: scalar('int64') },
  { name: 'd', type: scalar('double') },
  { name: 'e', type: scalar('double') },
  { name: 's', type: scalar('string') },
  { name: 't', type: scalar('string') },
  { name: 'p', type: decimal(10, 2) },
  { name: 'q', type: decimal(38, 10) },
  { name: 'r', type: decimal(4, 4) },
  { name: 'xs', type: arrayOf(scalar('int64')) },
  { name: 'ys', type: arrayOf(scalar('string')) },
]

const EDGES = [
  0n,
  1n,
  -1n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 53n + 1n,
  -(2n ** 53n),
  2n ** 62n,
  2n ** 63n - 1n,
  -(2n ** 63n),
]
/** int64 values, the limits included. */
export const int64 = fc.oneof(
  fc.constantFrom(...EDGES),
  fc.bigInt({ min: -20n, max: 20n }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
)
/** Doubles that a literal can say. */
export const double = fc.oneof(
  fc.constantFrom(0, 1, -1, 0.5, 2 ** 53, 2 ** 53 + 2, 2 ** 63, -(2 ** 63), 1e300, 5e-324),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -20, max: 20 }),
)
const anyDouble = fc.oneof(
  { weight: 4, arbitrary: double },
  fc.constantFrom(Number.NaN, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
)
/** Texts, those that need care included. */
export const text = fc.oneof(
  fc.constantFrom('', 'a', 'ab', 'b', 'A', '%', "it's", '😀', '\uffee', 'a😀b'),
  fc.string({ maxLength: 5, unit: 'binary' }),
)

function valueFor(type: Field['type']): fc.Arbitrary<OracleValue> {
  switch (type.kind) {
    case 'boolean':
      return fc.boolean()
    case 'int64':
      return int64
    case 'double':
      return anyDouble
    case 'decimal':
      return decimalIn([type.precision, type.scale])
    case 'array':
      return fc.array(fc.option(valueFor(type.element), { freq: 4 }), { maxLength: 4 })
    default:
      return text
  }
}

/** Decimals of a size, the longest and the shortest ones included. */
export function decimalIn([precision, scale]: Size): fc.Arbitrary<OracleDecimal> {
  const most = 10n ** BigInt(precision) - 1n
  const digits = fc.oneof(
    fc.bigInt({ min: -most, max: most }),
    fc.bigInt({ min: -9n, max: 9n }),
    fc.constantFrom(0n, most, -most, 10n ** BigInt(scale) > most ? 1n : 10n ** BigInt(scale)),
  )
  return digits.map((value) => new OracleDecimal(value, scale))
}

/** Rows of the fields, in the oracle's values. */
export const randomRow: fc.Arbitrary<readonly OracleValue[]> = fc.tuple(
  ...RANDOM_FIELDS.map((field) => fc.option<OracleValue>(valueFor(field.type), { freq: 4 })),
)

/** A field by its name. */
export function fieldNamed(name: string): RandomExpression {
  const position = RANDOM_FIELDS.findIndex((field) => field.name === name)
  return { text: name, meaning: (row) => row[position] as OracleValue }
}

/** What an operator makes of values that are not null. */
export type Make = (...values: never[]) => OracleValue
/** How an operator is written. */
export type Format = (...texts: string[]) => string

/** An operator that is null as soon as an argument is. */
export function strict(
  format: Format,
  make: Make,
  ...args: fc.Arbitrary<RandomExpression>[]
): fc.Arbitrary<RandomExpression> {
  return fc.tuple(...args).map((parts) => ({
    text: format(...parts.map((part) => part.text)),
    meaning: (row) => {
      const values: Exclude<OracleValue, null>[] = []
      for (const part of parts) {
        const value = part.meaning(row)
        if (value === null) return null
        values.push(value)
      }
      return make(...(values as never[]))
    },
  }))
}
