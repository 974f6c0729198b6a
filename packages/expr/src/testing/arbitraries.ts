import fc from 'fast-check'
import {
  arrayOf,
  type DataType,
  type DecimalType,
  decimal,
  type Field,
  type MapKeyType,
  mapOf,
  SCALAR_KINDS,
  type ScalarKind,
  scalar,
  structOf,
} from '../type.ts'
import { toInt64, toWhole, type Value } from '../value.ts'

/** Names of fields, those that need care included. */
export const arbitraryName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'id',
    'end',
    'Case',
    '__proto__',
    'constructor',
    'toString',
    'user id',
    '"',
    "it's",
    '',
    '7',
    'straße',
    '\u2028',
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
)

const arbitraryScalar: fc.Arbitrary<DataType> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...SCALAR_KINDS), fc.boolean())
      .map(([kind, nullable]) => scalar(kind, nullable)),
  },
  fc.tuple(arbitraryDecimalType(), fc.boolean()).map(([type, nullable]) => ({ ...type, nullable })),
)

/** Decimal types of every size. */
export function arbitraryDecimalType(): fc.Arbitrary<DecimalType> {
  return fc
    .integer({ min: 1, max: 38 })
    .chain((precision) => fc.integer({ min: 0, max: precision }).map((scale) => decimal(precision, scale)))
}

const arbitraryKeyType: fc.Arbitrary<MapKeyType> = fc.oneof(
  fc.constantFrom('string', 'int64', 'boolean', 'timestamp').map((kind) => scalar(kind) as MapKeyType),
  arbitraryDecimalType(),
)

function fieldsOf(type: fc.Arbitrary<DataType>): fc.Arbitrary<Field[]> {
  return fc.uniqueArray(fc.record({ name: arbitraryName, type }), {
    maxLength: 4,
    selector: (field) => field.name,
  })
}

/** Types of all kinds, nested. */
export const arbitraryType: fc.Arbitrary<DataType> = fc.letrec<{ type: DataType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    { weight: 3, arbitrary: arbitraryScalar },
    {
      weight: 1,
      arbitrary: fc.tuple(tie('type'), fc.boolean()).map(([element, nullable]) => arrayOf(element, nullable)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(arbitraryKeyType, tie('type'), fc.boolean())
        .map(([key, value, nullable]) => mapOf(key, value, nullable)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fieldsOf(tie('type')), fc.boolean())
        .map(([fields, nullable]) => structOf(fields, nullable)),
    },
  ),
})).type

/** The fields of a row. */
export const arbitraryFields: fc.Arbitrary<Field[]> = fieldsOf(arbitraryType)

/** Well-formed texts with everything that needs escaping somewhere. */
export const arbitraryText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '\u0000',
    '\u0000\u0001',
    '"',
    '\\',
    '\u001f',
    '\u2028',
    '😀',
    "'",
    '%',
    '_',
    '-',
    '1:a',
  ),
)

/** Values of each scalar kind; doubles include NaN, infinities and −0. */
export const arbitraryScalarValue: Readonly<Record<ScalarKind, fc.Arbitrary<Value>>> = {
  boolean: fc.boolean(),
  int64: fc
    .oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -100n, max: 100n }))
    .map((value) => toInt64(value) as Value),
  double: fc.double(),
  string: arbitraryText,
  timestamp: fc.oneof(fc.integer({ min: -8.64e15, max: 8.64e15 }), fc.constantFrom(-8.64e15, 8.64e15, 0, -1)),
  bytes: fc.uint8Array({ maxLength: 9 }),
}

/** Values of a type, null included where it allows. */
export function arbitraryValue(type: DataType): fc.Arbitrary<Value> {
  const value = presentValue(type)
  return type.nullable ? fc.option(value, { freq: 4 }) : value
}

/** Values of a decimal type, those of all its digits included. */
export function arbitraryDecimal({ precision }: DecimalType): fc.Arbitrary<Value> {
  const most = 10n ** BigInt(precision) - 1n
  return fc
    .oneof(fc.bigInt({ min: -most, max: most }), fc.constantFrom(0n, most, -most))
    .map((value) => toWhole(value))
}

/** The entries of a map, each key once. */
function arbitraryEntries(key: MapKeyType, value: DataType): fc.Arbitrary<Value[]> {
  const entry = fc.tuple(presentValue(key), arbitraryValue(value))
  return fc
    .uniqueArray(entry, { maxLength: 4, selector: ([name]) => name })
    .map((entries) => entries.flat(1) as Value[])
}

/** Values of a type that are not null. */
export function presentValue(type: DataType): fc.Arbitrary<Value> {
  if (type.kind === 'decimal') return arbitraryDecimal(type)
  if (type.kind === 'map') return arbitraryEntries(type.key, type.value)
  if (type.kind === 'array') return fc.array(arbitraryValue(type.element), { maxLength: 4 })
  if (type.kind === 'struct') return arbitraryRow(type.fields)
  return arbitraryScalarValue[type.kind]
}

/** Rows of these fields. */
export function arbitraryRow(fields: readonly Field[]): fc.Arbitrary<Value[]> {
  return fc.tuple(...fields.map((field) => arbitraryValue(field.type)))
}
