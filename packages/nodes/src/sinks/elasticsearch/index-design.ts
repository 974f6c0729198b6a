import type { StreamSchema } from '@millrace/graph'
import type { IndexDesign } from '../../elasticsearch-port.ts'
import type { ElasticsearchConfig } from './definition.ts'
import { chosenFields, documentName } from './document-fields.ts'
import { fieldMappings } from './mapping.ts'

/** What the indices of a sink look like. The config must be valid for the input. */
export function indexDesign(config: ElasticsearchConfig, { fields, updates }: StreamSchema): IndexDesign {
  const { alias, index: kind, refreshSeconds, shards, replicas, retentionDays } = config
  const properties = fieldMappings(chosenFields(config, fields))
  const deletes = updates !== undefined
  return { alias, kind, properties, refreshSeconds, shards, replicas, retentionDays, deletes }
}

/** The date field of the documents by which they are ordered and filtered; null where none is chosen. */
export function documentTimeField({ timeField, fields }: ElasticsearchConfig): string | null {
  const field = fields.find((entry) => entry.field === timeField && entry.type === 'date')
  return field === undefined ? null : documentName(field)
}
