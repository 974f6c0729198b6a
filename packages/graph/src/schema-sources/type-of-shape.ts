import {
  arrayOf,
  type DataType,
  decimal,
  type Field,
  MAX_PRECISION,
  mapOf,
  scalar,
  structOf,
  withNullable,
} from '@millrace/expr'
import { SCHEMA_SOURCE_LIMITS, type SchemaIssue } from './proposal.ts'
import { JSON_KINDS, type JsonKind, mergeShapes, type Shape } from './shape.ts'

/** How a sample is read. */
export interface SampleOptions {
  /** Numbers with a fraction become decimals, which are exact; else they become doubles. */
  readonly decimals?: boolean
}

/** The type of a shape. */
export interface ShapeType {
  readonly type: DataType
  /** Share of the values that it can read, 0 to 1; of what is nested the lowest share counts. */
  readonly confidence: number
  readonly remarks: readonly string[]
}

/** What types are told with. */
export interface Telling {
  readonly options: SampleOptions
  readonly issues: SchemaIssue[]
}

/** Names that suggest that a large whole number is a time. */
const TIME_NAME = /(?:^|_)(?:ts|time|timestamp|date)$|(?:At|Ts|Time|Date|Timestamp)$|_at$/
/** With so many names of members, of which an object has less than half on average, they are keys and not fields. */
const MAP_KEYS = 12
const WORDS: Readonly<Record<JsonKind, string>> = {
  boolean: 'true or false',
  number: 'numbers',
  text: 'texts',
  array: 'arrays',
  object: 'objects',
}

/**
 * The type that most values of a shape fit, not null where none was null; `expected` is how many there would be if none
 * was missing. Null, and an issue, where there is none.
 */
export function typeOfShape(
  shape: Shape,
  path: readonly string[],
  expected: number,
  telling: Telling,
): ShapeType | null {
  const present = shape.seen - shape.nulls
  if (present === 0) return leftOut(path, 'It is null in every record', telling)
  const kind = JSON_KINDS.reduce((most, other) => (shape.kinds[other] > shape.kinds[most] ? other : most))
  const found = TYPES[kind](shape, path, telling)
  if (found === null) return null
  const { type, remarks, reads = shape.kinds[kind], inner = 1 } = found
  const nullable = present < expected || shape.nulls > 0
  return {
    type: withNullable(type, nullable),
    confidence: Math.min(reads / present, inner),
    remarks: [...conflicts(shape, kind, type, reads), ...remarks],
  }
}

interface KindType {
  readonly type: DataType
  readonly remarks: readonly string[]
  /** How many values the type can read, where that is not all of the kind. */
  readonly reads?: number
  /** Confidence of what is nested. */
  readonly inner?: number
}

type TypeOfKind = (shape: Shape, path: readonly string[], telling: Telling) => KindType | null

const TYPES: Readonly<Record<JsonKind, TypeOfKind>> = {
  boolean: () => ({ type: scalar('boolean'), remarks: [] }),
  number: numberType,
  text: textType,
  array: arrayType,
  object: objectType,
}

function leftOut(path: readonly string[], why: string, { issues }: Telling): null {
  if (issues.length < SCHEMA_SOURCE_LIMITS.issues) issues.push({ path, message: `${why}: it is left out.` })
  return null
}

/** Tells of members that were not looked at. */
export function tellUnread(path: readonly string[], { issues }: Telling): void {
  const message = 'Some members are too many, too deep, or have no fitting name: they are left out.'
  if (issues.length < SCHEMA_SOURCE_LIMITS.issues) issues.push({ path, message })
}

function conflicts(
  { kinds, seen, nulls }: Shape,
  kind: JsonKind,
  { kind: type }: DataType,
  reads: number,
): string[] {
  const others = JSON_KINDS.filter((other) => other !== kind && kinds[other] > 0)
  const isRead = (other: JsonKind) =>
    type === 'timestamp' && reads > kinds[kind] && (other === 'text' || other === 'number')
  return others
    .filter((other) => !isRead(other))
    .map(
      (other) =>
        `${kinds[other]} of ${seen - nulls} values are ${WORDS[other]}; they would go to dead letters.`,
    )
}

