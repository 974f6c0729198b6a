import { arrayOf, mapOf, type ScalarKind, scalar, structOf, withNullable } from '@millrace/expr'
import {
  isObject,
  list,
  member,
  parsedJson,
  proposedBy,
  type SchemaField,
  SchemaReading,
  type SchemaType,
  structFields,
  textsIn,
  unreadable,
} from './collect-fields.ts'
import { type ProposedFields, SCHEMA_SOURCE_LIMITS } from './proposal.ts'

const SCALARS: ReadonlyMap<unknown, ScalarKind> = new Map([
  ['boolean', 'boolean'],
  ['integer', 'int64'],
  ['number', 'double'],
])
/** Places that are read through references and combinations, in all. */
const MAX_STEPS = 20_000
/** Levels of arrays, maps, references and combinations. */
const DEEPEST = 32

interface Scope {
  readonly reading: SchemaReading
  readonly root: unknown
  /** References that are being followed. */
  readonly following: readonly string[]
  readonly steps: { left: number }
}

/**
 * The fields of a JSON Schema whose root is an object: properties, `required`, local `$ref`, `enum`, `allOf`, and
 * `anyOf`, `oneOf` and lists of types where all but one are null. `format: date-time` is a timestamp, an object with
 * `additionalProperties` alone a map. A property that is not required may be null. Never throws.
 */
export function fieldsOfJsonSchema(text: string): ProposedFields {
  const root = parsedJson(text)
  const reading = new SchemaReading()
  const scope = { reading, root, following: [], steps: { left: MAX_STEPS } }
  const properties = isObject(root) ? propertiesOf(root, scope, 0) : null
  if (properties === null || properties.named.size === 0)
    return unreadable('This is no JSON Schema of an object with properties.')
  return proposedBy(fieldsOf(properties, [], scope), reading)
}

interface Properties {
  readonly named: ReadonlyMap<string, unknown>
  readonly required: ReadonlySet<unknown>
  /** The schema of all other members; undefined where there is none. */
  readonly others: unknown
}

/** What an object has by itself, by reference and by `allOf`; null where there is too much to follow. */
function propertiesOf(schema: unknown, scope: Scope, depth: number): Properties | null {
  if (depth > DEEPEST || scope.steps.left-- <= 0) return null
  const own = member(schema, 'properties')
  const parts = [referenced(schema, scope), ...list(schema, 'allOf')].filter(isObject)
  const inherited = parts.map((part) => propertiesOf(part, scope, depth + 1))
  const all = inherited.filter((found) => found !== null)
  return {
    named: new Map([
      ...all.flatMap(({ named }) => [...named]),
      ...(isObject(own) ? Object.entries(own) : []),
    ]),
    required: new Set([...all.flatMap(({ required }) => [...required]), ...list(schema, 'required')]),
    others: member(schema, 'additionalProperties') ?? all.find(({ others }) => others !== undefined)?.others,
  }
}

/** What a local `$ref` of a schema names; undefined where it has none or names nothing. */
function referenced(schema: unknown, { root }: Scope): unknown {
  const reference = member(schema, '$ref')
  if (typeof reference !== 'string' || !reference.startsWith('#')) return undefined
  const names = reference.slice(1).split('/').slice(1, DEEPEST)
  return names.reduce<unknown>((at, name) => member(at, unescaped(name)), root)
}

function unescaped(name: string): string {
  return name.replaceAll('~1', '/').replaceAll('~0', '~')
}

function fieldsOf(
  { named, required }: Properties,
  path: readonly string[],
  scope: Scope,
): readonly SchemaField[] {
  return [...named].slice(0, SCHEMA_SOURCE_LIMITS.fields + 1).flatMap(([name, schema]) => {
    const place = [...path, name]
    if (!scope.reading.takes(name, place)) return []
    const found = typeOf(schema, place, scope)
    if (found === null) return []
    const nullable = found.type.nullable || !required.has(name)
    return [{ name, ...found, type: withNullable(found.type, nullable) }]
  })
}

