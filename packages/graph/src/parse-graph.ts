import { partsOf, soundGroups, withParts } from './canvas-parts.ts'
import { graphSchema } from './document-schema.ts'
import { explainMismatch, type Mismatch } from './explain-mismatch.ts'
import type { Issue } from './issue.ts'
import { issueOf } from './issue-codes.ts'
import { explainUnsafeJson } from './json-bounds.ts'
import { ID_PATTERN } from './limits.ts'
import { migrateGraph, type RawDocument } from './migrate-graph.ts'
import type { PipelineGraph } from './model.ts'
import { ownMember } from './own-member.ts'
import { checkSize, checkStructure } from './structure.ts'
import { checkTests } from './tests/check-tests.ts'

/** A pipeline, or why the document is none. */
export type ParsedGraph =
  | { readonly ok: true; readonly graph: PipelineGraph }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/**
 * Reads a pipeline from JSON of any origin (already parsed). Leads older formats up, refuses newer ones, and warrants
 * shape, limits, unique ids and edges that join existing nodes: what `applyChange` relies on. What the document means
 * is for `migrateNodes` and `validate` to tell. Positions of nodes that do not exist are dropped, and places in groups.
 *
 * The path of an issue leads from the top of the document, e.g. `['nodes', '3', 'label']`.
 */
export function parseGraph(json: unknown): ParsedGraph {
  const unsafe = explainUnsafeJson(json)
  if (unsafe !== null) return refuse(issueOf('invalid_document', null, `The document ${unsafe}.`))
  if (!isObject(json)) return refuse(issueOf('invalid_document', null, 'The document must be a JSON object.'))
  const migrated = migrateGraph(json)
  return migrated.ok ? checkDocument(migrated.document) : migrated
}

function checkDocument(document: RawDocument): ParsedGraph {
  const { nodes, edges } = document
  const tooLarge = Array.isArray(nodes) && Array.isArray(edges) ? checkSize({ nodes, edges }) : []
  if (tooLarge.length > 0) return refuse(...tooLarge)
  const mismatches = explainMismatch(graphSchema, document)
  if (mismatches.length > 0) return refuse(...mismatches.map((mismatch) => shapeIssue(document, mismatch)))
  const graph = document as unknown as PipelineGraph
  const broken = [...checkStructure(graph), ...(graph.tests ? checkTests(graph.tests) : [])]
  return broken.length > 0 ? refuse(...broken) : { ok: true, graph: withoutStrays(graph) }
}

function shapeIssue(document: RawDocument, { kind, path, message }: Mismatch): Issue {
  // A part that a document may lack, such as notes, can come without a new format.
  const isPart = kind === 'unknown' && path.length === 1
  const words = isPart
    ? `${message} If a newer Millrace wrote it, update Millrace to open the document.`
    : message
  return issueOf('invalid_document', namedNode(document, path), words, { path })
}

/** The node that a path into the document leads to, if it has an id to name it by. */
function namedNode({ nodes }: RawDocument, [list, index]: readonly string[]): string | null {
  if (list !== 'nodes' || !Array.isArray(nodes)) return null
  const node: unknown = nodes[Number(index)]
  const id = isObject(node) ? ownMember(node, 'id') : null
  return typeof id === 'string' && new RegExp(ID_PATTERN).test(id) ? id : null
}

function withoutStrays(graph: PipelineGraph): PipelineGraph {
  const nodeIds = new Set(graph.nodes.map((node) => node.id))
  const layout = Object.entries(graph.layout).filter(([nodeId]) => nodeIds.has(nodeId))
  const { notes, groups } = partsOf(graph)
  const parts = { notes, groups: soundGroups(groups, nodeIds) }
  return withParts({ ...graph, layout: Object.fromEntries(layout) }, parts)
}

function refuse(...issues: readonly Issue[]): ParsedGraph {
  return { ok: false, issues }
}

function isObject(value: unknown): value is RawDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
