import { parseType } from '@millrace/expr'
import type { ConfigIssue, NodeConfig, NodeDefinition, StreamSchema } from '@millrace/graph'
import { Check } from 'typebox/value'

/** A stream schema from fields as text. */
export function stream(
  fields: Readonly<Record<string, string>>,
  more: Partial<StreamSchema> = {},
): StreamSchema {
  return {
    fields: Object.entries(fields).map(([name, text]) => {
      const parsed = parseType(text)
      if (!parsed.ok) throw new Error(parsed.issue.message)
      return { name, type: parsed.type }
    }),
    partitionedBy: null,
    eventTimeField: null,
    ...more,
  }
}

/** What `infer` says of a config, which must fit the schema. */
export function inferred(definition: NodeDefinition, config: object, input: StreamSchema | null) {
  if (!Check(definition.config, config)) throw new Error('the config does not fit the schema')
  return definition.infer(config as NodeConfig, { in: input })
}

/** The issues of a config as `code path`. */
export function issuesOf(definition: NodeDefinition, config: object, input: StreamSchema | null): string[] {
  return inferred(definition, config, input).issues.map(({ code, path }) => `${code} ${path.join('.')}`)
}

/** The fix of the only issue. */
export function fixOf(
  definition: NodeDefinition,
  config: object,
  input: StreamSchema | null,
): ConfigIssue['fix'] {
  const { issues } = inferred(definition, config, input)
  if (issues.length !== 1) throw new Error(`expected one issue, found ${issues.length}`)
  return issues[0]?.fix
}
