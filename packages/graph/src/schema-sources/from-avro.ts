import {
  arrayOf,
  decimal,
  MAX_PRECISION,
  mapOf,
  type ScalarKind,
  scalar,
  structOf,
  withNullable,
} from '@millrace/expr'
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

const PRIMITIVES: ReadonlyMap<unknown, ScalarKind> = new Map([
  ['boolean', 'boolean'],
  ['int', 'int64'],
  ['long', 'int64'],
  ['float', 'double'],
  ['double', 'double'],
  ['string', 'string'],
  ['bytes', 'bytes'],
])

/** Logical types that mean something else than the type they stand on: kind, and what to know. */
const LOGICAL: ReadonlyMap<unknown, readonly [ScalarKind, string?]> = new Map([
  ['timestamp-millis', ['timestamp']],
  ['timestamp-micros', ['int64', 'Microseconds since 1970: from_epoch_ms(div(x, 1000)) makes a time of it.']],
  [
    'timestamp-nanos',
    ['int64', 'Nanoseconds since 1970: from_epoch_ms(div(x, 1000000)) makes a time of it.'],
  ],
  ['local-timestamp-millis', ['int64', 'Milliseconds of a local time, whose zone the schema does not say.']],
  ['local-timestamp-micros', ['int64', 'Microseconds of a local time, whose zone the schema does not say.']],
  ['date', ['int64', 'Days since 1970: from_epoch_s(x * 86400) makes a time of it.']],
  ['time-millis', ['int64', 'Milliseconds since midnight.']],
  ['time-micros', ['int64', 'Microseconds since midnight.']],
  ['uuid', ['string']],
])

const NAMED = new Set<unknown>(['record', 'error', 'enum', 'fixed'])

/** Schemas that have a name, by their full name. */
type Names = ReadonlyMap<string, { readonly schema: unknown; readonly namespace: string }>

interface Scope {
  readonly reading: SchemaReading
  readonly names: Names
  /** Namespace of what is around. */
  readonly namespace: string
  /** Full names of the records around, which cannot stand within themselves. */
  readonly around: readonly string[]
}

/**
 * The fields of an Avro schema, a JSON text whose root is a record (or a union or list of schemas; the last record
 * counts). Unions with null are nullable; other unions, and records within themselves, are left out. Never throws.
 */
export function fieldsOfAvro(text: string): ProposedFields {
  const schema = parsedJson(text)
  const roots = Array.isArray(schema) ? schema : [schema]
  const root = roots.findLast((candidate) => member(candidate, 'type') === 'record')
  if (root === undefined) return unreadable('This is no Avro schema of a record.')
  const reading = new SchemaReading()
  const names = new Map<string, { schema: unknown; namespace: string }>()
  collectNames(schema, '', names, 0)
  const { namespace, fullName } = nameOf(root, '')
  const scope = { reading, names, namespace, around: [fullName] }
  return proposedBy(recordFields(root, [], scope), reading)
}

/** Registries nest definitions in fields: those that come first are known to all that come later. */
function collectNames(
  schema: unknown,
  namespace: string,
  names: Map<string, { schema: unknown; namespace: string }>,
  depth: number,
): void {
  if (depth > MAX_NESTING) return
  const parts = Array.isArray(schema) ? schema : []
  for (const part of parts) collectNames(part, namespace, names, depth + 1)
  if (!isObject(schema)) return
  const type = member(schema, 'type')
  const own = NAMED.has(type) ? nameOf(schema, namespace) : { namespace, fullName: '' }
  if (own.fullName !== '' && !names.has(own.fullName))
    names.set(own.fullName, { schema, namespace: own.namespace })
  for (const inner of [type, member(schema, 'items'), member(schema, 'values'), ...list(schema, 'fields')])
    collectNames(inner, own.namespace, names, depth + 1)
}

/** Levels of JSON that are searched for names. */
const MAX_NESTING = 64

function nameOf(schema: unknown, around: string): { readonly namespace: string; readonly fullName: string } {
  const name = String(member(schema, 'name') ?? '')
  const dot = name.lastIndexOf('.')
  if (dot >= 0) return { namespace: name.slice(0, dot), fullName: name }
  const own = member(schema, 'namespace')
  const namespace = typeof own === 'string' ? own : around
  return { namespace, fullName: qualified(name, namespace) }
}

function qualified(name: string, namespace: string): string {
  return name.includes('.') || namespace === '' ? name : `${namespace}.${name}`
}

function recordFields(record: unknown, path: readonly string[], scope: Scope): readonly SchemaField[] {
  const fields = list(record, 'fields').slice(0, SCHEMA_SOURCE_LIMITS.fields + 1)
  return fields.flatMap((field) => {
    const name = String(member(field, 'name') ?? '')
    const place = [...path, name]
    if (!scope.reading.takes(name, place)) return []
    const found = typeOf(member(field, 'type'), place, scope)
    return found === null ? [] : [{ name, ...found }]
  })
}