function typeOf(schema: unknown, path: readonly string[], scope: Scope): SchemaType | null {
  const { reading, steps, following } = scope
  if (steps.left-- <= 0 || path.length > DEEPEST) return reading.leaveOut(path, 'It is nested too deep')
  if (!isObject(schema)) return reading.leaveOut(path, 'It may be anything')
  const reference = member(schema, '$ref')
  if (typeof reference === 'string') {
    const target = referenced(schema, scope)
    if (target === undefined) return reading.leaveOut(path, 'It refers to another document, or to nothing')
    if (following.includes(reference)) return reading.leaveOut(path, 'It is within itself')
    return typeOf(target, path, { ...scope, following: [...following, reference] })
  }
  const choices = [...list(schema, 'anyOf'), ...list(schema, 'oneOf')]
  return choices.length > 0 ? choice(choices, path, scope) : ofOneType(schema, path, scope)
}

function choice(choices: readonly unknown[], path: readonly string[], scope: Scope): SchemaType | null {
  const others = choices.filter((option) => !isNullSchema(option))
  if (others.length !== 1) return scope.reading.leaveOut(path, 'It has several types')
  const found = typeOf(others[0], path, scope)
  return found && nullableIf(found, others.length < choices.length)
}

function isNullSchema(schema: unknown): boolean {
  return member(schema, 'type') === 'null' || (isObject(schema) && member(schema, 'const') === null)
}

function ofOneType(schema: object, path: readonly string[], scope: Scope): SchemaType | null {
  const written = member(schema, 'type')
  const types = Array.isArray(written) ? [...new Set(written)] : [written ?? impliedType(schema)]
  const others = types.filter((type) => type !== 'null')
  const isNumber = others.length === 2 && others.includes('integer') && others.includes('number')
  if (others.length === 0) return scope.reading.leaveOut(path, 'It is always null')
  if (others.length > 1 && !isNumber) return scope.reading.leaveOut(path, 'It has several types')
  const found = plainType(isNumber ? 'number' : others[0], schema, path, scope)
  const allowsNull = list(schema, 'enum').includes(null) || member(schema, 'nullable') === true
  return found && nullableIf(found, types.length > others.length || allowsNull)
}

/** The type of a schema that names none. */
function impliedType(schema: object): string | undefined {
  if (
    ['properties', 'additionalProperties', 'allOf'].some(
      (name) => isObject(member(schema, name)) || list(schema, name).length > 0,
    )
  )
    return 'object'
  if (member(schema, 'items') !== undefined) return 'array'
  const values = [...list(schema, 'enum'), member(schema, 'const')].filter(
    (value) => value !== null && value !== undefined,
  )
  return values.length > 0 && values.every((value) => typeof value === 'string') ? 'string' : undefined
}

function nullableIf(found: SchemaType, nullable: boolean): SchemaType {
  return nullable ? { ...found, type: withNullable(found.type, true) } : found
}

function plainType(type: unknown, schema: object, path: readonly string[], scope: Scope): SchemaType | null {
  const kind = SCALARS.get(type)
  if (kind !== undefined) return { type: scalar(kind, false) }
  if (type === 'string') return textType(schema)
  if (type === 'array') {
    const element = typeOf(member(schema, 'items'), [...path, '[]'], scope)
    return element && { ...element, values: undefined, type: arrayOf(element.type, false) }
  }
  if (type === 'object') return objectType(schema, path, scope)
  return scope.reading.leaveOut(path, 'It has no type that JSON knows')
}

function textType(schema: object): SchemaType {
  if (member(schema, 'format') === 'date-time') return { type: scalar('timestamp', false) }
  if (member(schema, 'contentEncoding') === 'base64') return { type: scalar('bytes', false) }
  const values = textsIn(list(schema, 'enum'))
  return { type: scalar('string', false), ...(values.length > 0 && { values }) }
}

function objectType(schema: object, path: readonly string[], scope: Scope): SchemaType | null {
  const properties = propertiesOf(schema, scope, 0)
  if (properties === null) return scope.reading.leaveOut(path, 'It is nested too deep')
  if (properties.named.size === 0) {
    if (!isObject(properties.others)) return scope.reading.leaveOut(path, 'Its members are not told')
    const value = typeOf(properties.others, [...path, '{}'], scope)
    return value && { ...value, values: undefined, type: mapOf(scalar('string', false), value.type, false) }
  }
  const fields = fieldsOf(properties, path, scope)
  if (fields.length === 0) return scope.reading.leaveOut(path, 'It has no fields of a known type')
  const { fields: members, remarks } = structFields(fields)
  return { type: structOf(members, false), remarks }
}
