import {
  type Catalogue,
  diffGraphs,
  findNode,
  type GraphDiff,
  type JsonValue,
  type NodeChange,
  type PipelineGraph,
} from '@millrace/graph'
import { counted } from '../format/numbers.ts'
import { formatDuration } from '../format/times.ts'
import { msg, t, tFrom, withinSentence } from '../i18n/t.ts'

/** One line of "what changes". */
export interface DiffRow {
  /** The node that it counts for, in the later document or, where it is gone, in the earlier; null: the pipeline. */
  readonly nodeId: string | null
  /** What people call the node. */
  readonly node: string
  /** What has changed in it, e.g. `condition`. */
  readonly field: string
  /** Null where there was nothing before, or is nothing after. */
  readonly before: string | null
  readonly after: string | null
}

/** How one version differs from another, in words. */
export interface DiffWords {
  readonly summary: string
  readonly rows: readonly DiffRow[]
  /** Ids of nodes that are new or changed. */
  readonly touched: ReadonlySet<string>
}

const MAX_VALUE = 300

/** How `after` differs from `before`; null before: everything is new. Moves on the canvas have no effect and are left out. */
export function describeDiff(
  before: PipelineGraph | null,
  after: PipelineGraph,
  catalogue: Catalogue,
): DiffWords {
  if (before === null)
    return {
      summary: t('{nodes} for the first time', { nodes: counted(after.nodes.length, 'node') }),
      rows: [],
      touched: new Set(),
    }
  const diff = diffGraphs(before, after)
  const rows = [
    ...nameRow(diff),
    ...diff.added.map((id) => wholeNode(after, id, 'added')),
    ...diff.removed.map((id) => wholeNode(before, id, 'removed')),
    ...diff.changed.flatMap((change) => changedRows(before, after, change, catalogue)),
    ...diff.edgesAdded.map((edge) => edgeRow(after, edge.from.node, edge.to.node, 'added')),
    ...diff.edgesRemoved.map((edge) => edgeRow(before, edge.from.node, edge.to.node, 'removed')),
  ]
  return {
    summary: summaryOf(diff),
    rows,
    touched: new Set([...diff.added, ...diff.changed.map(({ nodeId }) => nodeId)]),
  }
}

function summaryOf(diff: GraphDiff): string {
  const { added, removed, changed, edgesAdded, edgesRemoved, moved, name } = diff
  const edges = edgesAdded.length + edgesRemoved.length
  const parts = [
    added.length > 0 && t('{nodes} added', { nodes: counted(added.length, 'node') }),
    changed.length > 0 && t('{changed} changed', { changed: changed.length }),
    removed.length > 0 && t('{removed} removed', { removed: removed.length }),
    edges > 0 && t('{connections} changed', { connections: counted(edges, 'connection') }),
    name && t('renamed'),
  ].filter((part) => typeof part === 'string')
  if (parts.length > 0) return parts.join(', ')
  return moved.length > 0 ? t('Only moves on the canvas: nothing that runs') : t('No changes')
}

function nameRow({ name }: GraphDiff): readonly DiffRow[] {
  return name
    ? [{ nodeId: null, node: t('Pipeline'), field: t('name'), before: name.before, after: name.after }]
    : []
}

function wholeNode(graph: PipelineGraph, id: string, what: 'added' | 'removed'): DiffRow {
  const text = findNode(graph, id)?.type ?? id
  return {
    nodeId: id,
    node: labelOf(graph, id),
    field: what === 'added' ? t('node added') : t('node removed'),
    before: what === 'removed' ? text : null,
    after: what === 'added' ? text : null,
  }
}

function edgeRow(graph: PipelineGraph, from: string, to: string, what: 'added' | 'removed'): DiffRow {
  const text = t('from {from}', { from: labelOf(graph, from) })
  return {
    nodeId: to,
    node: labelOf(graph, to),
    field: what === 'added' ? t('connection added') : t('connection removed'),
    before: what === 'removed' ? text : null,
    after: what === 'added' ? text : null,
  }
}

function changedRows(
  before: PipelineGraph,
  after: PipelineGraph,
  change: NodeChange,
  catalogue: Catalogue,
): readonly DiffRow[] {
  const { nodeId } = change
  const node = labelOf(after, nodeId)
  const earlier = findNode(before, change.nodeId)
  const later = findNode(after, change.nodeId)
  const schema = catalogue.get(later?.type ?? '')?.config
  const members = (['label', 'note', 'type'] as const).flatMap((field) => {
    const found = change[field]
    return found
      ? [{ nodeId, node, field: t(MEMBER_WORDS[field]), before: found.before, after: found.after }]
      : []
  })
  const settings = change.configPaths.map((path) => {
    const isSpan = schemaAt(schema, path)?.['x-ui']?.control === 'duration'
    return {
      nodeId,
      node,
      field: pathWords(schema, path),
      before: valueText(valueAt(earlier?.config, path), isSpan),
      after: valueText(valueAt(later?.config, path), isSpan),
    }
  })
  return [...members, ...settings]
}

const MEMBER_WORDS = { label: msg('label'), note: msg('note'), type: msg('type') } as const

interface TitledSchema {
  readonly title?: string
  readonly properties?: { readonly [name: string]: TitledSchema }
  readonly items?: TitledSchema
  readonly 'x-ui'?: { readonly control: string }
}

function schemaAt(schema: TitledSchema | undefined, path: readonly string[]): TitledSchema | undefined {
  return path.reduce<TitledSchema | undefined>((at, name) => {
    if (at?.items) return at.items
    return at?.properties && Object.hasOwn(at.properties, name) ? at.properties[name] : undefined
  }, schema)
}

/** `aggregates 1, of` for `['aggregates', '0', 'argument']`. */
function pathWords(schema: TitledSchema | undefined, path: readonly string[]): string {
  const words: string[] = []
  let at: TitledSchema | undefined = schema
  for (const name of path) {
    if (at?.items && /^\d+$/.test(name)) {
      words.push(`${words.pop() ?? ''} ${Number(name) + 1}`.trim())
      at = at.items
    } else {
      at = at?.properties && Object.hasOwn(at.properties, name) ? at.properties[name] : undefined
      words.push(withinSentence(tFrom(at?.title ?? name)))
    }
  }
  return words.join(', ')
}

function valueAt(value: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (at, name) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, name)
        ? (at as { readonly [name: string]: JsonValue })[name]
        : undefined,
    value,
  )
}

/** Spans of time are stored in ms. */
function valueText(value: JsonValue | undefined, isSpan: boolean): string | null {
  if (value === undefined) return null
  if (isSpan && typeof value === 'number') return formatDuration(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)} …` : text
}

function labelOf(graph: PipelineGraph, id: string): string {
  return findNode(graph, id)?.label || id
}
