import { type Field, formatType, type Value } from '@millrace/expr'
import type { ListHelp } from '@millrace/graph'
import type { ElasticsearchConfig } from './definition.ts'
import { defaultMapping, MAPPING_TYPES, type MappingName } from './mapping.ts'

/** Helps the form with the fields of documents: mapping types by type and use, and those that do not fit a field. */
export const documentFieldList: ListHelp<ElasticsearchConfig> = {
  entryFor: (field, values) => ({ field: field.name, type: proposedMapping(field, values) }),
  unfit: ({ fields }, index, member, { in: input }) => {
    const field = input?.fields.find(({ name }) => name === fields[index]?.field)
    if (member !== 'type' || field === undefined) return new Map()
    return new Map(
      Object.entries(MAPPING_TYPES).flatMap(([name, { accepts }]) =>
        accepts(field.type) ? [] : [[name, `not of ${formatType(field.type)}`] as const],
      ),
    )
  },
}

/** Texts of so many words on average are read, not compared. */
const WORDS = 4
/** Of fewer values nothing is told. */
const FEW = 5
/** Longer texts are judged by their beginning. */
const JUDGED = 1_000

/** The mapping type that suits a field by its type and, for texts, by how the sample uses it: words to search, or names. */
export function proposedMapping({ type }: Field, values: readonly Value[] = []): MappingName {
  const mapping = defaultMapping(type)
  if (mapping !== 'keyword' || type.kind !== 'string') return mapping
  const texts = values.filter((value) => typeof value === 'string')
  if (texts.length < FEW) return mapping
  const words = texts.reduce((sum, text) => sum + text.slice(0, JUDGED).trim().split(/\s+/).length, 0)
  return words / texts.length >= WORDS ? 'text' : mapping
}
