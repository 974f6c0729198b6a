import { equalScalars } from '../compare.ts'
import type { Int64 } from '../int64.ts'
import type { Value } from '../value.ts'
import { type FunctionRow, row, strict } from './function.ts'

/** Functions of arrays. Positions start at 1. */
// biome-ignore format: one row a line, columns aligned
export const ARRAY_FUNCTIONS: readonly FunctionRow[] = [
  row('array_contains', ['array<E>', 'E'],     'boolean', 'always', strict(contains),  'True if an element equals the value; null if none does but one is null.', "array_contains(tags, 'new')"),
  row('array_length',   ['array<T>'],          'int64',   'any',    strict((array: readonly Value[]) => array.length), 'The number of elements.',  'array_length(tags) = 2'),
  row('element_at',     ['array<T>', 'int64'], 'T',       'always', strict(elementAt), 'The element at a position (1 is the first, -1 the last); null if there is none.', "element_at(tags, 1) = 'new'"),
]

function contains(array: readonly Value[], wanted: Value): boolean | null {
  let unknown = false
  for (const element of array) {
    if (element === null) unknown = true
    else if (equalScalars(element, wanted)) return true
  }
  return unknown ? null : false
}

function elementAt(array: readonly Value[], position: Int64): Value {
  const index = Number(position)
  return (index > 0 ? array[index - 1] : array[array.length + index]) ?? null
}
