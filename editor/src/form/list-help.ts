import type { Field, SamplesOf } from '@millrace/expr'
import type { NodeConfig, NodeDefinition, NodeSchemas } from '@millrace/graph'
import type { FormListHelp } from './form-context.ts'

/** What is known around a node. */
export interface Surroundings {
  readonly schemas: NodeSchemas | undefined
  samplesAt(port: string | undefined): SamplesOf
}

const NOTHING_UNFIT: ReadonlyMap<string, string> = new Map()

/** What a node type knows of the list that `path` leads to or into; null where it knows nothing. */
export function listHelpOf(
  definition: NodeDefinition | undefined,
  config: NodeConfig,
  [setting = '']: readonly string[],
  { schemas, samplesAt }: Surroundings,
): FormListHelp | null {
  const lists = definition?.lists
  const help = lists && Object.hasOwn(lists, setting) ? lists[setting] : undefined
  if (help === undefined) return null
  const results = schemas?.outputs.out?.fields ?? []
  return {
    entryFor: (field: Field) => help.entryFor?.(field, samplesAt(undefined)([field.name])) ?? null,
    unfit: (index, member) => help.unfit?.(config, index, member, schemas?.inputs ?? {}) ?? NOTHING_UNFIT,
    resultsOf: (index) => {
      const names = help.resultsOf?.(config, index) ?? []
      return names.flatMap((name) => results.find((field) => field.name === name) ?? [])
    },
  }
}
