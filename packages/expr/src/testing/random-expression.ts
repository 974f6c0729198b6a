import fc from 'fast-check'
import { type Field, scalar } from '../type.ts'
import { and, inRange, like, type OracleValue, or, order } from './oracle.ts'

/** The kinds that random expressions have. */
export type RandomKind = 'boolean' | 'int64' | 'double' | 'string'

/** An expression as text, beside what it means by the oracle for a row of the oracle's values. */
export interface RandomExpression {
  readonly text: string
  readonly meaning: (row: readonly OracleValue[]) => OracleValue
}

/** The fields that random expressions name; all may be null. */
export const RANDOM_FIELDS: readonly Field[] = [
  { name: 'b', type: scalar('boolean') },
  { name: 'i', type: scalar('int64') },
  { name: 'j', type: scalar('int64') },
  { name: 'd', type: scalar('double') },
  { name: 'e', type: scalar('double') },
  { name: 's', type: scalar('string') },
  { name: 't', type: scalar('string') },
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
const int64 = fc.oneof(
  fc.constantFrom(...EDGES),
  fc.bigInt({ min: -20n, max: 20n }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
)
const double = fc.oneof(
  fc.constantFrom(0, 1, -1, 0.5, 2 ** 53, 2 ** 53 + 2, 2 ** 63, -(2 ** 63), 1e300, 5e-324),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -20, max: 20 }),
)
const anyDouble = fc.oneof(
  { weight: 4, arbitrary: double },
  fc.constantFrom(Number.NaN, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
)
const text = fc.oneof(
  fc.constantFrom('', 'a', 'ab', 'b', 'A', '%', "it's", '😀', '\uffee', 'a😀b'),
  fc.string({ maxLength: 5, unit: 'binary' }),
)

const VALUES = { boolean: fc.boolean(), int64, double: anyDouble, string: text } as const

/** Rows of the fields, in the oracle's values. */
export const randomRow: fc.Arbitrary<readonly OracleValue[]> = fc.tuple(
  ...RANDOM_FIELDS.map((field) => fc.option<OracleValue>(VALUES[field.type.kind as RandomKind], { freq: 4 })),
)

function literalOf(kind: RandomKind): fc.Arbitrary<RandomExpression> {
  const constant = (text: string, value: OracleValue) => ({ text, meaning: () => value })
  if (kind === 'boolean') return fc.boolean().map((value) => constant(String(value), value))
  if (kind === 'int64') return int64.map((value) => constant(`(${value})`, value))
  // Of all ways to write a double, one that the package itself does not use.
  if (kind === 'double') return double.map((value) => constant(`(${value.toExponential()})`, value + 0))
  return text.map((value) => constant(`'${value.replaceAll("'", "''")}'`, value))
}

function leaf(kind: RandomKind): fc.Arbitrary<RandomExpression> {
  const fields = RANDOM_FIELDS.flatMap((field, position) =>
    field.type.kind === kind
      ? [{ text: field.name, meaning: (row: readonly OracleValue[]) => row[position] as OracleValue }]
      : [],
  )
  const none = { text: `cast(null as ${kind})`, meaning: () => null }
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...fields) },
    { weight: 3, arbitrary: literalOf(kind) },
    fc.constant(none),
  )
}

type Make = (...values: never[]) => OracleValue
type Format = (...texts: string[]) => string

