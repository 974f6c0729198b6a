import { type Field, formatType } from '@millrace/expr'
import { type ConfigIssue, quote, type StreamSchema } from '@millrace/graph'
import { ANY_USE, checkField, TIME_USE, unknownField } from '../../config/check-fields.ts'
import { checkSchema, duplicateField } from '../../config/check-schema.ts'
import { checkTopic } from '../../config/check-topic.ts'
import { issue } from '../../config/issue.ts'
import { indexRows, readCsvTable } from './csv/csv-table.ts'
import { isLookupType, type KeyPath, LOOKUP_USE, resolveKeyPath } from './key-path.ts'
import { keyPairs, referenceFields } from './reference-data.ts'
import type { EnrichConfig } from './settings.ts'

/** What is wrong with the reference data, and with what is taken of it. */
export function checkReference(settings: EnrichConfig): readonly ConfigIssue[] {
  const { fields, issues } =
    settings.reference === 'table' ? checkTable(settings) : checkTopicFields(settings)
  if (fields.length === 0) return issues
  const keys = keyPairs(settings).flatMap(
    ({ keyField }, i) => checkField(keyField, fields, LOOKUP_USE, keyAt(i, 'keyField')) ?? [],
  )
  const added = settings.add.flatMap(
    ({ field }, i) => checkField(field, fields, ANY_USE, ['add', String(i), 'field']) ?? [],
  )
  const nothing =
    settings.add.length === 0 ? [issue('fields_missing', ['add'], 'Choose the fields to add.')] : []
  return [...issues, ...keys, ...checkVersionTime(settings, fields), ...added, ...nothing]
}

function checkVersionTime(
  { reference, versionTime }: EnrichConfig,
  fields: readonly Field[],
): readonly ConfigIssue[] {
  if (reference !== 'versions' || versionTime === '') return []
  const found = checkField(versionTime, fields, TIME_USE, ['versionTime'])
  return found === null ? [] : [found]
}

interface CheckedFields {
  readonly fields: readonly Field[]
  readonly issues: readonly ConfigIssue[]
}

function checkTopicFields(settings: EnrichConfig): CheckedFields {
  const { fields, issues } = checkSchema(settings.fields, 'fields')
  return { fields, issues: [...checkTopic(settings, false), ...issues] }
}

function checkTable(settings: EnrichConfig): CheckedFields {
  const table = readCsvTable(settings)
  const names = keyPairs(settings).map(({ keyField }) => keyField)
  return { fields: table.fields, issues: [...table.issues, ...indexRows(table, names).issues] }
}

/** What is wrong with the look-up, and with the names of what is added. */
export function checkLookup(settings: EnrichConfig, input: StreamSchema | null): readonly ConfigIssue[] {
  const missing = keyPairs(settings).flatMap(({ key }, i) =>
    key === '' ? [issue('field_missing', keyAt(i, 'key'), 'Choose the field to look up.')] : [],
  )
  if (missing.length > 0 || input === null) return missing
  return [
    ...keyPairs(settings).flatMap((_, i) => checkKey(settings, i, input.fields)),
    ...checkNewNames(settings, input.fields),
    ...checkMiss(settings, input),
    ...checkFinal(settings, input),
  ]
}

/** Where a member of a key pair stands in the settings. */
function keyAt(pair: number, member: 'key' | 'keyField'): readonly string[] {
  return pair === 0 ? [member] : ['furtherKeys', String(pair - 1), member]
}

function checkKey(settings: EnrichConfig, pair: number, fields: readonly Field[]): readonly ConfigIssue[] {
  const { key, keyField } = keyPairs(settings)[pair] as { key: string; keyField: string }
  const at = keyAt(pair, 'key')
  const path = resolveKeyPath(key, fields)
  if (path === null) return [unknownField(key, fields, at)]
  const reference = referenceFields(settings).find(({ name }) => name === keyField)
  const refusal = nestedRefusal(settings, path) ?? keyRefusal(path, pair, reference)
  return refusal === null
    ? []
    : [issue('field_type', at, `${quote(key)} of type ${formatType(path.type)} ${refusal}.`)]
}

/** Where versions are kept by key, events must be spread by a field of their own. */
function nestedRefusal({ reference }: EnrichConfig, { steps, array }: KeyPath): string | null {
  const isNested = steps.length > 1 || array !== null
  return reference === 'versions' && isNested
    ? 'lies within another field: versions are looked up by a field of the event itself, which a select can make'
    : null
}

/** Ends a sentence about a field that cannot be looked up; null where it can. */
function keyRefusal(path: KeyPath, pair: number, reference: Field | undefined): string | null {
  if (!isLookupType(path.type)) return LOOKUP_USE.refusal
  if (pair > 0 && path.array !== null) return 'lies in an array: only the first field to look up may'
  if (reference === undefined || reference.type.kind === path.type.kind) return null
  return `cannot be looked up by ${quote(reference.name)} of type ${formatType(reference.type)}: the types differ`
}

function checkNewNames({ add }: EnrichConfig, fields: readonly Field[]): readonly ConfigIssue[] {
  const taken = new Set(fields.map(({ name }) => name))
  return add.flatMap((added, i) => {
    const name = newName(added)
    const isTaken = name !== '' && taken.has(name)
    taken.add(name)
    return isTaken ? [duplicateField(name, ['add', String(i), 'as'])] : []
  })
}

/** A row that found its reference once and misses it after a correction would be left behind as it was. */
function checkMiss({ miss }: EnrichConfig, { updates }: StreamSchema): readonly ConfigIssue[] {
  if (updates === undefined || miss === 'keep') return []
  const message =
    'The rows that flow in are corrected later, and each correction must go on: keep the event with nulls.'
  return [
    issue('miss_loses_updates', ['miss'], message, {
      fix: { label: 'Keep the event with nulls', path: ['miss'], value: 'keep' },
    }),
  ]
}

/** Versions change between a row and its correction, and the correction may wait for other ones. */
function checkFinal({ reference }: EnrichConfig, { updates }: StreamSchema): readonly ConfigIssue[] {
  if (reference !== 'versions' || updates === undefined) return []
  const message = 'The rows that flow in are corrected later, and versions are looked up once for each event.'
  return [
    issue('versions_need_final', ['reference'], message, {
      fix: { label: 'Hold the topic in memory', path: ['reference'], value: 'topic' },
    }),
  ]
}

/** The name of an added field in the events. */
export function newName({ field, as }: EnrichConfig['add'][number]): string {
  return as === '' ? field : as
}
