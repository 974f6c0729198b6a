import { parseTimestamp } from '@millrace/expr'
import { SCHEMA_SOURCE_LIMITS } from './proposal.ts'

/** What kinds of values JSON has, beside null. */
export const JSON_KINDS = ['boolean', 'number', 'text', 'array', 'object'] as const

/** A kind of JSON value. */
export type JsonKind = (typeof JSON_KINDS)[number]

/** All that was seen at one place of JSON records. */
export interface Shape {
  /** Values, nulls included. */
  seen: number
  nulls: number
  readonly kinds: Record<JsonKind, number>
  readonly numbers: NumberFacts
  /** Texts that are ISO 8601 with a clock time. */
  isoTimes: number
  /** How often each text was seen; null where there are too many. */
  texts: Map<string, number> | null
  /** Of the elements of arrays; null where there was none. */
  elements: Shape | null
  /** Of the members of objects. */
  readonly members: Map<string, Shape>
  /** Members over all objects. */
  memberCount: number
  /** Members that were not looked at: too many, too deep, or with too long a name. */
  unread: number
}

/** What was seen of numbers. */
export interface NumberFacts {
  fractions: number
  /** Whole numbers that int64 cannot hold. */
  huge: number
  /** Whole numbers from 2001 to 2100 in epoch ms. */
  likeMs: number
  /** The same in epoch s. */
  likeS: number
  /** Digits before and behind the point. */
  whole: number
  scale: number
}

/** 2001-09-09 to 2099, epoch ms. */
const TIME_RANGE = [1e12, 4.1e12] as const
const INT64_BOUND = 2 ** 63
/** More different texts than this are no set of values. */
const MAX_TEXTS = 50
const MAX_TEXT_LENGTH = 64

/** A shape of which nothing was seen. */
export function emptyShape(): Shape {
  return {
    ...{ seen: 0, nulls: 0, isoTimes: 0, memberCount: 0, unread: 0, elements: null },
    kinds: { boolean: 0, number: 0, text: 0, array: 0, object: 0 },
    numbers: { fractions: 0, huge: 0, likeMs: 0, likeS: 0, whole: 0, scale: 0 },
    texts: new Map(),
    members: new Map(),
  }
}

/** Adds a parsed JSON value at so many levels; undefined, and what JSON does not have, count as null. */
export function observe(shape: Shape, value: unknown, depth = 1): void {
  shape.seen++
  const kind = kindOf(value)
  if (kind === null) {
    shape.nulls++
    return
  }
  shape.kinds[kind]++
  if (kind === 'number') observeNumber(shape.numbers, value as number)
  else if (kind === 'text') observeText(shape, value as string)
  else if (kind === 'array') observeElements(shape, value as readonly unknown[], depth)
  else if (kind === 'object') observeMembers(shape, value as object, depth)
}

function kindOf(value: unknown): JsonKind | null {
  if (Array.isArray(value)) return 'array'
  switch (typeof value) {
    case 'boolean':
    case 'number':
      return typeof value as 'boolean' | 'number'
    case 'string':
      return 'text'
    case 'object':
      return value === null ? null : 'object'
    default:
      return null
  }
}

function observeNumber(facts: NumberFacts, value: number): void {
  const isWhole = Number.isInteger(value)
  if (!isWhole) facts.fractions++
  else if (value >= INT64_BOUND || value < -INT64_BOUND) facts.huge++
  if (isWhole && isBetween(value, TIME_RANGE)) facts.likeMs++
  if (isWhole && isBetween(value * 1000, TIME_RANGE)) facts.likeS++
  const digits = digitsOf(value)
  facts.whole = Math.max(facts.whole, digits.whole)
  facts.scale = Math.max(facts.scale, digits.scale)
}

function isBetween(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value <= high
}

