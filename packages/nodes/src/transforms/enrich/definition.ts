import { type ArrayType, arrayOf, type DataType, type Field, withNullable } from '@millrace/expr'
import { defineNode, type StreamSchema } from '@millrace/graph'
import { passOn } from '../../config/pass-on.ts'
import { checkLookup, checkReference, newName } from './check-enrich.ts'
import { type KeyPath, resolveKeyPath } from './key-path.ts'
import { migrate } from './migrate.ts'
import { keyPairs, referenceFields } from './reference-data.ts'
import { config, DEFAULTS, type EnrichConfig } from './settings.ts'

/** Adds fields of reference data: of a topic, or of a table in the settings. */
export const enrich = defineNode<EnrichConfig>({
  type: 'enrich',
  version: 3,
  kind: 'transform',
  title: 'Enrich',
  summary: 'Adds fields from reference data in a topic or a table.',
  icon: 'enrich',
  config,
  defaults: DEFAULTS,
  inputs: [{ name: 'in', label: 'Events', updates: 'by-key' }],
  outputs: [{ name: 'out', label: 'Enriched events' }],
  digest,
  migrate,
  infer: (settings, { in: input }) => {
    const issues = [...checkReference(settings), ...checkLookup(settings, input ?? null)]
    return { outputs: passOn(input && outputOf(settings, input)), issues }
  },
})

function digest(settings: EnrichConfig): string {
  const { reference, topic } = settings
  const keys = keyPairs(settings).map(({ key }) => key)
  const name = reference === 'table' ? 'table' : topic
  return name === '' || keys.includes('') ? '' : `${name} by ${keys.join(', ')}`
}

/** Without the key's path the events go on as they are: what hangs on added fields is then reported there. */
function outputOf(settings: EnrichConfig, input: StreamSchema): StreamSchema {
  const path = resolveKeyPath(settings.key, input.fields)
  if (path === null) return input
  const reference = referenceFields(settings)
  const added = settings.add.flatMap((addition): Field[] => {
    const type = reference.find(({ name }) => name === addition.field)?.type
    return type ? [{ name: newName(addition), type: addedType(type, path, settings.miss) }] : []
  })
  const { updates } = input
  // What a row was before cannot be told: the reference row may have changed since.
  return {
    ...input,
    fields: [...input.fields, ...added],
    ...(settings.reference === 'versions' && { partitionedBy: [settings.key] }),
    ...(updates && { updates: { ...updates, before: false } }),
  }
}

function addedType(type: DataType, { array }: KeyPath, miss: EnrichConfig['miss']): DataType | ArrayType {
  const found = miss === 'keep' ? withNullable(type, true) : type
  return array === null ? found : arrayOf(found, miss === 'keep')
}
