import fc from 'fast-check'
import { and, type OracleValue, or, order } from './oracle.ts'
import { type RandomExpression, strict } from './random-base.ts'

/** An operator over all its arguments, evaluated from left to right until one decides. */
export function logic(
  word: 'and' | 'or',
  term: fc.Arbitrary<RandomExpression>,
): fc.Arbitrary<RandomExpression> {
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

/** What each comparison makes of an order. */
export const COMPARISONS: Readonly<Record<string, (result: ReturnType<typeof order>) => boolean>> = {
  '=': (result) => result === 0,
  '<>': (result) => result !== 0,
  '<': (result) => result === -1,
  '<=': (result) => result === -1 || result === 0,
  '>': (result) => result === 1,
  '>=': (result) => result === 1 || result === 0,
}

/** Two sides of an operator. */
export type Pair = readonly [fc.Arbitrary<RandomExpression>, fc.Arbitrary<RandomExpression>]

/** A comparison with one of the operators. */
export function comparison(
  [left, right]: Pair,
  operators: readonly string[],
): fc.Arbitrary<RandomExpression> {
  const one = (operator: string) =>
    strict(
      (a, b) => `(${a} ${operator} ${b})`,
      (a: Known, b: Known) => COMPARISONS[operator]?.(order(a, b)) ?? null,
      left,
      right,
    )
  return fc.oneof(...operators.map(one))
}

/** `[not] in` over several options. */
export function isIn(term: fc.Arbitrary<RandomExpression>): fc.Arbitrary<RandomExpression> {
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

/** `between` both bounds. */
export function between(term: fc.Arbitrary<RandomExpression>): fc.Arbitrary<RandomExpression> {
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

/** `is [not] distinct from`. */
export function distinct(term: fc.Arbitrary<RandomExpression>): fc.Arbitrary<RandomExpression> {
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

/** `case` with conditions. */
export function searchedCase(
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

/** `case` with an operand and a value to compare it with. */
export function simpleCase(
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

/** The first of two that is not null. */
export function coalesce(term: fc.Arbitrary<RandomExpression>): fc.Arbitrary<RandomExpression> {
  return fc.tuple(term, term).map(([first, second]) => ({
    text: `coalesce(${first.text}, ${second.text})`,
    meaning: (row) => first.meaning(row) ?? second.meaning(row),
  }))
}
