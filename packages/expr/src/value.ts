/**
 * A value at run time. What it means is known from its static `DataType`:
 * int64 is a number while it is a safe integer and a bigint beyond (canonical: never a bigint within the safe range);
 * a decimal is its digits without the point as such a whole number: 12.50 of decimal(4, 2) is 1250;
 * double is a number; timestamp is epoch milliseconds as an integer number; an array and a struct are JavaScript
 * arrays, a struct's by field position; a map is a JavaScript array too, of key, value, key, value and so on, each key
 * once. A missing value is always `null`, never `undefined`.
 */
export type Value = null | boolean | number | bigint | string | Uint8Array | readonly Value[]

/** A row: the values of a schema's fields, by position. Field names never become object keys, so no name is special. */
export type Row = readonly Value[]

/** Smallest int64. */
export const INT64_MIN = -(2n ** 63n)

/** Largest int64. */
export const INT64_MAX = 2n ** 63n - 1n

/** A whole number as values hold it: a number where it is safe, else a bigint. */
export type Whole = number | bigint

/** The canonical whole number: a number where it is safe, else a bigint. */
export function toWhole(value: bigint): Whole {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value
}

/** The canonical int64 value. Null where it does not fit into 64 bits. */
export function toInt64(value: bigint): Whole | null {
  return value >= INT64_MIN && value <= INT64_MAX ? toWhole(value) : null
}
