import { createHash } from 'node:crypto'
import {
  type Catalogue,
  contentText,
  migrateNodes,
  type PipelineGraph,
  parseGraph,
  serializeGraph,
  validate,
} from '@millrace/graph'
import { AppError } from '../errors.ts'

/** Which node types there are, and in which version: what a graph was checked with. */
export function catalogueVersion(catalogue: Catalogue): string {
  const types = catalogue.list().map(({ type, version }) => `${type}@${version}`)
  return createHash('sha256').update(types.sort().join(',')).digest('hex').slice(0, 16)
}

/**
 * Checks a document that came from outside: shape, limits, ids.
 *
 * @throws AppError `pipeline_invalid` with the issues
 */
export function acceptDocument(json: unknown): PipelineGraph {
  const parsed = parseGraph(json)
  if (parsed.ok) return parsed.graph
  const [first] = parsed.issues
  const message = `The document is no pipeline: ${first?.message ?? ''}`
  throw new AppError('pipeline_invalid', message, { body: { issues: parsed.issues } })
}

/**
 * Reads a document that was kept, with the settings of its nodes led up to this catalogue.
 *
 * @throws AppError `pipeline_invalid` where it is none any more, e.g. because a newer Millrace wrote it
 */
export function readDocument(text: string, catalogue: Catalogue): PipelineGraph {
  return migrateNodes(acceptDocument(parseKept(text)), catalogue).graph
}

function parseKept(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const message =
      'The document is no pipeline: its text is damaged. Nothing was changed; restore the database, or delete the pipeline.'
    throw new AppError('pipeline_invalid', message, { cause, body: { issues: [] } })
  }
}

/** What is kept of a document beside its text. */
export function documentFacts(graph: PipelineGraph, catalogue: Catalogue) {
  const { graph: current } = migrateNodes(graph, catalogue)
  return {
    graph: serializeGraph(graph),
    checksum: checksumOf(graph),
    nodes: graph.nodes.length,
    errors: validate(current, catalogue).filter(({ severity }) => severity === 'error').length,
    catalogue: catalogueVersion(catalogue),
  }
}

/** SHA-256 of what a document means; layout does not count. */
export function checksumOf(graph: PipelineGraph): string {
  return createHash('sha256').update(contentText(graph)).digest('hex')
}
