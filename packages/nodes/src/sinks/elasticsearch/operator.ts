import { type OutboxDocument, type OutboxSinkRuntime, RecordError, type StreamRecord } from '@millrace/engine'
import { encodeJson, TIMESTAMP_LIMIT, type Value } from '@millrace/expr'
import { fieldIndex, type StreamSchema } from '@millrace/graph'
import type { ElasticsearchConfig } from './definition.ts'
import { chosenFields } from './document-fields.ts'
import { createIdWriter, parseIdTemplate } from './document-id.ts'
import { dailyIndex, singleIndex } from './index-name.ts'

/** How an Elasticsearch sink makes its documents. */
export const elasticsearchRuntime: OutboxSinkRuntime<ElasticsearchConfig> = {
  role: 'outbox-sink',
  type: 'elasticsearch',
  createDocuments,
}

function createDocuments(
  config: ElasticsearchConfig,
  input: StreamSchema,
): (record: StreamRecord) => OutboxDocument {
  const targetOf = targetReader(config, input)
  const idOf = idReader(config, input)
  const chosen = chosenFields(config, input.fields)
  const encode = encodeJson(chosen)
  return (record) => {
    const place = { target: targetOf(record), id: idOf(record.row) }
    if (record.kind === 'delete') return { op: 'delete', ...place, body: null }
    const body = encode(chosen.map(({ position }) => record.row[position] as Value))
    return { op: 'index', ...place, body }
  }
}

function idReader({ id }: ElasticsearchConfig, { fields }: StreamSchema) {
  const template = parseIdTemplate(id)
  if (template === null) throw new Error('the config was not validated: the document id is no template')
  return createIdWriter(template, fields)
}

function targetReader(
  { alias, index, dateField }: ElasticsearchConfig,
  input: StreamSchema,
): (record: StreamRecord) => string {
  if (index === 'single') return () => singleIndex(alias)
  if (dateField === null) return ({ time }) => dailyIndex(alias, time)
  const position = fieldIndex(input, dateField)
  return ({ row }) => dailyIndex(alias, checkDate(row[position] as number | bigint | null, dateField))
}

function checkDate(date: number | bigint | null, name: string): number {
  if (date === null) throw new RecordError('no_index_date', `The index needs a date, but "${name}" is null.`)
  if (typeof date === 'number' && Math.abs(date) <= TIMESTAMP_LIMIT) return date
  throw new RecordError('index_date_out_of_range', `"${name}" is beyond the range of dates.`)
}
