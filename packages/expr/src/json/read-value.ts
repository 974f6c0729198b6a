import { decodeBase64 } from '../base64.ts'
import { isTimestamp, parseTimestamp } from '../timestamp.ts'
import type { ArrayType, DataType, Field, ScalarKind, StructType } from '../type.ts'
import { toInt64, type Value } from '../value.ts'
import { FineFraction } from './exact-number.ts'
import { Mismatch, missing, outOfRange, wrongType } from './mismatch.ts'

/** How the record at hand is read; shared by all readers of one decoder. */
export interface Lane {
  /** Numbers were read by `reviveExactly`. */
  exact: boolean
  /** Set by a reader that needs an exact number but has none: the record must be read again. */
  inexact: boolean
  /** Strings may contain lone surrogates. */
  repair: boolean
}

/** A parsed JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Turns a parsed JSON value into a value of a type; an absent member is undefined. Throws `Mismatch`. */
type ReadValue = (value: unknown) => Value

const INT64_BOUND = 2 ** 63

/** What a reader of a scalar type needs to know. */
interface Scalar {
  readonly lane: Lane
  readonly nullable: boolean
}

const SCALARS: Readonly<Record<ScalarKind, (scalar: Scalar) => ReadValue>> = {
  boolean: booleanReader,
  int64: int64Reader,
  double: doubleReader,
  string: stringReader,
  timestamp: timestampReader,
  bytes: bytesReader,
}

// Each reader asks first for what nearly every record has, and only then for null and for the rest.

function booleanReader({ nullable }: Scalar): ReadValue {
  return (value) => (typeof value === 'boolean' ? value : noValue(value, nullable, 'boolean'))
}

function int64Reader({ lane, nullable }: Scalar): ReadValue {
  return (value) => {
    // `+ 0` turns −0 into 0.
    if (Number.isSafeInteger(value)) return (value as number) + 0
    if (typeof value === 'bigint') return toInt64(value) ?? fail(outOfRange('int64'))
    if (typeof value !== 'number') return noValue(value, nullable, 'int64')
    if (lane.exact || !Number.isInteger(value)) {
      throw Math.abs(value) >= INT64_BOUND ? outOfRange('int64') : wrongType('int64', value)
    }
    lane.inexact = true
    return 0
  }
}

function doubleReader({ nullable }: Scalar): ReadValue {
  return (value) => {
    if (Number.isFinite(value)) return value as number
    if (typeof value === 'bigint') return Number(value)
    if (value instanceof FineFraction) return value.double
    return typeof value === 'number' ? fail(outOfRange('double')) : noValue(value, nullable, 'double')
  }
}

function stringReader({ lane, nullable }: Scalar): ReadValue {
  return (value) => {
    if (typeof value !== 'string') return noValue(value, nullable, 'string')
    return lane.repair ? value.toWellFormed() : value
  }
}

function timestampReader({ nullable }: Scalar): ReadValue {
  return (value) => {
    if (typeof value === 'number' && isTimestamp(value)) return value + 0
    if (typeof value === 'string')
      return parseTimestamp(value) ?? fail(new Mismatch('wrong_type', NO_TIMESTAMP))
    if (typeof value !== 'number' && typeof value !== 'bigint') return noValue(value, nullable, 'timestamp')
    throw Number.isFinite(value) && !Number.isInteger(value)
      ? wrongType('timestamp', value)
      : outOfRange('timestamp')
  }
}

const NO_TIMESTAMP = 'expected timestamp, found a text that is no ISO 8601 time'

function bytesReader({ nullable }: Scalar): ReadValue {
  return (value) => {
    if (typeof value !== 'string') return noValue(value, nullable, 'bytes')
    return (
      decodeBase64(value) ??
      fail(new Mismatch('wrong_type', 'expected bytes, found a text that is no base64'))
    )
  }
}

/** What stands for a value that is not of the expected JSON type: null if that is what it is and null is allowed. */
function noValue(value: unknown, nullable: boolean, expected: string): null {
  if (value !== null && value !== undefined) throw wrongType(expected, value)
  if (nullable) return null
  throw missing()
}

function fail(mismatch: Mismatch): never {
  throw mismatch
}

function readerOf(type: DataType, lane: Lane): ReadValue {
  if (type.kind === 'array') return arrayReader(type, lane)
  if (type.kind === 'struct') return structReader(type, lane)
  return SCALARS[type.kind]({ lane, nullable: type.nullable })
}

function arrayReader({ element, nullable }: ArrayType, lane: Lane): ReadValue {
  const read = readerOf(element, lane)
  return (value) => {
    if (!Array.isArray(value)) return noValue(value, nullable, 'array')
    let index = 0
    try {
      const result: Value[] = []
      for (; index < value.length; index++) result.push(read(value[index]))
      return result
    } catch (error) {
      throw error instanceof Mismatch ? error.within(index) : error
    }
  }
}

function structReader(type: StructType, lane: Lane): ReadValue {
  const read = objectReader(type.fields, lane)
  return (value) => (isObject(value) ? read(value) : noValue(value, type.nullable, 'struct'))
}

/** True for JSON objects. */
export function isObject(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof FineFraction)
  )
}

/** Reads the members of an object by the fields' names into an array by their positions; other members are ignored. */
export function objectReader(fields: readonly Field[], lane: Lane): (object: JsonObject) => Value[] {
  const names = fields.map((field) => field.name)
  const readers = fields.map((field) => readerOf(field.type, lane))
  const empty: readonly Value[] = names.map(() => null)
  const own = names.some((name) => name in Object.prototype) ? ownMembers(names) : same
  return (object) => {
    const members = own(object)
    let i = 0
    try {
      const row = empty.slice()
      for (; i < names.length; i++) row[i] = (readers[i] as ReadValue)(members[names[i] as string])
      return row
    } catch (error) {
      throw error instanceof Mismatch ? error.within(names[i] as string) : error
    }
  }
}

function same(object: JsonObject): JsonObject {
  return object
}

/**
 * Copies the own members of these names to an object that inherits none. Asking for own members takes time, so it is
 * asked only where a name is also one that every object inherits, such as `constructor`.
 */
function ownMembers(names: readonly string[]): (object: JsonObject) => JsonObject {
  return (object) => {
    const members: Record<string, unknown> = Object.create(null)
    for (const name of names) if (Object.hasOwn(object, name)) members[name] = object[name]
    return members
  }
}
