import type { Field } from '@millrace/expr'
import type { ElasticsearchConfig } from './definition.ts'
import type { MappingName } from './mapping.ts'

type DocumentField = ElasticsearchConfig['fields'][number]

/** The name under which a field stands in the documents. */
export function documentName({ field, as }: DocumentField): string {
  return as === undefined || as === '' ? field : as
}

/** One field of the documents. */
export interface ChosenField extends Field {
  /** Its position in the rows of the input. */
  readonly position: number
  readonly as: MappingName
}

/** The fields of the documents, under their names there. The config must be valid. */
export function chosenFields(
  { fields }: ElasticsearchConfig,
  input: readonly Field[],
): readonly ChosenField[] {
  return fields.map((entry) => {
    const position = input.findIndex(({ name }) => name === entry.field)
    const field = input[position]
    if (field === undefined) throw new Error('the config was not validated: a document field does not exist')
    return { name: documentName(entry), type: field.type, position, as: entry.type }
  })
}
