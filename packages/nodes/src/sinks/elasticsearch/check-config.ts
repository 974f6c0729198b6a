import type { Field } from '@millrace/expr'
import { type ConfigIssue, quote, type StreamSchema } from '@millrace/graph'
import { checkField, TIME_USE } from '../../config/check-fields.ts'
import { checkConnection } from '../../config/check-topic.ts'
import { issue } from '../../config/issue.ts'
import { checkDocumentFields, checkTimeField } from './check-document.ts'
import type { ElasticsearchConfig } from './definition.ts'
import { type IdTemplate, isAmbiguous, isIdType, parseIdTemplate } from './document-id.ts'
import { isAlias } from './index-name.ts'

/** What is wrong with the settings of an Elasticsearch sink. */
export function checkElasticsearch(
  config: ElasticsearchConfig,
  input: StreamSchema | null,
): readonly ConfigIssue[] {
  return [
    ...checkConnection(config.connection),
    ...checkAlias(config),
    ...checkId(config, input),
    ...(input ? checkIndexDate(config, input) : []),
    ...checkDocumentFields(config, input),
    ...checkTimeField(config),
    ...checkRetention(config),
  ]
}

function checkAlias({ alias }: ElasticsearchConfig): readonly ConfigIssue[] {
  if (alias === '') return [issue('alias_missing', ['alias'], 'Give the alias a name.')]
  if (isAlias(alias)) return []
  const message = `${quote(alias)} is no alias: use lower-case letters, digits, "-" and "_", beginning with a letter or digit.`
  return [issue('alias_invalid', ['alias'], message)]
}

function checkId({ id }: ElasticsearchConfig, input: StreamSchema | null): readonly ConfigIssue[] {
  const path = ['id']
  if (id === '') {
    return [issue('document_id_missing', path, 'Say what names a document, such as {orderId}.')]
  }
  const template = parseIdTemplate(id)
  if (template === null)
    return [issue('document_id_invalid', path, 'A brace has no partner or names nothing.')]
  if (template.names.length === 0)
    return [issue('document_id_invalid', path, 'Without a field in braces, all documents would have one id.')]
  if (isAmbiguous(template))
    return [
      issue('document_id_invalid', path, 'Put a text between two fields, so that they can be told apart.'),
    ]
  return input ? [...checkIdFields(template, input.fields), ...checkUpdateKey(template, input)] : []
}

/** Of an updating stream the id must be what names a row: then a correction finds the document that it corrects. */
function checkUpdateKey({ names }: IdTemplate, { updates }: StreamSchema): readonly ConfigIssue[] {
  if (updates === undefined) return []
  const missing = updates.key.filter((name) => !names.includes(name))
  const other = names.filter((name) => !updates.key.includes(name))
  if (missing.length === 0 && other.length === 0) return []
  const reason =
    missing.length > 0
      ? `must hold what names a row: ${missing.map(quote).join(', ')}`
      : `may hold nothing that can change: ${other.map(quote).join(', ')}`
  const fix = {
    label: 'Use what names a row',
    path: ['id'],
    value: updates.key.map((name) => `{${name}}`).join('/'),
  }
  return [
    issue('update_key_unused', ['id'], `These rows are corrected later, so the document id ${reason}.`, {
      fix,
    }),
  ]
}

function checkIdFields({ names }: IdTemplate, fields: readonly Field[]): readonly ConfigIssue[] {
  const use = {
    accepts: isIdType,
    refusal: 'cannot be part of an id: choose a string, an int64, a timestamp or a boolean',
  }
  return names.flatMap((name) => checkField(name, fields, use, ['id']) ?? []).map(withoutFix)
}

/** A fix would replace the whole template by one name. */
function withoutFix({ fix: _, ...rest }: ConfigIssue): ConfigIssue {
  return rest
}

/**
 * Two versions of one document must meet in one index. That is certain where the date is part of the id, and taken for
 * granted where it is the event's own time, which does not change when the event is sent again.
 */
function checkIndexDate(
  { index, dateField, id }: ElasticsearchConfig,
  input: StreamSchema,
): readonly ConfigIssue[] {
  if (index === 'single') return []
  const path = ['dateField']
  const date = dateField ?? input.eventTimeField
  const wrong = dateField === null ? null : checkField(dateField, input.fields, TIME_USE, path)
  if (wrong !== null) return [wrong]
  // A correction may have another event time than the row that it corrects.
  const isFixed = date === input.eventTimeField && input.updates === undefined
  if (date !== null && (isFixed || parseIdTemplate(id)?.names.includes(date))) return []
  const subject =
    date === null
      ? 'The event time is no field of these events'
      : `${quote(date)} is not part of the document id`
  const message = `${subject}, so one id could come to stand in the indices of two days. Choose the event-time field, or a date that is part of the id.`
  const fix = { label: 'Use one index', path: ['index'], value: 'single' }
  return [issue('index_date_may_change', path, message, { fix })]
}

function checkRetention({ index, retentionDays }: ElasticsearchConfig): readonly ConfigIssue[] {
  if (index === 'daily' || retentionDays === null) return []
  const message = 'Only daily indices can be dropped: the retention has no effect on one index.'
  return [issue('retention_unused', ['retentionDays'], message, { severity: 'warning' })]
}
