import fc from 'fast-check'

/** The kinds that expressions of the shared subset have. */
export type SqlKind = 'boolean' | 'int64' | 'decimal' | 'string'

/** One expression in both languages. */
export interface SqlExpression {
  readonly text: string
  /** The same for Postgres; differences that are meant are levelled here, each where it arises. */
  readonly sql: string
  /** Of a decimal: digits in all, and behind the point. */
  readonly size?: Size
}

type Size = readonly [precision: number, scale: number]
type Term = fc.Arbitrary<SqlExpression>

/** The columns, with their types in both languages. */
export const COLUMNS = [
  { name: 'b', type: 'boolean', sql: 'boolean', kind: 'boolean' },
  { name: 'i', type: 'int64', sql: 'bigint', kind: 'int64' },
  { name: 'j', type: 'int64', sql: 'bigint', kind: 'int64' },
  { name: 'p', type: 'decimal(10, 2)', sql: 'numeric(10, 2)', kind: 'decimal', size: [10, 2] },
  { name: 'q', type: 'decimal(20, 6)', sql: 'numeric(20, 6)', kind: 'decimal', size: [20, 6] },
  { name: 's', type: 'string', sql: 'text', kind: 'string' },
  { name: 't', type: 'string', sql: 'text', kind: 'string' },
] as const satisfies readonly {
  name: string
  type: string
  sql: string
  kind: SqlKind
  size?: Size
}[]

/** Too many digits give null here and an error in Postgres; both round halves away from zero. */
export const FIT = `create function pg_temp.fit(value numeric, digits int, places int) returns numeric language sql immutable
  as 'select case when abs(round(value, places)) < 10::numeric ^ (digits - places) then round(value, places) end'`

const int64 = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt({ min: -20n, max: 20n }) },
  fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
  fc.constantFrom(2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)),
)
/** Postgres has no U+0000, and neither has lone surrogates. */
const text = fc.oneof(
  fc.constantFrom('', 'a', 'ab', 'b', 'A', '%', "it's", '😀', '\uffee', 'a😀b', 'a\\b', ' a '),
  fc.string({ maxLength: 5, unit: 'grapheme' }).map((value) => value.replaceAll('\u0000', '')),
)

