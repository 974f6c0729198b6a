import type { Evaluate } from '../expression.ts'
import { unsupported } from '../sql/call-sql.ts'
import type { Value } from '../value.ts'
import { type FunctionRow, overElements, type PlannedLambda, row } from './function.ts'

export const NO_LAMBDA = unsupported('Flink SQL has no functions that call a lambda')

/** Functions that call a lambda for the elements of an array, from the first to the last. */
// biome-ignore format: one row a line, columns aligned
export const LAMBDA_FUNCTIONS: readonly FunctionRow[] = [
  row('all',       ['array<T>', 'T -> boolean'],     'boolean',  'any', overElements(all), NO_LAMBDA,       'True if the condition is true for every element, or there is none; null if it is null for some and false for none.', 'all(numbers, n -> n > 0)'),
  row('any',       ['array<T>', 'T -> boolean'],     'boolean',  'any', overElements(any), NO_LAMBDA,       'True if the condition is true for an element; null if it is null for some and true for none.', 'any(numbers, n -> n = 1)'),
  row('filter',    ['array<T>', 'T -> boolean'],     'array<T>', 'any', overElements(filter), NO_LAMBDA,    'The elements for which the condition is true.',        "filter(tags, tag -> tag like 'n%')[1] = 'new'"),
  row('reduce',    ['array<T>', 'U', '(U, T) -> U'], 'U',        'any', overElements(reduce), NO_LAMBDA,    'Starts with the second argument and makes of it and each element the next value; the last one is the result.', 'reduce(numbers, 0, (sum, n) -> sum + n) > 1'),
  row('transform', ['array<T>', 'T -> U'],           'array<U>', 'any', overElements(transform), NO_LAMBDA, 'What the lambda makes of each element.',               'transform(numbers, n -> n * 2)[1] = 2'),
]

/** An evaluation over an array that is not null. */
type OverArray = (array: readonly Value[], ...rest: Parameters<Evaluate>) => Value

function ofArray(args: readonly Evaluate[], over: OverArray): Evaluate {
  const [source] = args as [Evaluate]
  return (row, context) => {
    const array = source(row, context)
    return array === null ? null : over(array as readonly Value[], row, context)
  }
}

function filter(args: readonly Evaluate[], { call }: PlannedLambda): Evaluate {
  return ofArray(args, (array, row, context) =>
    array.filter((element) => call(row, context, element) === true),
  )
}

function transform(args: readonly Evaluate[], { call, keep }: PlannedLambda): Evaluate {
  return ofArray(args, (array, row, context) => array.map((element) => keep(call(row, context, element))))
}

function any(args: readonly Evaluate[], lambda: PlannedLambda): Evaluate {
  return untilDecided(args, lambda, true)
}

function all(args: readonly Evaluate[], lambda: PlannedLambda): Evaluate {
  return untilDecided(args, lambda, false)
}

/** As `or` (deciding: true) or `and` of the condition over all elements. */
function untilDecided(args: readonly Evaluate[], { call }: PlannedLambda, deciding: boolean): Evaluate {
  return ofArray(args, (array, row, context) => {
    let result: boolean | null = !deciding
    for (const element of array) {
      const value = call(row, context, element)
      if (value === deciding) return deciding
      if (value === null) result = null
    }
    return result
  })
}

function reduce(args: readonly Evaluate[], { call }: PlannedLambda): Evaluate {
  const [, initial] = args as [Evaluate, Evaluate]
  return ofArray(args, (array, row, context) => {
    let result = initial(row, context)
    for (const element of array) result = call(row, context, result, element)
    return result
  })
}
