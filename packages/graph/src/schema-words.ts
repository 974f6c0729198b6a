import type { FormHint } from './definition.ts'
import { counted, quote } from './words.ts'

/** The part of JSON Schema that node configs and the document itself are written in. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly title?: string
  readonly description?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly properties?: { readonly [name: string]: JsonSchema }
  readonly required?: readonly string[]
  readonly patternProperties?: { readonly [pattern: string]: JsonSchema }
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: JsonSchema
  readonly 'x-ui'?: FormHint
}

/** What the schema checker tells about a failed keyword, as far as the words need it. */
export interface KeywordParams {
  readonly limit?: number | bigint
  readonly multipleOf?: number | bigint
  readonly pattern?: string | RegExp
  readonly format?: string
  readonly type?: string | readonly string[]
  readonly message?: string
}

const TYPE_WORDS: { readonly [type: string]: string } = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'empty',
}

/** What a value must do, by the keyword it fails: the words after the name of the value. */
export const KEYWORD_WORDS: {
  readonly [keyword: string]: (params: KeywordParams, schema: JsonSchema) => string
} = {
  type: ({ type }) => `must be ${typeWords(type)}`,
  minimum: ({ limit }, schema) => `must be at least ${limit}${unit(schema)}`,
  maximum: ({ limit }, schema) => `must be at most ${limit}${unit(schema)}`,
  exclusiveMinimum: ({ limit }, schema) => `must be more than ${limit}${unit(schema)}`,
  exclusiveMaximum: ({ limit }, schema) => `must be less than ${limit}${unit(schema)}`,
  multipleOf: ({ multipleOf }, schema) => `must be a multiple of ${multipleOf}${unit(schema)}`,
  minLength: ({ limit }) =>
    limit === 1 ? 'must not be empty' : `must be at least ${counted(Number(limit), 'character')} long`,
  maxLength: ({ limit }) => `must be at most ${counted(Number(limit), 'character')} long`,
  pattern: ({ pattern }, schema) => `must consist of ${schema.description ?? `what fits ${pattern}`}`,
  format: ({ format }) => `must be a valid ${format}`,
  minItems: ({ limit }) => `must have at least ${entries(limit)}`,
  maxItems: ({ limit }) => `must have at most ${entries(limit)}`,
  uniqueItems: () => 'must not have the same entry twice',
  minProperties: ({ limit }) => `must have at least ${entries(limit)}`,
  maxProperties: ({ limit }) => `must have at most ${entries(limit)}`,
  '~refine': ({ message }) => `is not allowed: ${message}`,
}

/** The values that a schema lists one by one; null where it does not. */
export function allowedValues(schema: JsonSchema): readonly unknown[] | null {
  if (schema.const !== undefined) return [schema.const]
  if (schema.enum) return schema.enum
  const parts = schema.anyOf?.map(allowedValues)
  return parts?.every((part) => part !== null) ? parts.flat() : null
}

/** `must be "a" or "b"`. */
export function mustBeOneOf(values: readonly unknown[]): string {
  return `must be ${alternatives(values.map((value) => (typeof value === 'string' ? quote(value) : String(value))))}`
}

/** `must be text or a list`. */
export function mustFitOneOf(schemas: readonly JsonSchema[]): string {
  const words = new Set(schemas.map((schema) => schema.title ?? typeWords(schema.type)))
  return `must be ${alternatives([...words].filter((word) => word !== '')) || 'one of the allowed forms'}`
}

function typeWords(type: JsonSchema['type']): string {
  const types = typeof type === 'string' ? [type] : (type ?? [])
  return alternatives(types.map((name) => TYPE_WORDS[name] ?? name))
}

function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** Durations are stored in milliseconds. */
function unit(schema: JsonSchema): string {
  return schema['x-ui']?.control === 'duration' ? ' ms' : ''
}

function entries(count: number | bigint | undefined): string {
  return count === 1 ? '1 entry' : `${count} entries`
}
