import { encodeJson } from '../json/encode.ts'
import { type JsonPath, scalarText, valueAt } from '../json-text/json-path.ts'
import { JsonNumber, type JsonTree, parseJson, writeJson } from '../json-text/parse-json.ts'
import { unsupported } from '../sql/call-sql.ts'
import type { DataType } from '../type.ts'
import type { Value } from '../value.ts'
import { type FunctionRow, prepared, row, type StrictFunction, strict, typed } from './function.ts'

const NO_LENGTH = unsupported('Flink SQL cannot count the parts of a JSON text')
const NO_KEYS = unsupported('Flink SQL cannot list the members of a JSON text')
const NO_JSON = unsupported('Flink writes JSON in another way: members by their names, timestamps as text')
const NO_TYPE = unsupported('Flink SQL cannot tell what a JSON text holds')

/**
 * Functions of texts that hold JSON. A path is a part of SQL's: `$.name`, `['any name']`, `[0]` and `[-1]`, as often as
 * needed. What is no JSON, or nested more than 64 deep, has no values.
 */
// biome-ignore format: one row a line, columns aligned
export const JSON_FUNCTIONS: readonly FunctionRow[] = [
  row('is_json',       ['string'],              'boolean',       'any',    strict((text: string) => parseJson(text) !== undefined), '(CASE WHEN $1 IS NOT NULL THEN $1 IS JSON END)', 'True if the text is JSON.', `is_json('{"a": [1, 2]}')`),
  row('json_elements', ['string', 'json_path'], 'array<string>', 'always', prepared((path: JsonPath) => (text: string) => elementsAt(text, path)), 'JSON_QUERY($1, $2 RETURNING ARRAY<STRING>)', 'The elements of the array at a path, each as json_value would give it or as JSON; null if there is no array.', `json_elements('{"a": [1, 2]}', '$.a')[2] = '2'`),
  row('json_exists',   ['string', 'json_path'], 'boolean',       'any',    prepared((path: JsonPath) => (text: string) => existsAt(text, path)), 'JSON_EXISTS($1, $2)', 'True if there is a value other than null at a path.', `json_exists('{"a": {"b": 1}}', '$.a.b')`),
  row('json_keys',     ['string', 'json_path'], 'array<string>', 'always', prepared((path: JsonPath) => (text: string) => keysAt(text, path)), NO_KEYS, 'The names of the members of the object at a path, in their order; null if there is no object.', `json_keys('{"b": 1, "a": 2}', '$')[1] = 'a'`),
  row('json_length',   ['string', 'json_path'], 'int64',         'always', prepared((path: JsonPath) => (text: string) => lengthAt(text, path)), NO_LENGTH, 'The number of elements of the array, or members of the object, at a path; null if there is none.', `json_length('{"a": [1, 2]}', '$.a') = 2`),
  row('json_query',    ['string', 'json_path'], 'string',        'always', prepared((path: JsonPath) => (text: string) => partAt(text, path)), 'JSON_QUERY($1, $2)', 'The object or array at a path as JSON without spaces, members in the order of their names; null if there is none.', `json_query('{"a": {"b": [1, 2]}}', '$.a') = '{"b":[1,2]}'`),
  row('json_type',     ['string', 'json_path'], 'string',        'always', prepared((path: JsonPath) => (text: string) => typeAt(text, path)), NO_TYPE, "What stands at a path: 'object', 'array', 'string', 'number', 'boolean' or 'null'; null if there is nothing.", `json_type('{"a": [1, 2]}', '$.a') = 'array'`),
  row('json_value',    ['string', 'json_path'], 'string',        'always', prepared((path: JsonPath) => (text: string) => scalarText(at(text, path))), 'JSON_VALUE($1, $2)', 'The string, number or truth value at a path as text; null if there is none.', `json_value('{"a": {"b": 1.50}}', '$.a.b') = '1.50'`),
  row('to_json',       ['T'],                   'string',        'any',    typed(jsonWriter), NO_JSON, 'The value as JSON, as a sink would write it.', `to_json(array(1, 2)) = '[1,2]'`),
]

/** Writes what stands behind the name in `{"":…}`. */
function jsonWriter([type]: readonly DataType[]): StrictFunction {
  const encode = encodeJson([{ name: '', type: type as DataType }])
  return (value: Value) => encode([value]).slice(4, -1)
}

function at(text: string, path: JsonPath): JsonTree | undefined {
  const tree = parseJson(text)
  return tree === undefined ? undefined : valueAt(tree, path)
}

function elementsAt(text: string, path: JsonPath): readonly (string | null)[] | null {
  const tree = at(text, path)
  if (!Array.isArray(tree)) return null
  return (tree as readonly JsonTree[]).map((element) =>
    element === null ? null : (scalarText(element) ?? writeJson(element)),
  )
}

function existsAt(text: string, path: JsonPath): boolean {
  const tree = at(text, path)
  return tree !== undefined && tree !== null
}

function keysAt(text: string, path: JsonPath): readonly string[] | null {
  const tree = at(text, path)
  return tree instanceof Map ? [...(tree as ReadonlyMap<string, JsonTree>).keys()].sort() : null
}

function lengthAt(text: string, path: JsonPath): number | null {
  const tree = at(text, path)
  if (tree instanceof Map) return tree.size
  return Array.isArray(tree) ? tree.length : null
}

function partAt(text: string, path: JsonPath): string | null {
  const tree = at(text, path)
  return tree instanceof Map || Array.isArray(tree) ? writeJson(tree) : null
}

function typeAt(text: string, path: JsonPath): string | null {
  const tree = at(text, path)
  if (tree === undefined) return null
  if (tree === null) return 'null'
  if (tree instanceof Map) return 'object'
  if (tree instanceof JsonNumber) return 'number'
  return Array.isArray(tree) ? 'array' : typeof tree
}
