import type { ConfigIssue } from '@millrace/graph'
import { duplicateField } from '../config/check-schema.ts'
import { issue } from '../config/issue.ts'
import { type AggregateConfig, resultNames } from './settings.ts'

/** What is wrong with the names of the results of aggregates beside the names that are taken; these are taken then too. */
export function checkResultNames(
  aggregates: readonly AggregateConfig[],
  taken: Set<string>,
): readonly ConfigIssue[] {
  if (aggregates.length === 0)
    return [issue('fields_missing', ['aggregates'], 'Compute at least one aggregate.')]
  return aggregates.flatMap((entry, i) => {
    const names = entry.as === '' ? [''] : resultNames(entry)
    return names.flatMap((name) => checkName(name, taken, ['aggregates', String(i), 'as']))
  })
}

/** What is wrong with a name of a field; it is taken then. */
export function checkName(name: string, taken: Set<string>, path: readonly string[]): readonly ConfigIssue[] {
  if (name === '') return [issue('field_name_missing', path, 'Give the result a name.')]
  if (taken.has(name)) return [duplicateField(name, path)]
  taken.add(name)
  return []
}
