import type { Outcome } from '../outcome.ts'

/** Calls of functions, by name, each with what it comes to over the tests' row (see outcome.ts). */
export type FunctionRows = Readonly<Record<string, readonly (readonly [string, Outcome])[]>>

export const NULL_BOOLEAN = 'cast(null as boolean)'
export const NULL_INT = 'cast(null as int64)'
export const NULL_DOUBLE = 'cast(null as double)'
export const NULL_TEXT = 'cast(null as string)'
export const NULL_TIME = 'cast(null as timestamp)'
export const NULL_BYTES = 'cast(null as bytes)'
export const NULL_TEXTS = 'cast(null as array<string>)'
export const NULL_INTS = 'cast(null as array<int64>)'
export const SMALLEST = '-9223372036854775808'
export const LARGEST = '9223372036854775807'
export const NAN = "cast('NaN' as double)"
/** 65,536 characters. */
export const LONG = `replace('${'a'.repeat(256)}', 'a', '${'b'.repeat(256)}')`
export const BEFORE_1970 = "timestamp '1969-12-31T23:59:59.999Z'"
/** The first and the last timestamp there is. */
export const FIRST_TIME = 'from_epoch_ms(-8640000000000000)'
export const LAST_TIME = 'from_epoch_ms(8640000000000000)'
