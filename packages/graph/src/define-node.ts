import type { Catalogue, NodeDefinition } from './definition.ts'
import type { GraphNode } from './model.ts'

/** A catalogue that cannot be: a fault of the program that put it together. */
export class CatalogueError extends Error {
  readonly code: 'duplicate_type' | 'missing_migration'
  readonly domain = 'internal'
  readonly retry = 'never'

  constructor(code: CatalogueError['code'], message: string) {
    super(message)
    this.name = 'CatalogueError'
    this.code = code
  }
}

/**
 * Declares a node type: its functions see the type of its own config, and the result fits wherever any
 * `NodeDefinition` is expected. Sound because `infer` and `digest` are called only with configs that fit the schema.
 *
 * @example
 * export const filter = defineNode<FilterConfig>({ type: 'filter', version: 1, kind: 'transform', … })
 */
export function defineNode<Config extends object>(
  definition: NodeDefinition<Config>,
): NodeDefinition<Config> & NodeDefinition {
  return definition as NodeDefinition<Config> & NodeDefinition
}

/**
 * The node types of an app, in the order of the palette.
 *
 * @throws CatalogueError where two definitions have the same type, or one has a version above 1 and no `migrate`.
 */
export function createCatalogue(definitions: readonly NodeDefinition[]): Catalogue {
  const byType = new Map<string, NodeDefinition>()
  for (const definition of definitions) {
    const { type, version, migrate } = definition
    if (byType.has(type)) throw new CatalogueError('duplicate_type', `Two node types are called "${type}".`)
    if (version > 1 && !migrate) {
      throw new CatalogueError(
        'missing_migration',
        `Node type "${type}" has version ${version} but no migrate().`,
      )
    }
    byType.set(type, definition)
  }
  const list = [...definitions]
  return { get: (type) => byType.get(type), list: () => list }
}

/** A fresh node of a type, with the type's default config. */
export function newNode(definition: NodeDefinition, id: string, label: string = definition.title): GraphNode {
  const { type, version, defaults } = definition
  return { id, type, typeVersion: version, label, config: defaults, note: '' }
}
