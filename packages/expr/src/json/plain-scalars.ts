import { decodeBase64 } from '../base64.ts'
import { decimalOfShortNumber } from '../decimal.ts'
import { type Latin1Slice, platform } from '../platform.ts'
import { isTimestamp, parseTimestamp } from '../timestamp.ts'
import type { DecimalType, ScalarKind } from '../type.ts'
import type { Value } from '../value.ts'
import { BYTE, endOfRun, endOfText, NOT_PLAIN, skipDigits, skipWhole, skipWord } from './json-bytes.ts'

/** What a reader found. */
export interface Found {
  value: Value
}

/** Reads a value that is plain and not null into `found`; returns the position behind it, or `NOT_PLAIN`. */
export type ReadPlain = (bytes: Uint8Array, at: number, end: number, found: Found) => number

/** Characters of which a number is the only one with its double, and a whole one is exact. */
const EXACT_DIGITS = 15
/**
 * These are doubles, so that a division by one of them rounds as the number itself does (Clinger, "How to read floating
 * point numbers accurately", 1990).
 */
const POWERS = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, i) => Number(`1e${i}`))

/** How plain values of the scalar types are read. */
export const PLAIN_SCALARS: Readonly<Record<ScalarKind, ReadPlain>> = {
  boolean: readBoolean,
  int64: readWhole,
  double: readNumber,
  string: readString,
  timestamp: readTimestamp,
  bytes: readBytes,
}

function readBoolean(bytes: Uint8Array, at: number, _end: number, found: Found): number {
  found.value = bytes[at] === BYTE.true
  return found.value || bytes[at] === BYTE.false ? skipWord(bytes, at) : NOT_PLAIN
}

function readWhole(bytes: Uint8Array, from: number, end: number, found: Found): number {
  const at = readNumber(bytes, from, end, found)
  if (at === NOT_PLAIN || !Number.isInteger(found.value)) return NOT_PLAIN
  // `+ 0` turns −0 into 0.
  found.value = (found.value as number) + 0
  return at
}

function readNumber(bytes: Uint8Array, from: number, end: number, found: Found): number {
  const point = skipWhole(bytes, from, end)
  if (point === NOT_PLAIN) return NOT_PLAIN
  const hasFraction = bytes[point] === BYTE.point
  const at = hasFraction ? skipDigits(bytes, point + 1, end) : point
  const digits = hasFraction ? at - point - 1 : 0
  if (at - from > EXACT_DIGITS || (hasFraction && digits === 0)) return NOT_PLAIN
  const isNegative = bytes[from] === BYTE.minus
  let number = addDigits(0, bytes, isNegative ? from + 1 : from, point)
  if (hasFraction) number = addDigits(number, bytes, point + 1, at) / (POWERS[digits] as number)
  found.value = isNegative ? -number : number
  return at
}

function addDigits(before: number, bytes: Uint8Array, from: number, to: number): number {
  let value = before
  for (let i = from; i < to; i++) value = value * 10 + (bytes[i] as number) - BYTE.zero
  return value
}

function readString(bytes: Uint8Array, at: number, end: number, found: Found): number {
  if (bytes[at] !== BYTE.quote) return NOT_PLAIN
  const run = endOfRun(bytes, at + 1, end)
  const quote = bytes[run] === BYTE.quote ? run : endOfText(bytes, run, end)
  if (quote === NOT_PLAIN) return NOT_PLAIN
  found.value = quote === run ? asciiText(bytes, at + 1, quote) : readText(bytes, at + 1, quote)
  return quote + 1
}

function readTimestamp(bytes: Uint8Array, from: number, end: number, found: Found): number {
  if (bytes[from] === BYTE.quote) return readWritten(bytes, from, end, found, parseTimestamp)
  const at = readWhole(bytes, from, end, found)
  return at !== NOT_PLAIN && isTimestamp(found.value as number) ? at : NOT_PLAIN
}

function readBytes(bytes: Uint8Array, from: number, end: number, found: Found): number {
  return readWritten(bytes, from, end, found, decodeBase64)
}

/** A value that is written as a text; null stands for one that is none. */
function readWritten(
  bytes: Uint8Array,
  from: number,
  end: number,
  found: Found,
  parse: (text: string) => Value,
): number {
  const at = readString(bytes, from, end, found)
  if (at === NOT_PLAIN) return NOT_PLAIN
  found.value = parse(found.value as string)
  return found.value === null ? NOT_PLAIN : at
}

/** Reads plain decimals of a type. */
export function plainDecimalReader({ precision, scale }: DecimalType): ReadPlain {
  const bound = 10 ** Math.min(precision, 15)
  return (bytes, from, end, found) => {
    const at = readNumber(bytes, from, end, found)
    if (at === NOT_PLAIN) return NOT_PLAIN
    found.value = decimalOfShortNumber(found.value as number, scale)
    return found.value !== null && Math.abs(found.value) < bound ? at : NOT_PLAIN
  }
}

const latin1Slice = platform.Buffer?.prototype.latin1Slice
const decoder = new platform.TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** True where the platform makes texts of bytes fast enough. */
export const CAN_READ_TEXT = latin1Slice !== undefined

/** The text between two positions, of well-formed UTF-8. */
export function readText(bytes: Uint8Array, from: number, to: number): string {
  return decoder.decode(bytes.subarray(from, to))
}

function asciiText(bytes: Uint8Array, from: number, to: number): string {
  return (latin1Slice as Latin1Slice).call(bytes, from, to)
}
