import { suggest } from '@millrace/expr'
import type { TSchema } from 'typebox'
import { Check, Errors } from 'typebox/value'
import type { ConfigEdit } from './edit-config.ts'
import { ownMember } from './own-member.ts'
import {
  allowedValues,
  type JsonSchema,
  KEYWORD_WORDS,
  type KeywordParams,
  mustBeOneOf,
  mustFitOneOf,
} from './schema-words.ts'
import { didYouMean, quote } from './words.ts'

/** One way in which a value does not fit a schema. */
export interface Mismatch {
  readonly kind: 'missing' | 'unknown' | 'value'
  readonly path: readonly string[]
  /** A sentence for people who never saw the schema. */
  readonly message: string
  /** An edit of the value that mends it, where there is a likely one. */
  readonly fix?: { readonly label: string; readonly edit: ConfigEdit }
}

/** A value within the whole: its path, and the path in words for people. */
interface Place {
  readonly path: readonly string[]
  readonly words: readonly string[]
}

type JsonObject = { readonly [name: string]: unknown }

/** More are of no use to anyone, and a hostile document could have a million. */
const MOST_MISMATCHES = 20

/**
 * Says in words why a JSON value does not fit a schema; nothing where it fits. At most 20 mismatches.
 * Interprets the schema (no code is generated, as the editor's content security policy demands).
 *
 * @param value JSON of bounded depth.
 */
export function explainMismatch(schema: TSchema, value: unknown): readonly Mismatch[] {
  const found: Mismatch[] = []
  for (const mismatch of explain(schema as JsonSchema, value, { path: [], words: [] })) {
    found.push(mismatch)
    if (found.length === MOST_MISMATCHES) break
  }
  return found
}

function* explain(schema: JsonSchema, value: unknown, place: Place): Generator<Mismatch> {
  if (Check(schema as TSchema, value)) return
  const allowed = allowedValues(schema)
  if (allowed) yield explainChoice(allowed, value, place)
  else if (schema.anyOf) yield* explainUnion(schema.anyOf, value, place)
  else yield* explainParts(schema, value, place)
}

function* explainParts(schema: JsonSchema, value: unknown, place: Place): Generator<Mismatch> {
  let isExplained = false
  for (const mismatch of partsOf(schema, value, place)) {
    isExplained = true
    yield mismatch
  }
  if (!isExplained) yield* explainWhole(schema, value, place)
}

function* partsOf(schema: JsonSchema, value: unknown, place: Place): Generator<Mismatch> {
  if (isObject(value)) yield* explainMembers(schema, value, place)
  if (!Array.isArray(value) || !schema.items) return
  for (const [i, item] of value.entries())
    yield* explain(schema.items, item, inside(place, String(i), String(i + 1)))
}

function* explainMembers(schema: JsonSchema, value: JsonObject, place: Place): Generator<Mismatch> {
  const properties = schema.properties ?? {}
  for (const name of schema.required ?? []) {
    if (Object.hasOwn(value, name)) continue
    const at = insideMember(place, name, ownMember(properties, name))
    yield { kind: 'missing', path: at.path, message: `${inWords(at)} is missing.` }
  }
  for (const [name, member] of Object.entries(value)) {
    const memberSchema = ownMember(properties, name) ?? patternSchema(schema, name)
    if (memberSchema) yield* explain(memberSchema, member, insideMember(place, name, memberSchema))
    else if (schema.additionalProperties === false) yield explainUnknown(name, properties, value, place)
  }
}

function patternSchema(schema: JsonSchema, name: string): JsonSchema | undefined {
  const patterns = Object.entries(schema.patternProperties ?? {})
  return patterns.find(([pattern]) => new RegExp(pattern, 'u').test(name))?.[1]
}

