import { equalScalars } from '../compare.ts'
import { decimalAverageType, decimalSumType } from '../decimal-type.ts'
import {
  concatElements,
  distinctElements,
  exceptElements,
  greatestElement,
  haveElementInCommon,
  intersectElements,
  leastElement,
  meanOf,
  positionOfElement,
  sequenceOf,
  sliceElements,
  sortElements,
  sumOf,
  unionOfElements,
  withoutElement,
} from '../elements.ts'
import type { Evaluate } from '../expression.ts'
import type { Int64 } from '../int64.ts'
import { limitArray } from '../limit-result.ts'
import {
  ARRAY_CONTAINS,
  ARRAY_POSITION,
  ARRAY_REMOVE,
  ARRAYS_OVERLAP,
  arrayLiteral,
  elementAtSql,
  SLICE_FROM,
  SLICE_OF,
} from '../sql/array.ts'
import { bigint, unsupported } from '../sql/call-sql.ts'
import { joinWith } from '../text-edit.ts'
import { type ArrayType, type DataType, scalar } from '../type.ts'
import type { Value } from '../value.ts'
import { type FunctionRow, lazy, type ResultRule, row, strict, typed } from './function.ts'

type Elements = readonly Value[]
type Texts = readonly (string | null)[]

const NO_SUM = unsupported('Flink SQL cannot add up the elements of an array')
const NO_MEAN = unsupported('Flink SQL cannot average the elements of an array')
const NO_SEQUENCE = unsupported('Flink SQL has no sequence of numbers')

const SUM = ofElements((element) => (element.kind === 'decimal' ? decimalSumType(element) : element))
const MEAN = ofElements((element) =>
  element.kind === 'decimal' ? decimalAverageType(element) : scalar('double'),
)

function ofElements(typeFor: (element: DataType) => DataType): ResultRule {
  return { name: 'number', typeFor: ([array]) => typeFor((array as ArrayType).element) }
}

