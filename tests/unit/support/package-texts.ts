import { catalogue } from '@millrace/nodes'
import { TEMPLATES } from '../../../api/src/templates/templates.ts'

/** The part of a config schema that forms show. */
interface ShownSchema {
  readonly title?: string
  readonly description?: string
  readonly properties?: { readonly [name: string]: ShownSchema }
  readonly anyOf?: readonly ShownSchema[]
  readonly items?: ShownSchema
  readonly 'x-ui'?: { readonly entry?: string }
}

/** What node types and templates show in the editor: titles, summaries, labels of ports, settings and choices. */
export function packageTexts(): ReadonlySet<string> {
  const nodes = catalogue
    .list()
    .flatMap(({ title, summary, config, inputs, outputs }) => [
      title,
      summary,
      ...schemaTexts(config as ShownSchema),
      ...[...inputs, ...outputs].map(({ label }) => label),
    ])
  const templates = TEMPLATES.flatMap(({ name, summary, teaches }) => [name, summary, teaches])
  return new Set([...nodes, ...templates].filter((text) => /\p{L}/u.test(text)))
}

function schemaTexts(schema: ShownSchema): string[] {
  const { title, description, properties = {}, anyOf = [], items } = schema
  const inner = [...Object.values(properties), ...anyOf, ...(items ? [items] : [])]
  return [title, description, schema['x-ui']?.entry]
    .filter((text) => text !== undefined)
    .concat(inner.flatMap(schemaTexts))
}
