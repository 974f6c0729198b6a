import fc from 'fast-check'
import {
  decimalOf,
  doubleOf,
  fractionOf,
  OracleDecimal,
  OracleFailure,
  type OracleValue,
  SIZES,
  type Size,
} from './oracle.ts'
import { decimalIn, fieldNamed, type RandomExpression, strict, type Terms } from './random-base.ts'

type Term = fc.Arbitrary<RandomExpression>

/** The decimal fields of `RANDOM_FIELDS`. */
const FIELDS: readonly (readonly [string, Size])[] = [
  ['p', [10, 2]],
  ['q', [38, 10]],
  ['r', [4, 4]],
]

const size: fc.Arbitrary<Size> = fc
  .integer({ min: 1, max: 38 })
  .chain((precision) => fc.tuple(fc.constant(precision), fc.integer({ min: 0, max: precision })))

/** Decimals that were computed. */
export function decimalExpressions(terms: Terms): Term {
  const { boolean, int64: integer, decimal } = terms
  const exact = fc.oneof(decimal, integer, plainNumber)
  return fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    { weight: 8, arbitrary: leaf },
    ...(['+', '-', '*', '/', 'mod'] as const).flatMap((operator) => [
      binary(operator, decimal, exact),
      binary(operator, exact, decimal),
    ]),
    negation(decimal),
    castFrom(fc.oneof(decimal, integer), size),
    choice(boolean, decimal, exact),
  )
}

const leaf: Term = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(...FIELDS)
      .map(([name, size]): RandomExpression => ({ ...fieldNamed(name), size })),
  },
  { weight: 2, arbitrary: literal((text) => `(decimal '${text}')`) },
  fc.constant<RandomExpression>({ text: 'cast(null as decimal(6, 3))', meaning: () => null, size: [6, 3] }),
)

/** A number with a point, which is a decimal next to one. */
const plainNumber = literal((text) => `(${text})`).filter(({ text }) => text.includes('.'))

function literal(format: (text: string) => string): Term {
  return size.chain(decimalIn).map((value) => {
    const text = write(value)
    const digits = String(value.digits).replace('-', '').length
    return { text: format(text), meaning: () => value, size: [Math.max(digits, value.scale, 1), value.scale] }
  })
}

function write({ digits, scale }: OracleDecimal): string {
  const text = String(digits)
    .replace('-', '')
    .padStart(scale + 1, '0')
  const point = text.length - scale
  return `${digits < 0n ? '-' : ''}${text.slice(0, point)}${scale === 0 ? '' : `.${text.slice(point)}`}`
}

/** The size of an int64 or decimal as a decimal. */
function sizeOf({ size: [precision, scale] = [19, 0] }: RandomExpression): Size {
  return [precision, scale]
}

const COMPUTE: Readonly<
  Record<keyof typeof SIZES, (a: OracleDecimal, b: OracleDecimal, size: Size) => OracleDecimal | null>
> = {
  '+': (a, b, size) => decimalOf(over(a, b) + over(b, a), 10n ** BigInt(Math.max(a.scale, b.scale)), size),
  '-': (a, b, size) => decimalOf(over(a, b) - over(b, a), 10n ** BigInt(Math.max(a.scale, b.scale)), size),
  '*': (a, b, size) => decimalOf(a.digits * b.digits, 10n ** BigInt(a.scale + b.scale), size),
  '/': (a, b, size) => (b.digits === 0n ? null : decimalOf(over(a, b), over(b, a), size)),
  mod: (a, b, size) =>
    b.digits === 0n
      ? null
      : decimalOf(over(a, b) % over(b, a), 10n ** BigInt(Math.max(a.scale, b.scale)), size),
}

/** The digits of a with as many places as the longer of both has. */
function over(a: OracleDecimal, b: OracleDecimal): bigint {
  return a.digits * 10n ** BigInt(Math.max(a.scale, b.scale) - a.scale)
}

function binary(operator: keyof typeof SIZES, left: Term, right: Term): Term {
  return fc.tuple(left, right).map(([a, b]) => {
    const size = SIZES[operator](sizeOf(a), sizeOf(b))
    return {
      text: operator === 'mod' ? `mod(${a.text}, ${b.text})` : `(${a.text} ${operator} ${b.text})`,
      size,
      meaning: (row) => {
        const [x, y] = [a.meaning(row), () => b.meaning(row)]
        if (x === null) return null
        const other = y()
        return other === null ? null : COMPUTE[operator](fractionOf(x), fractionOf(other), size)
      },
    }
  })
}

function negation(term: Term): Term {
  return term.map((part) => ({
    ...part,
    text: `(- ${part.text})`,
    meaning: (row) => {
      const value = part.meaning(row)
      return value instanceof OracleDecimal ? new OracleDecimal(-value.digits, value.scale) : null
    },
  }))
}

function castFrom(term: Term, to: fc.Arbitrary<Size>): Term {
  return fc.tuple(term, to).map(([part, size]) => ({
    text: `cast(${part.text} as decimal(${size[0]}, ${size[1]}))`,
    size,
    meaning: (row) => resized(part.meaning(row), size),
  }))
}

function resized(value: OracleValue, size: Size): OracleDecimal | null {
  if (value === null) return null
  const { digits, scale } = fractionOf(value)
  return decimalOf(digits, 10n ** BigInt(scale), size)
}

/** `if`, with one type for both branches. */
function choice(condition: Term, first: Term, second: Term): Term {
  return fc.tuple(condition, first, second).map(([when, a, b]) => {
    const [left, right] = [sizeOf(a), sizeOf(b)]
    const whole = Math.max(left[0] - left[1], right[0] - right[1])
    const scale = Math.max(left[1], right[1])
    // Beyond 38 digits one of them would be rounded, which a literal is not.
    if (whole + scale > 38) return a
    return {
      text: `if(${when.text}, ${a.text}, ${b.text})`,
      size: [whole + scale, scale],
      meaning: (row) => resized((when.meaning(row) === true ? a : b).meaning(row), [whole + scale, scale]),
    }
  })
}

/** A decimal as int64: cut off. */
export function castToInt64(term: Term): Term {
  return strict(
    (a) => `cast(${a} as int64)`,
    ({ digits, scale }: OracleDecimal) => {
      const whole = digits / 10n ** BigInt(scale)
      if (BigInt.asIntN(64, whole) !== whole) throw new OracleFailure('invalid_cast')
      return whole
    },
    term,
  )
}

/** A decimal as the double next to it. */
export function castToDouble(term: Term): Term {
  return strict((a) => `cast(${a} as double)`, doubleOf, term)
}

/** A decimal with all its places. */
export function castToText(term: Term): Term {
  return strict((a) => `cast(${a} as string)`, write, term)
}
