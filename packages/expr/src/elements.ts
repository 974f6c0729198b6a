import { equalScalars } from './compare.ts'
import { addDecimals, divideDecimals } from './decimal.ts'
import type { StrictFunction } from './functions/function.ts'
import { encodeHex } from './hex.ts'
import { addInt64, type Int64 } from './int64.ts'
import { limitElements } from './limit-result.ts'
import { compareText } from './text.ts'
import type { ArrayType, DataType, DecimalType } from './type.ts'
import { toWhole, type Value, type Whole } from './value.ts'
import { fitted } from './widen.ts'

/** Elements of an array that are compared with one another: all null or of one scalar type. */
type Elements = readonly Value[]

/** What stands for an element where equal ones are to be found: null is one value and so is NaN. */
function identityOf(element: Value): Value {
  return element instanceof Uint8Array ? encodeHex(element) : element
}

/** The first of all elements that are equal. */
export function distinctElements(array: Elements): Elements {
  return firstOfEqual(array, () => true)
}

function firstOfEqual(array: Elements, isWanted: (identity: Value) => boolean): Elements {
  const seen = new Set<Value>()
  return array.filter((element) => {
    const identity = identityOf(element)
    if (seen.has(identity) || !isWanted(identity)) return false
    seen.add(identity)
    return true
  })
}

/** The elements of either array, each once. */
export function unionOfElements(a: Elements, b: Elements): Elements {
  return distinctElements([...a, ...b])
}

/** The elements of the first array that stand in the second one, each once. */
export function intersectElements(a: Elements, b: Elements): Elements {
  const others = new Set(b.map(identityOf))
  return firstOfEqual(a, (identity) => others.has(identity))
}

/** The elements of the first array that do not stand in the second one, each once. */
export function exceptElements(a: Elements, b: Elements): Elements {
  const others = new Set(b.map(identityOf))
  return firstOfEqual(a, (identity) => !others.has(identity))
}

/** True if a value that is not null stands in both arrays. */
export function haveElementInCommon(a: Elements, b: Elements): boolean {
  return intersectElements(a, b).some((element) => element !== null)
}

/** Where the first element equal to a value stands, from 1; 0 where there is none. */
export function positionOfElement(array: Elements, wanted: Value): number {
  return array.findIndex((element) => element !== null && equalScalars(element, wanted)) + 1
}

/** The elements that do not equal a value, or with null those that are not null. */
export function withoutElement(array: Elements, removed: Value): Elements {
  if (removed === null) return array.filter((element) => element !== null)
  return array.filter((element) => element === null || !equalScalars(element, removed))
}

/** Negative, 0 or positive as a stands before, with or behind b: null first, NaN last. */
function compareElements(a: Value, b: Value): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null)
  if (typeof a === 'string') return compareText(a, b as string)
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return (a as number) < (b as number) ? -1 : Number((a as number) > (b as number))
}

/** The elements in their order, null first, or the other way round. */
export function sortElements(array: Elements, ascending: boolean): Elements {
  return array.toSorted(ascending ? compareElements : (a, b) => compareElements(b, a))
}

/** The least element that is not null; null where there is none. */
export function leastElement(array: Elements): Value {
  return bestElement(array, (candidate, best) => compareElements(candidate, best) < 0)
}

/** The greatest element that is not null, NaN if there is one; null where there is none. */
export function greatestElement(array: Elements): Value {
  return bestElement(array, (candidate, best) => compareElements(candidate, best) > 0)
}

function bestElement(array: Elements, isBetter: (candidate: Value, best: Value) => boolean): Value {
  let best: Value = null
  for (const element of array)
    if (element !== null && (best === null || isBetter(element, best))) best = element
  return best
}

/**
 * Makes the sum of the elements that are not null, null where there is none: exact for int64 (throws `int64_overflow`)
 * and for decimals (undefined where it has too many digits).
 */
export function sumOf([array]: readonly DataType[], result: DataType): StrictFunction {
  const { kind } = (array as ArrayType).element
  if (kind === 'int64') return (elements: Elements) => addUp(elements, addInt64)
  if (kind === 'double')
    return (elements: Elements) => addUp(elements, (a, b) => (a as number) + (b as number))
  const { precision } = result as DecimalType
  return (elements: Elements) => {
    const sum = addUp(elements, addDecimals)
    return sum === null ? null : fitted(sum, precision)
  }
}

function addUp(elements: Elements, add: (a: Whole, b: Whole) => Whole): Whole | null {
  const present = elements.filter((element) => element !== null) as readonly Whole[]
  return present.length === 0 ? null : present.reduce(add)
}

/** Makes the mean of the elements that are not null, null where there is none: exact for decimals, else a double. */
export function meanOf([array]: readonly DataType[], result: DataType): StrictFunction {
  const { element } = array as ArrayType
  if (element.kind !== 'decimal') return meanOfNumbers
  const { precision, scale } = result as DecimalType
  const shift = scale - element.scale
  return (elements: Elements) => {
    const sum = addUp(elements, addDecimals)
    const count = elements.filter((one) => one !== null).length
    return sum === null ? null : fitted(divideDecimals(sum, count, shift), precision)
  }
}

function meanOfNumbers(elements: Elements): number | null {
  const present = elements.filter((element) => element !== null)
  return present.length === 0
    ? null
    : present.reduce<number>((sum, one) => sum + Number(one), 0) / present.length
}

/** The elements from one position to another, both inclusive: 1 is the first, −1 the last, 0 stands before the first. */
export function sliceElements(array: Elements, start: Int64, end: Int64): Elements {
  const from = start < 0 ? Math.max(0, array.length + Number(start)) : Math.max(0, Number(start) - 1)
  const to = end < 0 ? array.length + Number(end) + 1 : Number(end)
  return to <= from ? [] : array.slice(from, to)
}

/** The elements of several arrays, one behind the other; throws `result_too_long`. */
export function concatElements(...arrays: Elements[]): Elements {
  limitElements(arrays.reduce((sum, array) => sum + array.length, 0))
  return arrays.flat(1) as Elements
}

/** The whole numbers from one to another by a step, null where the step is 0; throws `result_too_long`. */
export function sequenceOf(start: Int64, stop: Int64, step: Int64): Elements | null {
  if (step === 0) return null
  const [first, last, by] = [BigInt(start), BigInt(stop), BigInt(step)]
  const count = by > 0n === last >= first || first === last ? (last - first) / by + 1n : 0n
  limitElements(Number(count))
  return Array.from({ length: Number(count) }, (_, i) => toWhole(first + by * BigInt(i)))
}
