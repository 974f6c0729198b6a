import { type Field, formatType } from '@millrace/expr'
import { type ConfigIssue, quote, type StreamSchema } from '@millrace/graph'
import { ANY_USE, checkField } from '../../config/check-fields.ts'
import { duplicateField } from '../../config/check-schema.ts'
import { issue } from '../../config/issue.ts'
import type { ElasticsearchConfig } from './definition.ts'
import { documentName } from './document-fields.ts'
import { defaultMapping, MAPPING_TYPES } from './mapping.ts'

/** A name that Elasticsearch takes as one field: a dot would make an object of it, `_` leads its own fields. */
const FIELD_NAME = /^[A-Za-z0-9@][A-Za-z0-9@_-]*$/

/** What is wrong with the choice of document fields and their mapping. */
export function checkDocumentFields(
  config: ElasticsearchConfig,
  input: StreamSchema | null,
): readonly ConfigIssue[] {
  if (config.fields.length === 0) return [noFields(input)]
  const names = config.fields.map(documentName)
  return config.fields.flatMap((entry, i) => {
    const path = ['fields', String(i)]
    const named = checkName(names[i] ?? '', names.indexOf(names[i] ?? '') < i, path)
    return [...(input ? checkMapping(entry, input.fields, path) : []), ...named]
  })
}

function noFields(input: StreamSchema | null): ConfigIssue {
  const all = input?.fields.map(({ name, type }) => ({ field: name, type: defaultMapping(type) }))
  return issue('fields_missing', ['fields'], 'Choose the fields that documents hold.', {
    ...(all && { fix: { label: 'Use all fields', path: ['fields'], value: all } }),
  })
}

function checkMapping(
  { field: name, type }: ElasticsearchConfig['fields'][number],
  fields: readonly Field[],
  path: readonly string[],
): readonly ConfigIssue[] {
  const wrong = checkField(name, fields, ANY_USE, [...path, 'field'])
  if (wrong !== null) return [wrong]
  const field = fields.find((candidate) => candidate.name === name)
  if (field === undefined || MAPPING_TYPES[type].accepts(field.type)) return []
  const fitting = defaultMapping(field.type)
  return [
    issue(
      'mapping_type',
      [...path, 'type'],
      `${quote(name)} of type ${formatType(field.type)} cannot be held as ${type}.`,
      { fix: { label: `Use ${fitting}`, path: [...path, 'type'], value: fitting } },
    ),
  ]
}

function checkName(name: string, isTaken: boolean, path: readonly string[]): readonly ConfigIssue[] {
  if (name !== '' && isTaken) return [duplicateField(name, [...path, 'as'])]
  if (name === '' || FIELD_NAME.test(name)) return []
  const message = `${quote(name)} is no field name for Elasticsearch: use letters, digits, "_", "-" and "@", and no "_" in front.`
  return [issue('field_name_missing', [...path, 'as'], message)]
}

/** What is wrong with the choice of the field by which documents are ordered. */
export function checkTimeField({ timeField, fields }: ElasticsearchConfig): readonly ConfigIssue[] {
  const path = ['timeField']
  if (timeField === null) return []
  if (timeField === '') return [issue('field_missing', path, 'Choose a field.')]
  const chosen = fields.filter(({ field }) => field === timeField)
  if (chosen.some(({ type }) => type === 'date')) return []
  return chosen.length === 0
    ? [issue('unknown_field', path, `${quote(timeField)} is not among the fields of the documents.`)]
    : [issue('field_type', path, `${quote(timeField)} is not held as a date.`)]
}
