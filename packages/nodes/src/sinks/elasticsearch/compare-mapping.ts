import type { Field } from '@millrace/expr'
import { type ConfigIssue, quote } from '@millrace/graph'
import type { ExistingFields } from '../../elasticsearch-port.ts'
import type { ElasticsearchConfig } from './definition.ts'
import { documentName } from './document-fields.ts'
import { MAPPING_TYPES, type MappingName } from './mapping.ts'

/** How the fields of a sink differ from what its indices hold, which cannot be changed there. */
export interface MappingComparison {
  /** Differences for which a publish would be refused, each with a fix where there is one. */
  readonly conflicts: readonly ConfigIssue[]
  /** Fields that the indices do not have yet: they are added. */
  readonly added: readonly string[]
  /** Fields that only the indices have: old documents keep them. */
  readonly left: readonly string[]
}

/** Compares the settings of a sink over known input fields with the indices that exist behind its alias. */
export function compareMapping(
  { fields: entries }: Pick<ElasticsearchConfig, 'fields'>,
  input: readonly Field[],
  existing: Pick<ExistingFields, 'fields'>,
): MappingComparison {
  const names = new Set(entries.map(documentName))
  const conflicts = entries.flatMap((entry, i) => {
    const name = documentName(entry)
    const held = existing.fields.get(name)
    if (held === undefined || held.every((type) => type === entry.type)) return []
    const field = input.find((candidate) => candidate.name === entry.field)
    return [conflictOf(name, entry.type, held, field, String(i))]
  })
  return {
    conflicts,
    added: [...names].filter((name) => name !== '' && !existing.fields.has(name)),
    left: [...existing.fields.keys()].filter((name) => !names.has(name)),
  }
}

function conflictOf(
  name: string,
  wanted: MappingName,
  held: readonly string[],
  field: Field | undefined,
  index: string,
): ConfigIssue {
  const path = ['fields', index, 'type']
  const [type = ''] = held
  const shared = { code: 'mapping_conflict', path }
  if (held.length > 1) {
    return {
      ...shared,
      message: `Indices behind the alias hold ${quote(name)} in different ways: ${held.join(', ')}. Choose another alias, or another name for the field.`,
      fix: renamed(name, index),
    }
  }
  const message = `The index holds ${quote(name)} as ${type}, and it is ${wanted} here. What an index holds cannot be changed`
  const isOurs = Object.hasOwn(MAPPING_TYPES, type)
  if (isOurs && (field === undefined || MAPPING_TYPES[type as MappingName].accepts(field.type)))
    return { ...shared, message: `${message}.`, fix: { label: `Use ${type}`, path, value: type } }
  const reason = field === undefined ? '' : `, and its values do not fit ${type}`
  return {
    ...shared,
    message: `${message}${reason}: give the field another name.`,
    fix: renamed(name, index),
  }
}

function renamed(name: string, index: string) {
  const other = `${name}_2`
  return { label: `Call it ${other}`, path: ['fields', index, 'as'], value: other }
}