function explainUnknown(name: string, properties: JsonObject, value: JsonObject, place: Place): Mismatch {
  const free = Object.keys(properties).filter((known) => !Object.hasOwn(value, known))
  const likely = suggest(name, free)
  const at = inside(place, name, name)
  return {
    kind: 'unknown',
    path: at.path,
    message: `${inWords(at)} does not belong here.${didYouMean(likely)}`,
    fix:
      likely === null
        ? { label: `Remove ${quote(name)}`, edit: { kind: 'remove', path: at.path } }
        : { label: `Rename to ${quote(likely)}`, edit: { kind: 'rename', path: at.path, name: likely } },
  }
}

function explainChoice(allowed: readonly unknown[], value: unknown, place: Place): Mismatch {
  const texts = allowed.filter((choice) => typeof choice === 'string')
  const likely = typeof value === 'string' ? suggest(value, texts) : null
  return {
    kind: 'value',
    path: place.path,
    message: `${inWords(place)} ${mustBeOneOf(allowed)}.${allowed.length > 1 ? didYouMean(likely) : ''}`,
    ...(likely !== null && {
      fix: { label: `Use ${quote(likely)}`, edit: { kind: 'set', path: place.path, value: likely } },
    }),
  }
}

/** Explains the branch that was meant: told by a member that names the branch, or the only one of a fitting type. */
function* explainUnion(branches: readonly JsonSchema[], value: unknown, place: Place): Generator<Mismatch> {
  const tag = isObject(value) ? tagName(branches) : undefined
  if (isObject(value) && tag !== undefined) {
    yield* explainTagged(branches, tag, value, place)
    return
  }
  const meant = branches.filter((branch) => branch.type && Check({ type: branch.type } as TSchema, value))
  const [first, second] = meant
  if (first && !second) {
    yield* explain(first, value, place)
    return
  }
  const words = first ? 'fits none of the forms that are allowed' : mustFitOneOf(branches)
  yield { kind: 'value', path: place.path, message: `${inWords(place)} ${words}.` }
}

/** The member by which a union of objects is told apart: a constant in every branch. */
function tagName(branches: readonly JsonSchema[]): string | undefined {
  const objects = branches.filter((branch) => branch.properties)
  return Object.keys(objects[0]?.properties ?? {}).find((name) =>
    objects.every((branch) => ownMember(branch.properties ?? {}, name)?.const !== undefined),
  )
}

function* explainTagged(
  branches: readonly JsonSchema[],
  tag: string,
  value: JsonObject,
  place: Place,
): Generator<Mismatch> {
  const constantOf = (branch: JsonSchema) => branch.properties?.[tag]?.const
  const tagged = ownMember(value, tag)
  const meant = branches.find((branch) => branch.properties && constantOf(branch) === tagged)
  if (meant) {
    yield* explain(meant, value, place)
    return
  }
  const objects = branches.filter((branch) => branch.properties)
  const at = insideMember(place, tag, objects[0]?.properties?.[tag])
  if (tagged === undefined) yield { kind: 'missing', path: at.path, message: `${inWords(at)} is missing.` }
  else yield explainChoice(objects.map(constantOf), tagged, at)
}

/** Explains what is wrong with a value as a whole rather than with a part of it. */
function* explainWhole(schema: JsonSchema, value: unknown, place: Place): Generator<Mismatch> {
  const errors = Errors(schema as TSchema, value).filter((error) => error.instancePath === '')
  const told = errors.flatMap((error) => {
    const words = ownMember(KEYWORD_WORDS, error.keyword)
    return words ? [words(error.params as KeywordParams, schema)] : []
  })
  for (const words of told.length > 0 ? told : ['has a value that is not allowed']) {
    yield { kind: 'value', path: place.path, message: `${inWords(place)} ${words}.` }
  }
}

function inside(place: Place, name: string, words: string): Place {
  return { path: [...place.path, name], words: [...place.words, words] }
}

function insideMember(place: Place, name: string, schema: JsonSchema | undefined): Place {
  return inside(place, name, schema?.title ?? name)
}

function inWords({ words }: Place): string {
  return words.length === 0 ? 'The whole' : words.join(' › ')
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
