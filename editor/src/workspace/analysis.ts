import {
  type Catalogue,
  type GraphNode,
  type Issue,
  inferSchemas,
  type NodeSchemas,
  type PipelineGraph,
  type SensitiveFields,
  sensitiveFields,
  validate,
} from '@millrace/graph'
import { Check } from 'typebox/value'
import { t, tFrom, withinSentence } from '../i18n/t.ts'

/** What can be told about a document without asking the world. */
export interface Analysis {
  readonly issues: readonly Issue[]
  readonly issuesOf: ReadonlyMap<string, readonly Issue[]>
  /** What flows into and out of each node, where it is known. */
  readonly schemas: ReadonlyMap<string, NodeSchemas>
  /** Which fields at the ports of each node are not shown. */
  readonly sensitive: ReadonlyMap<string, SensitiveFields>
  /** The line of each node's card that sums up its settings. */
  readonly digests: ReadonlyMap<string, Digest>
}

/** The third line of a node card. */
export interface Digest {
  readonly text: string
  /** False where a setting is missing: the text says which. */
  readonly isSet: boolean
}

/** Issue codes that say that something was not filled in yet. */
const MISSING = /(^|_)missing(_|$)/

/** Looks at a document: mistakes, schemas and the digests of its nodes. */
export function analyse(graph: PipelineGraph, catalogue: Catalogue): Analysis {
  const issues = validate(graph, catalogue)
  const issuesOf = Map.groupBy(
    issues.filter(({ nodeId }) => nodeId !== null),
    ({ nodeId }) => nodeId as string,
  )
  const digests = new Map(
    graph.nodes.map((node) => [node.id, digestOf(node, catalogue, issuesOf.get(node.id) ?? [])]),
  )
  const schemas = inferSchemas(graph, catalogue).nodes
  return { issues, issuesOf, schemas, sensitive: sensitiveFields(graph, catalogue, schemas), digests }
}

/** Keeps the last analysis: what only moves nodes needs no new one. */
export function createAnalyser(catalogue: Catalogue): (graph: PipelineGraph) => Analysis {
  let last: { graph: PipelineGraph; analysis: Analysis } | null = null
  return (graph) => {
    if (last === null || !sameContent(last.graph, graph))
      last = { graph, analysis: analyse(graph, catalogue) }
    return last.analysis
  }
}

/** True where the two share all that an analysis looks at. */
export function sameContent(a: PipelineGraph, b: PipelineGraph): boolean {
  return a.nodes === b.nodes && a.edges === b.edges && a.name === b.name
}

function digestOf(node: GraphNode, catalogue: Catalogue, issues: readonly Issue[]): Digest {
  const definition = catalogue.get(node.type)
  if (definition === undefined) return { text: t('Unknown type'), isSet: false }
  const missing = issues.find(
    ({ code, severity, path }) => severity === 'error' && path.length > 0 && MISSING.test(code),
  )
  if (missing !== undefined)
    return { text: t('Set {config}', { config: titleAt(definition.config, missing.path) }), isSet: false }
  // A digest is asked for only where the settings fit the schema: that is what `digest` may rely on.
  return {
    text: Check(definition.config, node.config) ? definition.digest(node.config) : t('Settings do not fit'),
    isSet: true,
  }
}

interface TitledSchema {
  readonly title?: string
  readonly properties?: { readonly [name: string]: TitledSchema }
}

function titleAt(schema: TitledSchema, [name = '']: readonly string[]): string {
  const members = schema.properties ?? {}
  const title = Object.hasOwn(members, name) ? members[name]?.title : undefined
  return withinSentence(tFrom(title ?? name))
}