function decimalText([precision, scale]: Size): fc.Arbitrary<string> {
  const most = 10n ** BigInt(precision) - 1n
  const digits = fc.oneof(
    fc.bigInt({ min: -most, max: most }),
    fc.bigInt({ min: -999n, max: 999n }),
    // Halves of every place, which rounding must send away from zero.
    fc
      .tuple(fc.bigInt({ min: -9n, max: 9n }), fc.integer({ min: 0, max: Math.max(0, precision - 2) }))
      .map(([whole, place]) => (10n * whole + (whole < 0n ? -5n : 5n)) * 10n ** BigInt(place)),
  )
  return digits.map((value) => {
    const text = (value % (most + 1n))
      .toString()
      .replace('-', '')
      .padStart(scale + 1, '0')
    const point = text.length - scale
    return `${value < 0n ? '-' : ''}${text.slice(0, point)}${scale === 0 ? '' : `.${text.slice(point)}`}`
  })
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

const VALUES: Readonly<Record<SqlKind, (size: Size) => fc.Arbitrary<string>>> = {
  boolean: () => fc.boolean().map(String),
  int64: () => int64.map(String),
  decimal: decimalText,
  string: () => text,
}

/** Rows of the columns, each value as text; null where there is none. */
export const sqlRow: fc.Arbitrary<readonly (string | null)[]> = fc.tuple(
  ...COLUMNS.map((column) =>
    fc.option(VALUES[column.kind]('size' in column ? column.size : [1, 0]), { freq: 4 }),
  ),
)

function columnsOf(kind: SqlKind): Term {
  const found = COLUMNS.filter((column) => column.kind === kind)
  return fc.constantFrom(
    ...found.map((column): SqlExpression => {
      const named = { text: column.name, sql: column.name }
      return 'size' in column ? { ...named, size: column.size } : named
    }),
  )
}

const size: fc.Arbitrary<Size> = fc
  .integer({ min: 1, max: 20 })
  .chain((precision) => fc.tuple(fc.constant(precision), fc.integer({ min: 0, max: Math.min(precision, 8) })))

const LITERALS: Readonly<Record<SqlKind, Term>> = {
  boolean: fc.boolean().map((value) => ({ text: String(value), sql: String(value) })),
  int64: int64.map((value) => ({
    text: `(${value})`,
    sql: `('${value}'::bigint)`,
    size: [digitsOf(value), 0],
  })),
  decimal: size.chain(([precision, scale]) =>
    decimalText([precision, scale]).map((value): SqlExpression => {
      const digits = digitsOf(BigInt(value.replace('.', '')))
      return {
        text: `(decimal '${value}')`,
        sql: `('${value}'::numeric)`,
        size: [Math.max(digits, scale, 1), scale],
      }
    }),
  ),
  string: text.map((value) => ({ text: quoted(value), sql: `(${quoted(value)}::text)` })),
}

function digitsOf(value: bigint): number {
  return String(value).replace('-', '').length
}

const NULLS: Readonly<Record<SqlKind, SqlExpression>> = {
  boolean: { text: 'cast(null as boolean)', sql: 'null::boolean' },
  int64: { text: 'cast(null as int64)', sql: 'null::bigint' },
  decimal: { text: 'cast(null as decimal(6, 3))', sql: 'null::numeric', size: [6, 3] },
  string: { text: 'cast(null as string)', sql: 'null::text' },
}

function leaf(kind: SqlKind): Term {
  return fc.oneof(
    { weight: 5, arbitrary: columnsOf(kind) },
    { weight: 3, arbitrary: LITERALS[kind] },
    fc.constant(NULLS[kind]),
  )
}

type Write = (...parts: string[]) => string

/** An operator of the parts; written the same in both languages unless `sql` says otherwise. */
function made(format: Write, parts: readonly Term[], sql: Write = format): Term {
  return fc.tuple(...parts).map((list) => ({
    text: format(...list.map((part) => part.text)),
    sql: sql(...list.map((part) => part.sql)),
  }))
}

function capped(precision: number, scale: number): Size {
  if (precision <= 38) return [precision, scale]
  return [38, Math.max(38 - precision + scale, Math.min(scale, 6))]
}

const RESULT_SIZES = {
  '+': ([p, s]: Size, [q, t]: Size) => capped(Math.max(s, t) + Math.max(p - s, q - t) + 1, Math.max(s, t)),
  '-': ([p, s]: Size, [q, t]: Size) => capped(Math.max(s, t) + Math.max(p - s, q - t) + 1, Math.max(s, t)),
  '*': ([p, s]: Size, [q, t]: Size) => capped(p + q + 1, s + t),
  '/': ([p, s]: Size, [q, t]: Size) => {
    const scale = Math.max(6, s + q + 1)
    return capped(p - s + t + scale, scale)
  },
  mod: ([p, s]: Size, [q, t]: Size) => capped(Math.min(p - s, q - t) + Math.max(s, t), Math.max(s, t)),
} as const

type DecimalOperator = keyof typeof RESULT_SIZES

function sizeOf({ size: [precision, scale] = [19, 0] }: SqlExpression): Size {
  return [precision, scale]
}

function decimalOperator(operator: DecimalOperator, left: Term, right: Term): Term {
  return fc.tuple(left, right).map(([a, b]) => {
    const [precision, scale] = RESULT_SIZES[operator](sizeOf(a), sizeOf(b))
    // Division by zero is null here, and exact quotients need more places than Postgres gives by itself.
    const divisor = `nullif(${b.sql}::numeric, 0)`
    const sql = {
      '+': `${a.sql}::numeric + ${b.sql}`,
      '-': `${a.sql}::numeric - ${b.sql}`,
      '*': `${a.sql}::numeric * ${b.sql}`,
      '/': `${a.sql}::numeric(200, 90) / ${divisor}`,
      mod: `mod(${a.sql}::numeric, ${divisor})`,
    }[operator]
    return {
      text: operator === 'mod' ? `mod(${a.text}, ${b.text})` : `(${a.text} ${operator} ${b.text})`,
      sql: `pg_temp.fit(${sql}, ${precision}, ${scale})`,
      size: [precision, scale],
    }
  })
}

function castTo(term: Term): Term {
  return fc.tuple(term, size).map(([part, [precision, scale]]) => ({
    text: `cast(${part.text} as decimal(${precision}, ${scale}))`,
    sql: `pg_temp.fit(${part.sql}::numeric, ${precision}, ${scale})`,
    size: [precision, scale],
  }))
}

/** A function of one decimal, with the size of its result. */
function decimalFunction(name: string, term: Term, sizeFor: (size: Size) => Size): Term {
  return term.map((part) => {
    const [precision, scale] = sizeFor(sizeOf(part))
    return {
      text: `${name}(${part.text})`,
      sql: `pg_temp.fit(${name}(${part.sql}), ${precision}, ${scale})`,
      size: [precision, scale],
    }
  })
}

function wholeSize([precision, scale]: Size): Size {
  return scale === 0 ? [precision, 0] : [precision - scale + 1, 0]
}

/** Texts are ordered by code point: collation C over UTF-8. */
function comparisons(pair: readonly [Term, Term], operators: readonly string[], collated = false): Term {
  return fc.constantFrom(...operators).chain((operator) =>
    made(
      (a, b) => `(${a} ${operator} ${b})`,
      pair,
      (a, b) => `((${a})${collated ? ' collate "C"' : ''} ${operator} ${b})`,
    ),
  )
}

const ORDER = ['=', '<>', '<', '<=', '>', '>='] as const
const PATTERNS = ['%', '_', 'a%', '%b', '%a%', 'a_', '_%', '%_b', '', 'ab', '😀%', 'a%b', '%a_%'] as const

function common(kind: SqlKind, terms: Readonly<Record<SqlKind, Term>>): Term[] {
  const term = terms[kind]
  return [
    made((c, a, b) => `case when ${c} then ${a} else ${b} end`, [terms.boolean, term, term]),
    made((a, b) => `coalesce(${a}, ${b})`, [term, term]),
    made((a, b) => `nullif(${a}, ${b})`, [term, term]),
  ]
}

/** Expressions of each kind, in both languages. */
export const sqlExpression = fc.letrec<Record<SqlKind, SqlExpression>>((tie) => {
  const terms = {
    boolean: tie('boolean'),
    int64: tie('int64'),
    decimal: tie('decimal'),
    string: tie('string'),
  }
  const { boolean, int64: integer, decimal, string } = terms
  const exact = fc.oneof(decimal, integer)
  const options = (kind: SqlKind, ...grown: Term[]) =>
    fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      { weight: 8, arbitrary: leaf(kind) },
      ...grown.map((arbitrary) => ({ weight: 1, arbitrary })),
    )
  return {
    boolean: options(
      'boolean',
      comparisons([integer, integer], ORDER),
      comparisons([decimal, decimal], ORDER),
      comparisons([integer, decimal], ORDER),
      comparisons([string, string], ORDER, true),
      comparisons([boolean, boolean], ['=', '<>']),
      comparisons([decimal, exact], ['is distinct from', 'is not distinct from']),
      made((a, b) => `(${a} and ${b})`, [boolean, boolean]),
      made((a, b) => `(${a} or ${b})`, [boolean, boolean]),
      made((a) => `(not ${a})`, [boolean]),
      made((a, b, c) => `(${a} in (${b}, ${c}))`, [exact, decimal, exact]),
      made((a, b, c) => `(${a} not in (${b}, ${c}))`, [string, string, string]),
      made((a, b, c) => `(${a} between ${b} and ${c})`, [exact, decimal, exact]),
      made((a) => `(${a} is null)`, [fc.oneof(exact, string, boolean)]),
      fc.constantFrom(...PATTERNS).chain((pattern) =>
        // In Postgres the backslash escapes unless it is told not to.
        made(
          (a) => `(${a} like '${pattern}')`,
          [string],
          (a) => `(${a} like '${pattern}' escape '')`,
        ),
      ),
      made((a, b) => `starts_with(${a}, ${b})`, [string, string]),
      made(
        (a, b) => `contains(${a}, ${b})`,
        [string, string],
        (a, b) => `(strpos(${a}, ${b}) > 0)`,
      ),
      ...common('boolean', terms),
    ),
    int64: options(
      'int64',
      made((a, b) => `(${a} + ${b})`, [integer, integer]),
      made((a, b) => `(${a} - ${b})`, [integer, integer]),
      made((a, b) => `(${a} * ${b})`, [integer, integer]),
      made(
        (a, b) => `div(${a}, ${b})`,
        [integer, integer],
        (a, b) => `(${a} / nullif(${b}, 0))`,
      ),
      made(
        (a, b) => `mod(${a}, ${b})`,
        [integer, integer],
        (a, b) => `mod(${a}, nullif(${b}, 0))`,
      ),
      made((a) => `(- ${a})`, [integer]),
      made((a) => `abs(${a})`, [integer]),
      made(
        (a) => `length(${a})`,
        [string],
        (a) => `length(${a})::bigint`,
      ),
      made(
        (a) => `cast(${a} as int64)`,
        [decimal],
        (a) => `trunc(${a})::bigint`,
      ),
      ...common('int64', terms),
    ),
    decimal: options(
      'decimal',
      ...(['+', '-', '*', '/', 'mod'] as const).flatMap((operator) => [
        decimalOperator(operator, decimal, exact),
        decimalOperator(operator, integer, decimal),
      ]),
      castTo(exact),
      castTo(columnsOf('decimal')),
      castTo(LITERALS.decimal),
      decimalFunction('abs', decimal, (same) => same),
      decimalFunction('ceil', decimal, wholeSize),
      decimalFunction('floor', decimal, wholeSize),
      decimalFunction('round', decimal, wholeSize),
    ),
    string: options(
      'string',
      made((a, b) => `(${a} || ${b})`, [string, string]),
      made((a, b) => `concat(${a}, ${b})`, [string, string]),
      made((a) => `substring(${a}, 2, 3)`, [string]),
      made((a) => `substring(${a}, 0, 2)`, [string]),
      made((a) => `trim(${a})`, [string]),
      made((a, b, c) => `replace(${a}, ${b}, ${c})`, [string, string, string]),
      made(
        (a) => `cast(${a} as string)`,
        [fc.oneof(exact, boolean)],
        (a) => `(${a})::text`,
      ),
      ...common('string', terms),
    ),
  }
})
