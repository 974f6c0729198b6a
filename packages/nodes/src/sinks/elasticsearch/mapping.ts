import type { ArrayType, DataType, Field, MapType, ScalarKind, StructType } from '@millrace/expr'
import type { JsonValue } from '@millrace/graph'

/** An Elasticsearch field mapping, as JSON. */
export type Mapping = { readonly [name: string]: JsonValue }

/** One way in which Elasticsearch can hold a field. */
interface MappingType {
  readonly title: string
  readonly accepts: (type: DataType) => boolean
  readonly mapping: (type: DataType) => Mapping
}

function plain(title: string, name: string, kinds: readonly (ScalarKind | 'decimal')[]): MappingType {
  return {
    title,
    accepts: (type) => kinds.some((kind) => kind === elementOf(type).kind),
    mapping: () => ({ type: name }),
  }
}

function ofStructs(title: string, mapping: MappingType['mapping']): MappingType {
  return { title, accepts: (type) => elementOf(type).kind === 'struct', mapping }
}

/** Digits of which Elasticsearch, which reads numbers as doubles, makes no others. */
const EXACT_DIGITS = 15

function isExactDecimal(type: DataType): boolean {
  const element = elementOf(type)
  return element.kind === 'decimal' && element.precision <= EXACT_DIGITS
}

function scaledMapping(type: DataType): Mapping {
  const element = elementOf(type)
  return { type: 'scaled_float', scaling_factor: 10 ** (element.kind === 'decimal' ? element.scale : 0) }
}

/** Every mapping type that a field can be given. An array is held as its elements are. */
export const MAPPING_TYPES = {
  keyword: plain('Keyword: exact values', 'keyword', ['string', 'int64', 'decimal', 'boolean']),
  text: plain('Text: searchable words', 'text', ['string']),
  long: plain('Whole number', 'long', ['int64']),
  double: plain('Number', 'double', ['double', 'int64', 'decimal']),
  scaled_float: {
    title: 'Exact number of up to 15 digits',
    accepts: isExactDecimal,
    mapping: scaledMapping,
  },
  boolean: plain('True or false', 'boolean', ['boolean']),
  date: {
    ...plain('Date', 'date', ['timestamp', 'int64']),
    // Written as epoch ms. By its own default Elasticsearch would take a number of four digits for a year.
    mapping: () => ({ type: 'date', format: 'epoch_millis||strict_date_optional_time' }),
  },
  binary: plain('Bytes, not searchable', 'binary', ['bytes']),
  flattened: {
    title: 'Flattened: members as keywords',
    accepts: (type) => ['struct', 'map'].includes(elementOf(type).kind),
    mapping: () => ({ type: 'flattened' }),
  },
  object: ofStructs('Object: members as fields', (type) => objectMapping(type)),
  nested: ofStructs('Nested: array of objects, each by itself', (type) => ({
    type: 'nested',
    ...objectMapping(type),
  })),
} as const satisfies Record<string, MappingType>

/** The word for a mapping type. */
export type MappingName = keyof typeof MAPPING_TYPES

const DEFAULTS: Readonly<Record<ScalarKind | (MapType | StructType)['kind'], MappingName>> = {
  string: 'keyword',
  int64: 'long',
  double: 'double',
  boolean: 'boolean',
  timestamp: 'date',
  bytes: 'binary',
  map: 'flattened',
  struct: 'object',
}

/** The mapping type that suits a type best. */
export function defaultMapping(type: DataType): MappingName {
  const { kind } = elementOf(type)
  if (kind === 'decimal') return isExactDecimal(type) ? 'scaled_float' : 'double'
  return DEFAULTS[kind]
}

/** The mapping of an object with these fields: no others are taken. */
export function fieldMappings(fields: readonly (Field & { readonly as: MappingName })[]): Mapping {
  return Object.fromEntries(fields.map(({ name, type, as }) => [name, MAPPING_TYPES[as].mapping(type)]))
}

function objectMapping(type: DataType): Mapping {
  const element = elementOf(type)
  const fields = element.kind === 'struct' ? element.fields : []
  return {
    dynamic: 'strict',
    properties: fieldMappings(fields.map((field) => ({ ...field, as: defaultMapping(field.type) }))),
  }
}

/** Elasticsearch has no arrays of its own: any field holds one value or many. */
function elementOf(type: DataType): Exclude<DataType, ArrayType> {
  return type.kind === 'array' ? elementOf(type.element) : type
}
