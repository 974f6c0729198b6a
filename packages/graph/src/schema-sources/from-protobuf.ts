import {
  arrayOf,
  isMapKeyType,
  type MapKeyType,
  mapOf,
  type ScalarKind,
  scalar,
  structOf,
  withNullable,
} from '@millrace/expr'
import {
  proposedBy,
  type SchemaField,
  SchemaReading,
  type SchemaType,
  structFields,
  unreadable,
} from './collect-fields.ts'
import {
  type ProtobufField,
  type ProtobufFile,
  ProtobufSyntaxError,
  parseProtobuf,
} from './parse-protobuf.ts'
import { type ProposedFields, SCHEMA_SOURCE_LIMITS } from './proposal.ts'

const IN_QUOTES = 'JSON made of Protobuf has it in quotes.'
const UNSIGNED = 'The upper half of its range is beyond int64.'

/** The types that need no definition: kind, and what to know. */
const KNOWN: ReadonlyMap<string, readonly [ScalarKind, ...string[]]> = new Map([
  ['double', ['double']],
  ['float', ['double']],
  ...['int32', 'sint32', 'uint32', 'fixed32', 'sfixed32'].map((name) => [name, ['int64']] as const),
  ...['int64', 'sint64', 'sfixed64'].map((name) => [name, ['int64', IN_QUOTES]] as const),
  ...['uint64', 'fixed64'].map((name) => [name, ['int64', UNSIGNED, IN_QUOTES]] as const),
  ['bool', ['boolean']],
  ['string', ['string']],
  ['bytes', ['bytes']],
  ['google.protobuf.Timestamp', ['timestamp']],
  ['google.protobuf.Duration', ['string', "A duration such as '1.5s'."]],
  ['google.protobuf.FieldMask', ['string']],
  ['google.protobuf.DoubleValue', ['double']],
  ['google.protobuf.FloatValue', ['double']],
  ['google.protobuf.Int32Value', ['int64']],
  ['google.protobuf.UInt32Value', ['int64']],
  ['google.protobuf.Int64Value', ['int64', IN_QUOTES]],
  ['google.protobuf.UInt64Value', ['int64', UNSIGNED, IN_QUOTES]],
  ['google.protobuf.BoolValue', ['boolean']],
  ['google.protobuf.StringValue', ['string']],
  ['google.protobuf.BytesValue', ['bytes']],
] as readonly (readonly [string, readonly [ScalarKind, ...string[]]])[])

interface Scope {
  readonly reading: SchemaReading
  readonly file: ProtobufFile
  /** Full names of the messages around, the innermost last. */
  readonly around: readonly string[]
}

/**
 * The fields of the first message of a .proto file; imports are not followed but for the well-known types. In JSON a
 * field with its default value may be missing, so that all but required ones may be null. Never throws.
 */
export function fieldsOfProtobuf(text: string): ProposedFields {
  if (text.length > SCHEMA_SOURCE_LIMITS.schemaLength) return unreadable('The text is too long.')
  let file: ProtobufFile
  try {
    file = parseProtobuf(text)
  } catch (error) {
    if (error instanceof ProtobufSyntaxError) return unreadable(error.message)
    throw error
  }
  if (file.root === null) return unreadable('This text has no Protobuf message.')
  const reading = new SchemaReading()
  const fields = messageFields(file.root, [], { reading, file, around: [] })
  if (fields.some(({ name }) => name.includes('_')))
    reading.tell(
      [],
      'JSON made of Protobuf often has userId for user_id; the names here are those of the schema.',
    )
  return proposedBy(fields, reading)
}

function messageFields(fullName: string, path: readonly string[], scope: Scope): readonly SchemaField[] {
  const message = scope.file.types.get(fullName)
  if (message?.kind !== 'message') return []
  for (const name of message.skipped) scope.reading.leaveOut([...path, name], 'It is a group')
  const inside = { ...scope, around: [...scope.around, fullName] }
  return message.fields.slice(0, SCHEMA_SOURCE_LIMITS.fields + 1).flatMap((field) => {
    const place = [...path, field.name]
    if (!scope.reading.takes(field.name, place)) return []
    const found = fieldType(field, place, inside)
    return found === null ? [] : [{ name: field.name, ...found }]
  })
}

function fieldType(field: ProtobufField, path: readonly string[], scope: Scope): SchemaType | null {
  const found = typeOf(field.type, path, scope)
  if (found === null) return null
  const { remarks } = found
  if (field.key !== undefined) {
    const key = KNOWN.get(field.key)?.[0]
    const keyType = key && scalar(key, false)
    if (!keyType || !isMapKeyType(keyType))
      return scope.reading.leaveOut(path, 'Its keys are of no type that keys may have')
    return { type: mapOf(keyType as MapKeyType, found.type), remarks }
  }
  if (field.label === 'repeated') return { type: arrayOf(found.type), remarks }
  return { ...found, type: withNullable(found.type, field.label !== 'required') }
}

function typeOf(name: string, path: readonly string[], scope: Scope): SchemaType | null {
  const fullName = resolve(name, scope)
  if (fullName === null) {
    const [kind, ...remarks] = KNOWN.get(name.replace(/^\./, '')) ?? []
    if (kind !== undefined) return { type: scalar(kind, false), remarks }
    return scope.reading.leaveOut(path, `There is no type "${name.slice(0, 100)}"`)
  }
  const found = scope.file.types.get(fullName)
  if (found?.kind === 'enum') return { type: scalar('string', false), values: found.values }
  if (scope.around.includes(fullName)) return scope.reading.leaveOut(path, `"${fullName}" is within itself`)
  const fields = messageFields(fullName, path, scope)
  if (fields.length === 0) return scope.reading.leaveOut(path, 'It has no fields')
  const { fields: members, remarks } = structFields(fields)
  return { type: structOf(members, false), remarks }
}

/** The full name that a name means within the innermost message around, as Protobuf looks it up: outwards. */
function resolve(name: string, { file: { types }, around }: Scope): string | null {
  if (name.startsWith('.')) return types.has(name.slice(1)) ? name.slice(1) : null
  const scopes = (around.at(-1) ?? '').split('.')
  for (let length = scopes.length; length >= 0; length--) {
    const candidate = [...scopes.slice(0, length), name].filter((part) => part !== '').join('.')
    if (types.has(candidate)) return candidate
  }
  return null
}
