/**
 * A value at run time. What it means is known from its static `DataType`:
 * int64 is a number while it is a safe integer and a bigint beyond (canonical: never a bigint within the safe range);
 * double is a number; timestamp is epoch milliseconds as an integer number; an array and a struct are JavaScript
 * arrays, a struct's by field position. A missing value is always `null`, never `undefined`.
 */
export type Value = null | boolean | number | bigint | string | Uint8Array | readonly Value[]

/** A row: the values of a schema's fields, by position. Field names never become object keys, so no name is special. */
export type Row = readonly Value[]

/** Smallest int64. */
export const INT64_MIN = -(2n ** 63n)

/** Largest int64. */
export const INT64_MAX = 2n ** 63n - 1n

/** The canonical int64 value: a number where it is safe, else a bigint. Null where it does not fit into 64 bits. */
export function toInt64(value: bigint): number | bigint | null {
  if (value >= -9007199254740991n && value <= 9007199254740991n) return Number(value)
  return value >= INT64_MIN && value <= INT64_MAX ? value : null
}