function typeOf(schema: unknown, path: readonly string[], scope: Scope): SchemaType | null {
  if (path.length > DEEPEST) return scope.reading.leaveOut(path, 'It is nested too deep')
  if (Array.isArray(schema)) return unionType(schema, path, scope)
  if (typeof schema === 'string') return namedType(schema, path, scope)
  if (!isObject(schema)) return scope.reading.leaveOut(path, 'It has no type')
  return logicalType(schema, path, scope) ?? plainType(schema, path, scope)
}

/** Arrays and maps are levels as well. */
const DEEPEST = 24

function unionType(branches: readonly unknown[], path: readonly string[], scope: Scope): SchemaType | null {
  const others = branches.filter((branch) => branch !== 'null')
  if (others.length !== 1) {
    const words = others.length === 0 ? 'It is always null' : 'It is a union of several types'
    return scope.reading.leaveOut(path, words)
  }
  const found = typeOf(others[0], path, scope)
  return found && { ...found, type: withNullable(found.type, others.length < branches.length) }
}

function namedType(name: string, path: readonly string[], scope: Scope): SchemaType | null {
  const kind = PRIMITIVES.get(name)
  if (kind !== undefined) return { type: scalar(kind, false) }
  const fullName = scope.names.has(qualified(name, scope.namespace)) ? qualified(name, scope.namespace) : name
  const known = scope.names.get(fullName)
  if (known === undefined) return scope.reading.leaveOut(path, `There is no type "${name.slice(0, 100)}"`)
  return plainType(known.schema, path, { ...scope, namespace: known.namespace })
}

function logicalType(schema: object, path: readonly string[], { reading }: Scope): SchemaType | null {
  const logical = member(schema, 'logicalType')
  if (logical === 'decimal') return decimalType(schema, path, reading)
  const [kind, remark] = LOGICAL.get(logical) ?? []
  return kind === undefined ? null : { type: scalar(kind, false), ...(remark && { remarks: [remark] }) }
}

/** Null for a precision that Millrace does not have: then the bytes below are what is left. */
function decimalType(schema: object, path: readonly string[], reading: SchemaReading): SchemaType | null {
  const precision = member(schema, 'precision')
  const scale = member(schema, 'scale') ?? 0
  const fits = Number.isInteger(precision) && Number.isInteger(scale) && 0 <= Number(scale)
  if (fits && Number(precision) >= Math.max(1, Number(scale)) && Number(precision) <= MAX_PRECISION)
    return { type: decimal(Number(precision), Number(scale), false) }
  reading.tell(path, `A decimal has at most ${MAX_PRECISION} digits: its bytes are kept as they are.`)
  return null
}

type TypeOf = (schema: object, path: readonly string[], scope: Scope) => SchemaType | null

const COMPLEX: ReadonlyMap<unknown, TypeOf> = new Map<unknown, TypeOf>([
  ['record', recordType],
  ['error', recordType],
  ['enum', (schema) => ({ type: scalar('string', false), values: textsIn(list(schema, 'symbols')) })],
  ['fixed', () => ({ type: scalar('bytes', false) })],
  [
    'array',
    (schema, path, scope) => wrapped(typeOf(member(schema, 'items'), [...path, '[]'], scope), arrayType),
  ],
  [
    'map',
    (schema, path, scope) => wrapped(typeOf(member(schema, 'values'), [...path, '{}'], scope), mapType),
  ],
])

function plainType(schema: unknown, path: readonly string[], scope: Scope): SchemaType | null {
  const type = member(schema, 'type')
  const complex = COMPLEX.get(type)
  if (complex) return complex(schema as object, path, scope)
  return typeOf(type, [...path, ...(isObject(type) ? [''] : [])], scope)
}

function recordType(schema: object, path: readonly string[], scope: Scope): SchemaType | null {
  const { fullName, namespace } = nameOf(schema, scope.namespace)
  if (scope.around.includes(fullName)) return scope.reading.leaveOut(path, `"${fullName}" is within itself`)
  const fields = recordFields(schema, path, { ...scope, namespace, around: [...scope.around, fullName] })
  if (fields.length === 0) return scope.reading.leaveOut(path, 'It has no fields')
  const { fields: members, remarks } = structFields(fields)
  return { type: structOf(members, false), remarks }
}

function wrapped(
  inner: SchemaType | null,
  wrap: (inner: SchemaType) => SchemaType['type'],
): SchemaType | null {
  return inner && { type: wrap(inner), ...(inner.remarks && { remarks: inner.remarks }) }
}

function arrayType({ type }: SchemaType) {
  return arrayOf(type, false)
}

function mapType({ type }: SchemaType) {
  return mapOf(scalar('string', false), type, false)
}