function numberType(
  { numbers, kinds, isoTimes }: Shape,
  path: readonly string[],
  { options }: Telling,
): KindType {
  const count = kinds.number
  const isTime = TIME_NAME.test(path.findLast((name) => name !== '[]') ?? '')
  if (isTime && numbers.likeMs === count) {
    const mixed = isoTimes > 0 && isoTimes === kinds.text
    return { type: scalar('timestamp'), remarks: [], reads: count + (mixed ? isoTimes : 0) }
  }
  if (numbers.fractions > 0) return fractionType(numbers, options)
  const reads = count - numbers.huge
  const remarks =
    isTime && numbers.likeS === count ? ['Seconds since 1970: from_epoch_s makes a time of it.'] : []
  if (numbers.huge > count / 2) return { type: scalar('double'), remarks: ['Larger than int64 can hold.'] }
  const huge = numbers.huge > 0 ? [`${numbers.huge} of ${count} numbers are larger than int64 can hold.`] : []
  return { type: scalar('int64'), remarks: [...remarks, ...huge], reads }
}

function fractionType({ whole, scale }: Shape['numbers'], { decimals = false }: SampleOptions): KindType {
  if (!decimals) return { type: scalar('double'), remarks: [] }
  if (whole + scale > MAX_PRECISION)
    return { type: scalar('double'), remarks: ['No decimal has so many digits.'] }
  const precision = whole + scale <= 18 ? 18 : MAX_PRECISION
  return { type: decimal(precision, scale), remarks: [] }
}

function textType({ texts, kinds, isoTimes, numbers }: Shape, path: readonly string[]): KindType {
  if (isoTimes === kinds.text) {
    const isTime = TIME_NAME.test(path.findLast((name) => name !== '[]') ?? '')
    const mixed = isTime && numbers.likeMs === kinds.number
    return { type: scalar('timestamp'), remarks: [], reads: kinds.text + (mixed ? kinds.number : 0) }
  }
  const areNumbers = texts !== null && [...texts.keys()].every((text) => /^-?\d+(?:\.\d+)?$/.test(text))
  const remarks = areNumbers ? ['Numbers in quotes: try_cast makes numbers of them.'] : []
  return { type: scalar('string'), remarks }
}

function arrayType({ elements, unread }: Shape, path: readonly string[], telling: Telling): KindType | null {
  if (elements === null)
    return leftOut(path, unread > 0 ? 'It is nested too deep' : 'All of its arrays are empty', telling)
  const element = typeOfShape(elements, [...path, '[]'], elements.seen, telling)
  return element && { type: arrayOf(element.type), remarks: element.remarks, inner: element.confidence }
}

function objectType(shape: Shape, path: readonly string[], telling: Telling): KindType | null {
  return (hasKeys(shape) ? mapType(shape, path, telling) : null) ?? structType(shape, path, telling)
}

function hasKeys({ members, memberCount, kinds }: Shape): boolean {
  return members.size >= MAP_KEYS && memberCount / kinds.object < members.size / 2
}

/** Null where the values have no common type: then the keys are names of fields after all. */
function mapType(shape: Shape, path: readonly string[], telling: Telling): KindType | null {
  const values = [...shape.members.values()].reduce(mergeShapes)
  const quiet = { ...telling, issues: [] }
  const value = typeOfShape(values, [...path, '{}'], values.seen, quiet)
  if (value === null || value.confidence < 1) return null
  telling.issues.push(...quiet.issues)
  const remark = `A map: ${shape.members.size} different names were seen, on average ${average(shape)} at once.`
  return { type: mapOf(scalar('string', false), value.type), remarks: [remark, ...value.remarks] }
}

function average({ memberCount, kinds }: Shape): string {
  return String(Math.round((10 * memberCount) / kinds.object) / 10)
}

function structType(shape: Shape, path: readonly string[], telling: Telling): KindType | null {
  const members = [...shape.members].map(([name, member]) => ({
    name,
    found: typeOfShape(member, [...path, name], shape.kinds.object, telling),
  }))
  const known = members.flatMap(({ name, found }) => (found === null ? [] : [{ name, ...found }]))
  if (shape.unread > 0) tellUnread(path, telling)
  if (known.length === 0) return leftOut(path, 'It has no members of a known type', telling)
  const fields: readonly Field[] = known.map(({ name, type }) => ({ name, type }))
  return {
    type: structOf(fields),
    remarks: known.flatMap(({ name, remarks }) => remarks.map((remark) => `${name}: ${remark}`)),
    inner: Math.min(...known.map(({ confidence }) => confidence)),
  }
}
