import type { SyntaxNode } from '@lezer/common'
import { readDecimal } from './decimal.ts'
import { narrowestType } from './decimal-type.ts'
import { decodeHex } from './hex.ts'
import { issueAt, type Reading } from './issue.ts'
import type { DecimalLiteral, IntervalSyntax, LiteralSyntax, Span, Syntax } from './syntax.ts'
import { parseTimestamp } from './timestamp.ts'
import { part, parts, textOf, unquote } from './tree.ts'
import { MAX_PRECISION } from './type.ts'
import { toInt64, type Value } from './value.ts'

const SECOND = 1000

/** The units of an interval: a fixed length in milliseconds, or a number of calendar months. */
const UNITS: ReadonlyMap<string, { readonly months: number; readonly milliseconds: number }> = new Map([
  ['millisecond', fixed(1)],
  ['second', fixed(SECOND)],
  ['minute', fixed(60 * SECOND)],
  ['hour', fixed(3600 * SECOND)],
  ['day', fixed(86_400 * SECOND)],
  ['week', fixed(7 * 86_400 * SECOND)],
  ['month', calendar(1)],
  ['quarter', calendar(3)],
  ['year', calendar(12)],
])

function fixed(milliseconds: number) {
  return { months: 0, milliseconds }
}

function calendar(months: number) {
  return { months, milliseconds: 0 }
}

const INTERVAL_COUNT = /^-?\d{1,15}$/

/** Reads a String, Boolean or Null node. */
export function readLiteral(node: SyntaxNode, reading: Reading): LiteralSyntax {
  const written = textOf(node, reading.text)
  if (node.name === 'String') return literal(node, 'string', unquote(written))
  if (node.name === 'Boolean') return literal(node, 'boolean', written.toLowerCase() === 'true')
  return literal(node, 'null', null)
}

/**
 * Reads a Number node: without a point and an exponent it is an int64, else a double. `negative` where a minus sign
 * stands before it.
 */
export function readNumber(node: SyntaxNode, negative: boolean, reading: Reading): LiteralSyntax {
  const written = (negative ? '-' : '') + textOf(node, reading.text)
  const isInteger = /^-?\d+$/.test(written)
  const value = isInteger ? toInt64(BigInt(written)) : Number(written)
  if (value !== null && (isInteger || Number.isFinite(value))) {
    const result = literal(node, isInteger ? 'int64' : 'double', value)
    return isInteger ? result : { ...result, decimal: decimalOf(written) ?? undefined }
  }
  reading.issues.push(
    issueAt('invalid_literal', node, `This number is beyond the range of ${isInteger ? 'int64' : 'double'}`),
  )
  return literal(node, 'int64', 0)
}

const PLAIN_NUMBER = /^[+-]?(\d*)(?:\.(\d*))?$/

/** A number written without an exponent as a decimal of the digits that it is written with; null for another text. */
function decimalOf(text: string): DecimalLiteral | null {
  const [, whole = '', fraction = ''] = PLAIN_NUMBER.exec(text) ?? []
  if (whole + fraction === '' || fraction.length > MAX_PRECISION) return null
  const result = readDecimal(text, MAX_PRECISION, fraction.length)
  if (result === null || result === 'overflow') return null
  return { type: narrowestType(result.value, fraction.length), value: result.value }
}

/** Reads `timestamp '…'`, `interval '…' unit`, `decimal '…'` or `x'…'`. */
export function readTypedLiteral(node: SyntaxNode, reading: Reading): Syntax {
  const [word, string, unit] = parts(node).map((child) => textOf(child, reading.text))
  const text = unquote(string ?? '')
  const kind = word?.toLowerCase()
  if (kind === 'interval') return readInterval(node, text, unit, reading)
  if (unit !== undefined) return wrong(part(parts(node), 2), `${unit} is not expected here`, reading)
  if (kind === 'timestamp') return readTimestamp(node, text, reading)
  if (kind === 'decimal') return readDecimalLiteral(node, text, reading)
  if (kind === 'x') return readBytes(node, text, reading)
  const message = `${word} cannot stand before a text; only timestamp, interval, decimal and x can. Is an operator missing?`
  return wrong(node, message, reading)
}

function readTimestamp(at: Span, text: string, reading: Reading): LiteralSyntax {
  const value = parseTimestamp(text)
  return value === null ? wrong(at, notATimestamp(text), reading) : literal(at, 'timestamp', value)
}

/** What is said about a text that should be a timestamp. */
export function notATimestamp(text: string): string {
  return `'${text}' is no timestamp: write it like '2026-01-31T10:00:00Z'`
}

function readDecimalLiteral(at: Span, text: string, reading: Reading): LiteralSyntax {
  const decimal = decimalOf(text)
  if (decimal === null)
    return wrong(at, `A decimal has up to ${MAX_PRECISION} digits and no exponent: decimal '12.50'`, reading)
  return { ...literal(at, 'decimal', decimal.value), decimal }
}

function readBytes(at: Span, text: string, reading: Reading): LiteralSyntax {
  const bytes = decodeHex(text)
  if (bytes === null) return wrong(at, "Bytes are written as pairs of hexadecimal digits: x'0aff'", reading)
  return literal(at, 'bytes', bytes)
}

function readInterval(at: Span, text: string, unit: string | undefined, reading: Reading): Syntax {
  const size = UNITS.get((unit ?? '').toLowerCase().replace(/s$/, ''))
  if (size !== undefined && INTERVAL_COUNT.test(text)) {
    const months = Number(text) * size.months
    const milliseconds = Number(text) * size.milliseconds
    if (Number.isSafeInteger(months) && Number.isSafeInteger(milliseconds))
      return { kind: 'interval', months, milliseconds, from: at.from, to: at.to } satisfies IntervalSyntax
  }
  const units = [...UNITS.keys()].join(', ')
  return wrong(at, `An interval is a whole number and a unit (${units}), as in interval '5' minute`, reading)
}

function wrong(at: Span, message: string, reading: Reading): LiteralSyntax {
  reading.issues.push(issueAt('invalid_literal', at, message))
  return literal(at, 'null', null)
}

function literal(at: Span, kind: LiteralSyntax['literal'], value: Value): LiteralSyntax {
  return { kind: 'literal', literal: kind, value, from: at.from, to: at.to }
}
