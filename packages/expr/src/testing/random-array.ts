import fc from 'fast-check'
import { inRange, type OracleValue, order } from './oracle.ts'
import { fieldNamed, type RandomExpression, type Terms } from './random-base.ts'

type Term = fc.Arbitrary<RandomExpression>
type Row = readonly OracleValue[]
type Elements = readonly OracleValue[]

/** What a lambda does with an element; other fields are those of the row. */
interface RandomLambda {
  readonly text: string
  readonly call: (element: OracleValue, row: Row) => OracleValue
}

const numbers = fieldNamed('xs')
const texts = fieldNamed('ys')

function over(array: RandomExpression, text: string, meaning: (elements: Elements, row: Row) => OracleValue) {
  return {
    text,
    meaning: (row: Row) => {
      const elements = array.meaning(row)
      return elements === null ? null : meaning(elements as Elements, row)
    },
  }
}

/** `x > …`, `x = …`, `x is null`. */
function condition(term: Term): fc.Arbitrary<RandomLambda> {
  const compared = fc.tuple(term, fc.constantFrom('=', '>')).map(([other, operator]) => ({
    text: `x -> x ${operator} ${other.text}`,
    call: (element: OracleValue, row: Row) => {
      if (element === null) return null
      const value = other.meaning(row)
      return value === null ? null : order(element, value) === (operator === '=' ? 0 : 1)
    },
  }))
  const isNull: RandomLambda = { text: 'x -> x is null', call: (element) => element === null }
  return fc.oneof({ weight: 4, arbitrary: compared }, fc.constant(isNull))
}

/** `any`, `all` and `array_contains` over both arrays. */
export function arrayConditions({ int64, string }: Terms): Term[] {
  return [
    quantified(numbers, condition(int64)),
    quantified(texts, condition(string)),
    int64.map((wanted) => containing(numbers, wanted)),
    string.map((wanted) => containing(texts, wanted)),
  ]
}

function quantified(array: RandomExpression, lambda: fc.Arbitrary<RandomLambda>): Term {
  return fc.tuple(lambda, fc.constantFrom('any', 'all')).map(([{ text, call }, name]) =>
    over(array, `${name}(${array.text}, ${text})`, (elements, row) => {
      const results: OracleValue[] = []
      for (const element of elements) {
        results.push(call(element, row))
        if (results.at(-1) === (name === 'any')) return name === 'any'
      }
      return results.includes(null) ? null : name === 'all'
    }),
  )
}

function containing(array: RandomExpression, wanted: RandomExpression): RandomExpression {
  return over(array, `array_contains(${array.text}, ${wanted.text})`, (elements, row) => {
    const value = wanted.meaning(row)
    if (value === null) return null
    if (elements.some((element) => element !== null && order(element, value) === 0)) return true
    return elements.includes(null) ? null : false
  })
}

/** The length of what `filter` leaves, elements of what `transform` makes, and reductions. */
export function arrayNumbers({ int64 }: Terms): Term[] {
  const position = fc.integer({ min: 1, max: 5 })
  return [
    condition(int64).map(({ text, call }) =>
      over(numbers, `array_length(filter(xs, ${text}))`, (elements, row) =>
        BigInt(elements.filter((element) => call(element, row) === true).length),
      ),
    ),
    position.map((at) => over(numbers, `xs[${at}]`, (elements) => elements[at - 1] ?? null)),
    fc.tuple(int64, position).map(([term, at]) =>
      over(numbers, `transform(xs, x -> x + ${term.text})[${at}]`, (elements, row) => {
        const results = elements.map((element) => {
          const value = element === null ? null : term.meaning(row)
          return value === null ? null : inRange((element as bigint) + (value as bigint))
        })
        return results[at - 1] ?? null
      }),
    ),
    int64.map((initial) =>
      over(numbers, `reduce(xs, ${initial.text}, (sum, x) -> sum + coalesce(x, 1))`, (elements, row) => {
        let sum = initial.meaning(row) as bigint | null
        for (const element of elements) sum = sum === null ? null : inRange(sum + ((element ?? 1n) as bigint))
        return sum
      }),
    ),
  ]
}

/** Texts of the array of texts, joined and one by one. */
export function arrayTexts({ string }: Terms): Term[] {
  return [
    fc
      .integer({ min: 1, max: 5 })
      .map((at) => over(texts, `ys[${at}]`, (elements) => elements[at - 1] ?? null)),
    string.map((gap) =>
      over(texts, `reduce(ys, '', (all, y) -> all || coalesce(y, ${gap.text}))`, (elements, row) => {
        let all: string | null = ''
        for (const element of elements) {
          if (all === null) break
          const text: OracleValue = element ?? gap.meaning(row)
          all = text === null ? null : all + (text as string)
        }
        return all
      }),
    ),
  ]
}