/** Functions of arrays. Positions start at 1; negative ones count from the end. */
// biome-ignore format: one row a line, columns aligned
export const ARRAY_FUNCTIONS: readonly FunctionRow[] = [
  row('array',           ['T', 'T…'],                   'array<T>', 'never',  lazy(makeArray), arrayLiteral, 'The array of the arguments.', 'array(1, 2, 3)[2] = 2'),
  row('array_append',    ['array<T>', 'T'],             'array<T>', 'any',    lazy(withElement((array, value) => [...array, value])), 'ARRAY_APPEND($1, $2)', 'The array with a value, null too, behind its elements.', "array_append(array('a'), 'b')[2] = 'b'"),
  row('array_avg',       ['array<N>'],                  MEAN,       'always', typed(meanOf), NO_MEAN, 'The mean of the elements that are not null; null if there are none.', 'array_avg(array(1, 2)) = 1.5'),
  row('array_concat',    ['array<T>', 'array<T>…'],     'array<T>', 'any',    strict(concatElements), 'ARRAY_CONCAT($*)', 'The elements of the arrays, one behind the other.', 'array_length(array_concat(array(1), array(2, 3))) = 3'),
  row('array_contains',  ['array<E>', 'E'],             'boolean',  'always', strict(contains), ARRAY_CONTAINS, 'True if an element equals the value; null if none does but one is null.', "array_contains(array('new', 'paid'), 'new')"),
  row('array_distinct',  ['array<E>'],                  'array<E>', 'any',    strict(distinctElements), 'ARRAY_DISTINCT($1)', 'The array without elements that stand in it before.', 'array_length(array_distinct(array(1, 2, 1))) = 2'),
  row('array_except',    ['array<E>', 'array<E>'],      'array<E>', 'any',    strict(exceptElements), 'ARRAY_EXCEPT($1, $2)', 'The elements of the first array that do not stand in the second, each once.', 'array_except(array(1, 2), array(1))[1] = 2'),
  row('array_intersect', ['array<E>', 'array<E>'],      'array<E>', 'any',    strict(intersectElements), 'ARRAY_INTERSECT($1, $2)', 'The elements of the first array that stand in the second too, each once.', 'array_intersect(array(1, 2), array(2, 3))[1] = 2'),
  row('array_join',      ['array<string>', 'string'],   'string',   'any',    strict((texts: Texts, separator: string) => joinWith(separator, texts)), 'ARRAY_JOIN($1, $2)', 'The texts that are not null, with a separator between them.', "array_join(array('a', 'b'), '-') = 'a-b'"),
  row('array_join',      ['array<string>', 'string', 'string'], 'string', 'any', strict((texts: Texts, separator: string, forNull: string) => joinWith(separator, texts.map((text) => text ?? forNull))), 'ARRAY_JOIN($1, $2, $3)', 'The texts with a separator between them; null is left out, or stands as the third argument.', "array_join(array('a', null), '-', '?') = 'a-?'"),
  row('array_length',    ['array<T>'],                  'int64',    'any',    strict((array: Elements) => array.length), bigint('CARDINALITY($1)'), 'The number of elements.', 'array_length(array(1, 2)) = 2'),
  row('array_max',       ['array<O>'],                  'O',        'always', strict(greatestElement), 'ARRAY_MAX($1)', 'The greatest element that is not null; null if there is none.', 'array_max(array(1, 3, 2)) = 3'),
  row('array_min',       ['array<O>'],                  'O',        'always', strict(leastElement), 'ARRAY_MIN($1)', 'The least element that is not null; null if there is none.', 'array_min(array(2, 1, 3)) = 1'),
  row('array_position',  ['array<E>', 'E'],             'int64',    'any',    strict(positionOfElement), ARRAY_POSITION, 'The position of the first element that equals the value; 0 if there is none.', "array_position(array('a', 'b'), 'b') = 2"),
  row('array_prepend',   ['array<T>', 'T'],             'array<T>', 'any',    lazy(withElement((array, value) => [value, ...array])), 'ARRAY_PREPEND($1, $2)', 'The array with a value, null too, before its elements.', "array_prepend(array('b'), 'a')[1] = 'a'"),
  row('array_remove',    ['array<E>', 'E'],             'first',    'any',    lazy(withElement(withoutElement)), ARRAY_REMOVE, 'The array without the elements that equal the value, or without nulls if it is null.', "array_length(array_remove(array('a', 'b', 'a'), 'a')) = 1"),
  row('array_reverse',   ['array<T>'],                  'array<T>', 'any',    strict((array: Elements) => array.toReversed()), 'ARRAY_REVERSE($1)', 'The elements from the last to the first.', 'array_reverse(array(1, 2))[1] = 2'),
  row('array_slice',     ['array<T>', 'int64'],         'array<T>', 'any',    strict((array: Elements, start: Int64) => sliceElements(array, start, -1)), SLICE_FROM, 'The elements from a position on.', 'array_slice(array(1, 2, 3), 2)[1] = 2'),
  row('array_slice',     ['array<T>', 'int64', 'int64'], 'array<T>', 'any',   strict(sliceElements), SLICE_OF, 'The elements from a position on, or up to another one, which is part of it.', 'array_length(array_slice(array(1, 2, 3), 1, -2)) = 2'),
  row('array_sort',      ['array<O>'],                  'array<O>', 'any',    strict((array: Elements) => sortElements(array, true)), 'ARRAY_SORT($1)', 'The elements in their order, nulls first.', 'array_sort(array(2, 1))[1] = 1'),
  row('array_sort',      ['array<O>', 'boolean'],       'array<O>', 'any',    strict(sortElements), '(CASE WHEN $2 THEN ARRAY_SORT($1) WHEN NOT $2 THEN ARRAY_SORT($1, FALSE) END)', 'The elements in their order, nulls first, or for false the other way round.', 'array_sort(array(1, 2), false)[1] = 2'),
  row('array_sum',       ['array<N>'],                  SUM,        'always', typed(sumOf), NO_SUM, 'The sum of the elements that are not null; null if there are none.', 'array_sum(array(1, 2)) = 3'),
  row('array_union',     ['array<E>', 'array<E>'],      'array<E>', 'any',    strict(unionOfElements), 'ARRAY_UNION($1, $2)', 'The elements of either array, each once.', 'array_length(array_union(array(1, 2), array(2, 3))) = 3'),
  row('arrays_overlap',  ['array<E>', 'array<E>'],      'boolean',  'any',    strict(haveElementInCommon), ARRAYS_OVERLAP, 'True if a value that is not null stands in both arrays.', 'arrays_overlap(array(1, 2), array(2, 3))'),
  row('element_at',      ['array<T>', 'int64'],         'T',        'always', strict(elementAt), elementAtSql, 'The element at a position (1 is the first, -1 the last); null if there is none.', "element_at(array('a', 'b'), -1) = 'b'"),
  row('sequence',        ['int64', 'int64'],            'array<int64>', 'any', strict((start: Int64, stop: Int64) => sequenceOf(start, stop, 1)), NO_SEQUENCE, 'The whole numbers from one to another.', 'array_sum(sequence(1, 4)) = 10'),
  row('sequence',        ['int64', 'int64', 'int64'],   'array<int64>', 'always', strict(sequenceOf), NO_SEQUENCE, 'The whole numbers from one to another, in steps of 1 or so many; null for a step of 0.', 'sequence(10, 0, -5)[2] = 5'),
]

function makeArray(args: readonly Evaluate[]): Evaluate {
  return (row, context) => limitArray(args.map((argument) => argument(row, context)))
}

/** Null for a null array; the value may be null. */
function withElement(
  change: (array: Elements, value: Value) => Elements,
): (args: readonly Evaluate[]) => Evaluate {
  return ([array, value]) =>
    (row, context) => {
      const elements = (array as Evaluate)(row, context)
      const added = (value as Evaluate)(row, context)
      if (elements === null) return null
      return limitArray(change(elements as Elements, added))
    }
}

function contains(array: Elements, wanted: Value): boolean | null {
  let unknown = false
  for (const element of array) {
    if (element === null) unknown = true
    else if (equalScalars(element, wanted)) return true
  }
  return unknown ? null : false
}

function elementAt(array: Elements, position: Int64): Value {
  const index = Number(position)
  return (index > 0 ? array[index - 1] : array[array.length + index]) ?? null
}
