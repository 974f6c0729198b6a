import { type Field, parseType } from '@millrace/expr'
import { type ConfigIssue, quote } from '@millrace/graph'
import { issue } from './issue.ts'
import { sentence } from './words.ts'

/** A field as it is written in a config: its type as text. */
export interface FieldText {
  readonly name: string
  readonly type: string
}

/** The fields of a schema table, and what is wrong with it. */
export interface CheckedSchema {
  /** Those that can be read; all of them where there are no issues. */
  readonly fields: readonly Field[]
  readonly issues: readonly ConfigIssue[]
}

/** Reads the fields of a schema table; `path` is where the table stands in the config. */
export function checkSchema(rows: readonly FieldText[], path: string): CheckedSchema {
  if (rows.length === 0) {
    return { fields: [], issues: [issue('fields_missing', [path], 'Name at least one field.')] }
  }
  const names = new Set<string>()
  const fields: Field[] = []
  const issues: ConfigIssue[] = []
  rows.forEach(({ name, type }, i) => {
    const at = [path, String(i)]
    const parsed = parseType(type)
    if (name === '') issues.push(issue('field_name_missing', [...at, 'name'], 'Give the field a name.'))
    else if (names.has(name)) issues.push(duplicateField(name, [...at, 'name']))
    else if (parsed.ok) fields.push({ name, type: parsed.type })
    if (!parsed.ok) issues.push(issue('type_invalid', [...at, 'type'], sentence(parsed.issue.message)))
    names.add(name)
  })
  return { fields, issues }
}

/** Two fields would have one name. */
export function duplicateField(name: string, path: readonly string[]): ConfigIssue {
  return issue('duplicate_field', path, `There are two fields called ${quote(name)}: rename one.`)
}

/** The fields of a schema table of a valid config. */
export function readSchema(rows: readonly FieldText[]): readonly Field[] {
  return checkSchema(rows, '').fields
}
