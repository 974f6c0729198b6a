import fc from 'fast-check'
import { doubleOf, inRange, like, type OracleValue } from './oracle.ts'
import { arrayConditions, arrayNumbers, arrayTexts } from './random-array.ts'
import {
  double as doubleValue,
  fieldNamed,
  int64 as int64Value,
  RANDOM_FIELDS,
  type RandomExpression,
  type RandomKind,
  strict,
  type Terms,
  text as textValue,
} from './random-base.ts'
import { castToDouble, castToInt64, castToText, decimalExpressions } from './random-decimal.ts'
import {
  between,
  COMPARISONS,
  coalesce,
  comparison,
  distinct,
  isIn,
  logic,
  type Pair,
  searchedCase,
  simpleCase,
} from './random-shapes.ts'

function literalOf(kind: Exclude<RandomKind, 'decimal'>): fc.Arbitrary<RandomExpression> {
  const constant = (text: string, value: OracleValue) => ({ text, meaning: () => value })
  if (kind === 'boolean') return fc.boolean().map((value) => constant(String(value), value))
  if (kind === 'int64')
    return int64Value.map((value) => ({
      ...constant(`(${value})`, value),
      size: [String(value).replace('-', '').length, 0],
    }))
  // Of all ways to write a double, one that the package itself does not use.
  if (kind === 'double') return doubleValue.map((value) => constant(`(${value.toExponential()})`, value + 0))
  return textValue.map((value) => constant(`'${value.replaceAll("'", "''")}'`, value))
}

function leaf(kind: Exclude<RandomKind, 'decimal'>): fc.Arbitrary<RandomExpression> {
  const fields = RANDOM_FIELDS.filter((field) => field.type.kind === kind).map(({ name }) => fieldNamed(name))
  const none = { text: `cast(null as ${kind})`, meaning: () => null }
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...fields) },
    { weight: 3, arbitrary: literalOf(kind) },
    fc.constant(none),
  )
}

const PATTERNS = ['%', '_', 'a%', '%b', '%a%', 'a_', '_%', '%_b', '', 'ab', '😀%', 'a%b', '%a_%']

/** Expressions of each kind. */
export const randomExpression = fc.letrec<Record<RandomKind, RandomExpression>>((tie) => {
  const terms: Terms = {
    boolean: tie('boolean'),
    int64: tie('int64'),
    decimal: tie('decimal'),
    double: tie('double'),
    string: tie('string'),
  }
  const { boolean, int64: integer, decimal, double, string } = terms
  const same: readonly Pair[] = [
    [integer, integer],
    [double, double],
    [integer, double],
    [double, integer],
    [decimal, decimal],
    [decimal, integer],
    [double, decimal],
    [string, string],
  ]
  const options = (kind: Exclude<RandomKind, 'decimal'>, ...grown: fc.Arbitrary<RandomExpression>[]) =>
    fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      { weight: 8, arbitrary: leaf(kind) },
      ...grown.map((arbitrary) => ({ weight: 1, arbitrary })),
    )
  const integers = (operator: string, make: (a: bigint, b: bigint) => bigint | null) =>
    strict(
      (a, b) => (operator.length > 1 ? `${operator}(${a}, ${b})` : `(${a} ${operator} ${b})`),
      make,
      integer,
      integer,
    )
  const doubles = (
    operator: string,
    make: (a: number, b: number) => number | null,
    pair: Pair = [double, double],
  ) =>
    strict(
      (a, b) => `(${a} ${operator} ${b})`,
      (a: OracleValue, b: OracleValue) => make(doubleOf(a), doubleOf(b)),
      ...pair,
    )
  return {
    boolean: options(
      'boolean',
      ...same.map((pair) => comparison(pair, Object.keys(COMPARISONS))),
      comparison([boolean, boolean], ['=', '<>']),
      logic('and', boolean),
      logic('or', boolean),
      strict(
        (a) => `(not ${a})`,
        (a: boolean) => !a,
        boolean,
      ),
      isIn(integer),
      isIn(string),
      isIn(decimal),
      isIn(double),
      between(integer),
      between(decimal),
      between(string),
      distinct(integer),
      distinct(decimal),
      distinct(double),
      ...arrayConditions(terms),
      fc.oneof(integer, string).map((part) => ({
        text: `(${part.text} is not null)`,
        meaning: (row) => part.meaning(row) !== null,
      })),
      fc.constantFrom(...PATTERNS).chain((pattern) =>
        strict(
          (a) => `(${a} like '${pattern}')`,
          (a: string) => like(a, pattern),
          string,
        ),
      ),
    ),
    int64: options(
      'int64',
      integers('+', (a, b) => inRange(a + b)),
      integers('-', (a, b) => inRange(a - b)),
      integers('*', (a, b) => inRange(a * b)),
      integers('div', (a, b) => (b === 0n ? null : inRange(a / b))),
      integers('mod', (a, b) => (b === 0n ? null : a % b)),
      strict(
        (a) => `(- ${a})`,
        (a: bigint) => inRange(-a),
        integer,
      ),
      strict(
        (a) => `length(${a})`,
        (a: string) => BigInt(Array.from(a).length),
        string,
      ),
      searchedCase(boolean, integer),
      simpleCase(string, integer),
      coalesce(integer),
      castToInt64(decimal),
      ...arrayNumbers(terms),
    ),
    decimal: decimalExpressions(terms),
    double: options(
      'double',
      doubles('+', (a, b) => a + b),
      doubles('*', (a, b) => a * b),
      doubles('-', (a, b) => a - b, [integer, double]),
      doubles('/', (a, b) => (b === 0 ? null : a / b), [integer, integer]),
      doubles('/', (a, b) => (b === 0 ? null : a / b)),
      doubles('*', (a, b) => a * b, [double, decimal]),
      doubles('/', (a, b) => (b === 0 ? null : a / b), [decimal, double]),
      simpleCase(integer, double),
      coalesce(double),
      castToDouble(decimal),
    ),
    string: options(
      'string',
      strict(
        (a, b) => `(${a} || ${b})`,
        (a: string, b: string) => a + b,
        string,
        string,
      ),
      strict(
        (a) => `substring(${a}, 2, 3)`,
        (a: string) => Array.from(a).slice(1, 4).join(''),
        string,
      ),
      searchedCase(boolean, string),
      simpleCase(double, string),
      simpleCase(decimal, string),
      coalesce(string),
      castToText(decimal),
      ...arrayTexts(terms),
    ),
  }
})