/** An operator that is null as soon as an argument is. */
function strict(
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

/** An operator over all its arguments, evaluated from left to right until one decides. */
function logic(word: 'and' | 'or', term: fc.Arbitrary<RandomExpression>): fc.Arbitrary<RandomExpression> {
  return fc.array(term, { minLength: 2, maxLength: 4 }).map((parts) => ({
    text: `(${parts.map((part) => part.text).join(` ${word} `)})`,
    meaning: (row) => {
      const values: OracleValue[] = []
      for (const part of parts) {
        values.push(part.meaning(row))
        if (values.at(-1) === (word === 'or')) break
      }
      return word === 'and' ? and(values) : or(values)
    },
  }))
}

type Known = Exclude<OracleValue, null>

const COMPARISONS: Readonly<Record<string, (result: ReturnType<typeof order>) => boolean>> = {
  '=': (result) => result === 0,
  '<>': (result) => result !== 0,
  '<': (result) => result === -1,
  '<=': (result) => result === -1 || result === 0,
  '>': (result) => result === 1,
  '>=': (result) => result === 1 || result === 0,
}

type Pair = readonly [fc.Arbitrary<RandomExpression>, fc.Arbitrary<RandomExpression>]

function comparison([left, right]: Pair, operators: readonly string[]): fc.Arbitrary<RandomExpression> {
  const one = (operator: string) =>
    strict(
      (a, b) => `(${a} ${operator} ${b})`,
      (a: Known, b: Known) => COMPARISONS[operator]?.(order(a, b)) ?? null,
      left,
      right,
    )
  return fc.oneof(...operators.map(one))
}

function isIn(term: fc.Arbitrary<RandomExpression>): fc.Arbitrary<RandomExpression> {
  return fc
    .tuple(term, fc.array(term, { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([operand, options, negated]) => ({
      text: `(${operand.text} ${negated ? 'not ' : ''}in (${options.map((option) => option.text).join(', ')}))`,
      meaning: (row) => {
        const value = operand.meaning(row)
        if (value === null) return null
        const results: (boolean | null)[] = []
        for (const option of options) {
          const other = option.meaning(row)
          results.push(other === null ? null : order(value, other) === 0)
          if (results.at(-1) === true) break
        }
        const found = or(results)
        return found === null ? null : found !== negated
      },
    }))
}

function between(term: fc.Arbitrary<RandomExpression>): fc.Arbitrary<RandomExpression> {
  return fc.tuple(term, term, term).map(([operand, low, high]) => ({
    text: `(${operand.text} between ${low.text} and ${high.text})`,
    meaning: (row) => {
      const value = operand.meaning(row)
      if (value === null) return null
      const from = low.meaning(row)
      const above = from === null ? null : [0, 1].includes(order(value, from) ?? 2)
      if (above === false) return false
      const to = high.meaning(row)
      return and([above, to === null ? null : [-1, 0].includes(order(value, to) ?? 2)])
    },
  }))
}

function distinct(term: fc.Arbitrary<RandomExpression>): fc.Arbitrary<RandomExpression> {
  return fc.tuple(term, term, fc.boolean()).map(([left, right, negated]) => ({
    text: `(${left.text} is ${negated ? 'not ' : ''}distinct from ${right.text})`,
    meaning: (row) => {
      const [a, b] = [left.meaning(row), right.meaning(row)]
      const same =
        a === null || b === null ? a === b : order(a, b) === 0 || (Number.isNaN(a) && Number.isNaN(b))
      return same === negated
    },
  }))
}

function searchedCase(
  condition: fc.Arbitrary<RandomExpression>,
  result: fc.Arbitrary<RandomExpression>,
): fc.Arbitrary<RandomExpression> {
  return fc
    .tuple(condition, result, condition, result, fc.option(result))
    .map(([c1, r1, c2, r2, otherwise]) => ({
      text: `case when ${c1.text} then ${r1.text} when ${c2.text} then ${r2.text}${otherwise ? ` else ${otherwise.text}` : ''} end`,
      meaning: (row) => {
        if (c1.meaning(row) === true) return r1.meaning(row)
        if (c2.meaning(row) === true) return r2.meaning(row)
        return otherwise ? otherwise.meaning(row) : null
      },
    }))
}

function simpleCase(
  operand: fc.Arbitrary<RandomExpression>,
  result: fc.Arbitrary<RandomExpression>,
): fc.Arbitrary<RandomExpression> {
  return fc.tuple(operand, operand, result, result).map(([value, when, then, otherwise]) => ({
    text: `(case ${value.text} when ${when.text} then ${then.text} else ${otherwise.text} end)`,
    meaning: (row) => {
      const wanted = value.meaning(row)
      const other = wanted === null ? null : when.meaning(row)
      return wanted !== null && other !== null && order(wanted, other) === 0
        ? then.meaning(row)
        : otherwise.meaning(row)
    },
  }))
}

function coalesce(term: fc.Arbitrary<RandomExpression>): fc.Arbitrary<RandomExpression> {
  return fc.tuple(term, term).map(([first, second]) => ({
    text: `coalesce(${first.text}, ${second.text})`,
    meaning: (row) => first.meaning(row) ?? second.meaning(row),
  }))
}

const PATTERNS = ['%', '_', 'a%', '%b', '%a%', 'a_', '_%', '%_b', '', 'ab', '😀%', 'a%b', '%a_%']

/** Expressions of each kind. */
export const randomExpression = fc.letrec<Record<RandomKind, RandomExpression>>((tie) => {
  const [boolean, integer, decimal, string] = [tie('boolean'), tie('int64'), tie('double'), tie('string')]
  const same: readonly Pair[] = [
    [integer, integer],
    [decimal, decimal],
    [integer, decimal],
    [decimal, integer],
    [string, string],
  ]
  const options = (kind: RandomKind, ...grown: fc.Arbitrary<RandomExpression>[]) =>
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
  const decimals = (
    operator: string,
    make: (a: number, b: number) => number | null,
    pair: Pair = [decimal, decimal],
  ) =>
    strict(
      (a, b) => `(${a} ${operator} ${b})`,
      (a: number | bigint, b: number | bigint) => make(Number(a), Number(b)),
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
      between(integer),
      between(string),
      distinct(integer),
      distinct(decimal),
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
    ),
    double: options(
      'double',
      decimals('+', (a, b) => a + b),
      decimals('*', (a, b) => a * b),
      decimals('-', (a, b) => a - b, [integer, decimal]),
      decimals('/', (a, b) => (b === 0 ? null : a / b), [integer, integer]),
      decimals('/', (a, b) => (b === 0 ? null : a / b)),
      simpleCase(integer, decimal),
      coalesce(decimal),
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
      simpleCase(decimal, string),
      coalesce(string),
    ),
  }
})
