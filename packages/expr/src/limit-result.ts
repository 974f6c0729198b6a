import { EvaluationError } from './expression.ts'
import { LIMITS } from './limits.ts'
import type { Value } from './value.ts'

/** Throws `result_too_long` where an array that an expression is about to make would have too many elements. */
export function limitElements(count: number): void {
  const limit = LIMITS.arrayLength
  if (count <= limit) return
  throw new EvaluationError('result_too_long', `The result has ${count} elements, the limit is ${limit}`)
}

/** As `limitArray` for a map, whose entries count. */
export function limitMap(entries: readonly Value[]): readonly Value[] {
  limitElements(entries.length / 2)
  return limitSize(entries)
}

/**
 * Hands on an array that an expression made. Throws `result_too_long` where it has too many elements, or all that
 * is in it too many characters and elements: one text may stand in it many times without taking space, until it is sent.
 */
export function limitArray(array: readonly Value[]): readonly Value[] {
  limitElements(array.length)
  return limitSize(array)
}

function limitSize(array: readonly Value[]): readonly Value[] {
  if (sizeWithin(array, LIMITS.keptSize) > LIMITS.keptSize)
    throw new EvaluationError('result_too_long', `The result holds more than ${LIMITS.keptSize} characters`)
  return array
}

/** Characters and elements of all that is in an array; anything above the limit where it is more. */
function sizeWithin(array: readonly Value[], limit: number): number {
  let size = array.length
  for (const element of array) {
    if (size > limit) return size
    if (typeof element === 'string' || element instanceof Uint8Array) size += element.length
    else if (Array.isArray(element)) size += sizeWithin(element as readonly Value[], limit - size)
  }
  return size
}