/** Those of the shortest text of the number; more than any decimal has where that has an exponent. */
function digitsOf(value: number): { readonly whole: number; readonly scale: number } {
  const text = String(Math.abs(value))
  if (!/^\d+(?:\.\d+)?$/.test(text)) return { whole: 99, scale: 0 }
  const [whole = '', fraction = ''] = text.split('.')
  return { whole: whole === '0' ? 0 : whole.length, scale: fraction.length }
}

function observeText(shape: Shape, text: string): void {
  if (isIsoTime(text)) shape.isoTimes++
  const { texts } = shape
  if (texts === null) return
  texts.set(text, (texts.get(text) ?? 0) + 1)
  if (texts.size > MAX_TEXTS || text.length > MAX_TEXT_LENGTH) shape.texts = null
}

/** With a clock time: a plain `2026-01-31` may as well be a name. */
function isIsoTime(text: string): boolean {
  return text.length <= 40 && /^\d{4}-\d\d-\d\d[T ]\d\d:/.test(text) && parseTimestamp(text) !== null
}

function observeElements(shape: Shape, array: readonly unknown[], depth: number): void {
  if (array.length === 0) return
  if (depth >= SCHEMA_SOURCE_LIMITS.depth) {
    shape.unread++
    return
  }
  shape.elements ??= emptyShape()
  for (const element of array) observe(shape.elements, element, depth + 1)
}

function observeMembers(shape: Shape, object: object, depth: number): void {
  for (const [name, value] of Object.entries(object)) {
    shape.memberCount++
    const member = memberOf(shape, name, depth)
    if (member === null) shape.unread++
    else observe(member, value, depth + 1)
  }
}

function memberOf({ members }: Shape, name: string, depth: number): Shape | null {
  const known = members.get(name)
  if (known) return known
  const { fields, nameLength } = SCHEMA_SOURCE_LIMITS
  if (depth > SCHEMA_SOURCE_LIMITS.depth || members.size >= fields) return null
  if (name === '' || name.length > nameLength || !name.isWellFormed()) return null
  const added = emptyShape()
  members.set(name, added)
  return added
}

/** What was seen at two places, as if it had been one. */
export function mergeShapes(a: Shape, b: Shape): Shape {
  return {
    seen: a.seen + b.seen,
    nulls: a.nulls + b.nulls,
    isoTimes: a.isoTimes + b.isoTimes,
    memberCount: a.memberCount + b.memberCount,
    unread: a.unread + b.unread,
    kinds: addKinds(a.kinds, b.kinds),
    numbers: addNumbers(a.numbers, b.numbers),
    texts: mergeTexts(a.texts, b.texts),
    elements: a.elements && b.elements ? mergeShapes(a.elements, b.elements) : (a.elements ?? b.elements),
    members: mergeMembers(a.members, b.members),
  }
}

function addKinds(a: Shape['kinds'], b: Shape['kinds']): Shape['kinds'] {
  return Object.fromEntries(JSON_KINDS.map((kind) => [kind, a[kind] + b[kind]])) as Shape['kinds']
}

function addNumbers(a: NumberFacts, b: NumberFacts): NumberFacts {
  return {
    fractions: a.fractions + b.fractions,
    huge: a.huge + b.huge,
    likeMs: a.likeMs + b.likeMs,
    likeS: a.likeS + b.likeS,
    whole: Math.max(a.whole, b.whole),
    scale: Math.max(a.scale, b.scale),
  }
}

function mergeMembers(a: Shape['members'], b: Shape['members']): Shape['members'] {
  const merged = new Map(a)
  for (const [name, shape] of b) {
    const known = merged.get(name)
    if (known) merged.set(name, mergeShapes(known, shape))
    else if (merged.size < SCHEMA_SOURCE_LIMITS.fields) merged.set(name, shape)
  }
  return merged
}

function mergeTexts(a: Shape['texts'], b: Shape['texts']): Shape['texts'] {
  if (a === null || b === null) return null
  const merged = new Map(a)
  for (const [text, count] of b) merged.set(text, (merged.get(text) ?? 0) + count)
  return merged.size > MAX_TEXTS ? null : merged
}
