import { decodeBase64 } from '../base64.ts'
import { decimalOfShortNumber, readDecimal } from '../decimal.ts'
import { readKeyText } from '../key.ts'
import { isTimestamp, parseTimestamp } from '../timestamp.ts'
import type {
  ArrayType,
  DataType,
  DecimalType,
  Field,
  MapKeyType,
  MapType,
  ScalarKind,
  StructType,
} from '../type.ts'
import { formatKind } from '../type-text.ts'
import { toInt64, type Value } from '../value.ts'
import { exactInteger, MARK, NumberText } from './long-number.ts'
import { Mismatch, missing, notWhole, outOfRange, wrongType } from './mismatch.ts'

/** How the record at hand was read; shared by all readers of one decoder. */
export interface Lane {
  /** A string that begins with `MARK` is the text of a long number. */
  marked: boolean
  /** Strings may contain lone surrogates. */
  repair: boolean
}

/** A parsed JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Turns a parsed JSON value into a value of a type; an absent member is undefined. Throws `Mismatch`. */
type ReadValue = (value: unknown) => Value

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
    const source = numberText(value, lane)
    if (source === undefined) return noValue(value, nullable, 'int64')
    const exact = exactInteger(source)
    if (exact === 'fraction') throw notWhole('int64')
    return (exact === 'large' ? null : toInt64(exact)) ?? fail(outOfRange('int64'))
  }
}

/**
 * The text of a number: that of a long one as it was written, of a short one the shortest that has its double, which
 * has the same value. Undefined for what is no number.
 */
function numberText(value: unknown, lane: Lane): string | undefined {
  return typeof value === 'number' ? String(value) : longNumberText(value, lane)
}

function longNumberText(value: unknown, lane: Lane): string | undefined {
  if (value instanceof NumberText) return value.source
  return lane.marked && typeof value === 'string' && value.startsWith(MARK) ? value.slice(1) : undefined
}

function doubleReader({ lane, nullable }: Scalar): ReadValue {
  return (value) => {
    if (Number.isFinite(value)) return value as number
    const source = numberText(value, lane)
    if (source === undefined) return noValue(value, nullable, 'double')
    const double = Number(source)
    return Number.isFinite(double) ? double : fail(outOfRange('double'))
  }
}

function decimalReader(type: DecimalType, lane: Lane): ReadValue {
  const { precision, scale, nullable } = type
  const name = formatKind(type)
  const bound = 10 ** Math.min(precision, 15)
  return (value) => {
    if (typeof value === 'number') {
      const short = decimalOfShortNumber(value, scale)
      if (short !== null && Math.abs(short) < bound) return short
      if (!Number.isFinite(value)) throw outOfRange(name)
    }
    const source = numberText(value, lane) ?? (typeof value === 'string' ? value : undefined)
    if (source === undefined) return noValue(value, nullable, name)
    const decimal = readDecimal(source, precision, scale)
    if (decimal === null) throw new Mismatch('wrong_type', `expected ${name}, found a text that is no number`)
    if (decimal === 'overflow') throw outOfRange(name)
    if (!decimal.exact) throw new Mismatch('wrong_type', tooFine(name, scale))
    return decimal.value
  }
}

function tooFine(name: string, scale: number): string {
  return `expected ${name}, found a number with more than ${scale} digits behind the point`
}

function stringReader({ lane, nullable }: Scalar): ReadValue {
  return (value) => {
    if (typeof value !== 'string') return noValue(value, nullable, 'string')
    if (lane.marked && value.startsWith(MARK)) throw wrongType('string', new NumberText(value))
    return lane.repair ? value.toWellFormed() : value
  }
}

function timestampReader({ lane, nullable }: Scalar): ReadValue {
  return (value) => {
    if (typeof value === 'number' && isTimestamp(value)) return value + 0
    const source = numberText(value, lane)
    if (source === undefined) {
      if (typeof value !== 'string') return noValue(value, nullable, 'timestamp')
      return parseTimestamp(value) ?? fail(new Mismatch('wrong_type', NO_TIMESTAMP))
    }
    const exact = exactInteger(source)
    if (exact === 'fraction') throw notWhole('timestamp')
    return exact !== 'large' && isTimestamp(Number(exact)) ? Number(exact) : fail(outOfRange('timestamp'))
  }
}

const NO_TIMESTAMP = 'expected timestamp, found a text that is no ISO 8601 time'

function bytesReader({ lane, nullable }: Scalar): ReadValue {
  return (value) => {
    if (typeof value !== 'string' || longNumberText(value, lane) !== undefined)
      return noValue(value, nullable, 'bytes')
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
  if (type.kind === 'decimal') return decimalReader(type, lane)
  if (type.kind === 'array') return arrayReader(type, lane)
  if (type.kind === 'map') return mapReader(type, lane)
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

/** Reads all members of an object; their names are the keys. */
function mapReader({ key, value: type, nullable }: MapType, lane: Lane): ReadValue {
  const read = readerOf(type, lane)
  return (value) => {
    if (!isObject(value)) return noValue(value, nullable, 'map')
    const members = lane.repair ? withWellFormedNames(value) : value
    let name = ''
    try {
      const entries: Value[] = []
      for (name of Object.keys(members)) entries.push(readMapKey(name, key), read(members[name]))
      return entries
    } catch (error) {
      throw error instanceof Mismatch ? error.within(name) : error
    }
  }
}
/** Two names that differ in lone surrogates may become one; of these the last counts. */
function withWellFormedNames(object: JsonObject): JsonObject {
  const names = Object.keys(object)
  if (names.every((name) => name.isWellFormed())) return object
  const members: Record<string, unknown> = Object.create(null)
  for (const name of names) members[name.toWellFormed()] = object[name]
  return members
}

function readMapKey(name: string, type: MapKeyType): Value {
  if (type.kind === 'string') return name
  const key = readKeyText(name, type)
  if (key !== undefined) return key
  throw new Mismatch('wrong_type', `expected a key of type ${formatKind(type)}`)
}

function structReader(type: StructType, lane: Lane): ReadValue {
  const read = objectReader(type.fields, lane)
  return (value) => (isObject(value) ? read(value) : noValue(value, type.nullable, 'struct'))
}

/** True for JSON objects. */
export function isObject(value: unknown): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText)
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
