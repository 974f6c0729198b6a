import fc from 'fast-check'
import { applyChange } from '../apply-change.ts'
import { partsOf } from '../canvas-parts.ts'
import type { GraphChange } from '../change.ts'
import { LIMITS } from '../limits.ts'
import type { GraphEdge, GraphNode, NodeConfig, PipelineGraph, Position } from '../model.ts'

/** Ids that are awkward as member names stand beside ordinary ones. */
const IDS = ['__proto__', 'constructor', 'toString', '1', '0', 'a', 'b-c', 'hasOwnProperty', 'n7', 'n8']

const NOTE_IDS = ['note', 'valueOf', 'note-2']
const GROUP_IDS = ['group', 'isPrototypeOf', 'group-2']

type Candidate = (graph: PipelineGraph) => GraphChange | null

const coordinate = fc.integer({ min: -LIMITS.coordinate, max: LIMITS.coordinate })
const position: fc.Arbitrary<Position> = fc.record({ x: coordinate, y: coordinate })
const config = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })) as fc.Arbitrary<NodeConfig>
const index = fc.nat({ max: 1_000 })

/**
 * A change that fits whatever graph it meets, as a function of that graph; null where none of its kind fits.
 * (Which nodes exist is known only when the changes before it have been applied.)
 */
export const arbitraryChange: fc.Arbitrary<Candidate> = fc.letrec<{ change: Candidate; batch: Candidate }>(
  (tie) => ({
    change: fc.oneof({ maxDepth: 2 }, ...simpleChanges(), tie('batch')),
    batch: fc
      .array(tie('change'), { maxLength: 3 })
      .map((candidates) => (graph) => batchOf(candidates, graph)),
  }),
).change

function simpleChanges(): fc.Arbitrary<Candidate>[] {
  return [
    fc
      .record({
        id: fc.constantFrom(...IDS),
        config,
        position: fc.option(position, { nil: undefined }),
        index,
      })
      .map(addNode),
    fc.record({ id: fc.constantFrom(...IDS), from: index, to: index, index }).map(addEdge),
    index.map((pick) => (graph) => onNode(graph, pick, ({ id }) => ({ kind: 'remove-node', nodeId: id }))),
    index.map((pick) => (graph) => onEdge(graph, pick, ({ id }) => ({ kind: 'remove-edge', edgeId: id }))),
    fc.tuple(index, fc.string()).map(
      ([pick, label]) =>
        (graph) =>
          onNode(graph, pick, ({ id }) => ({ kind: 'set-label', nodeId: id, label })),
    ),
    fc.tuple(index, fc.string()).map(
      ([pick, note]) =>
        (graph) =>
          onNode(graph, pick, ({ id }) => ({ kind: 'set-note', nodeId: id, note })),
    ),
    fc.tuple(index, config).map(
      ([pick, next]) =>
        (graph) =>
          onNode(graph, pick, ({ id }) => ({ kind: 'set-config', nodeId: id, config: next })),
    ),
    fc
      .dictionary(fc.constantFrom(...IDS), fc.option(position))
      .map((positions) => (graph) => move(graph, positions)),
    fc.string().map((name) => () => ({ kind: 'rename-pipeline', name })),
    fc.record({ id: fc.constantFrom(...NOTE_IDS), text: fc.string(), position, index }).map(putNote),
    fc.constantFrom(...NOTE_IDS).map((noteId) => (graph) => {
      const isThere = partsOf(graph).notes.some(({ id }) => id === noteId)
      return isThere ? { kind: 'set-canvas-note', noteId, note: null } : null
    }),
    fc
      .record({
        id: fc.constantFrom(...GROUP_IDS),
        label: fc.string(),
        picks: fc.array(index, { minLength: 1, maxLength: 4 }),
        collapsed: fc.boolean(),
        index,
      })
      .map(putGroup),
    fc.constantFrom(...GROUP_IDS).map((groupId) => (graph) => {
      const isThere = partsOf(graph).groups.some(({ id }) => id === groupId)
      return isThere ? { kind: 'set-group', groupId, group: null } : null
    }),
    fc.option(fc.boolean()).map((required) => () => ({
      kind: 'set-tests',
      tests: required === null ? null : { required, cases: [] },
    })),
  ]
}

function addNode({
  id,
  config: nodeConfig,
  position: at,
  index: place,
}: {
  id: string
  config: NodeConfig
  position: Position | undefined
  index: number
}): Candidate {
  return (graph) => {
    if (graph.nodes.some((node) => node.id === id)) return null
    const node: GraphNode = { id, type: 'filter', typeVersion: 1, label: id, config: nodeConfig, note: '' }
    return { kind: 'add-node', node, at: place % (graph.nodes.length + 1), ...(at && { position: at }) }
  }
}

function addEdge(wanted: { id: string; from: number; to: number; index: number }): Candidate {
  return (graph) => {
    const from = pickFrom(graph.nodes, wanted.from)
    const to = pickFrom(graph.nodes, wanted.to)
    if (!from || !to || graph.edges.some((edge) => edge.id === wanted.id)) return null
    const edge: GraphEdge = {
      id: wanted.id,
      from: { node: from.id, port: 'out' },
      to: { node: to.id, port: 'in' },
    }
    return { kind: 'add-edge', edge, at: wanted.index % (graph.edges.length + 1) }
  }
}

function putNote({
  id,
  text,
  position: at,
  index: place,
}: {
  id: string
  text: string
  position: Position
  index: number
}): Candidate {
  return (graph) => {
    const note = { id, text, position: at, width: 200, height: 120 }
    const { notes } = partsOf(graph)
    return { kind: 'set-canvas-note', noteId: id, note, at: place % (notes.length + 1) }
  }
}

function putGroup(wanted: {
  id: string
  label: string
  picks: readonly number[]
  collapsed: boolean
  index: number
}): Candidate {
  return (graph) => {
    const { groups } = partsOf(graph)
    const taken = new Set(groups.flatMap(({ id, nodes }) => (id === wanted.id ? [] : nodes)))
    const free = graph.nodes.filter(({ id }) => !taken.has(id))
    const nodes = [...new Set(wanted.picks.flatMap((pick) => pickFrom(free, pick)?.id ?? []))]
    if (nodes.length === 0) return null
    const { id, label, collapsed } = wanted
    const at = wanted.index % (groups.length + 1)
    return { kind: 'set-group', groupId: id, group: { id, label, nodes, collapsed }, at }
  }
}

function move(graph: PipelineGraph, positions: { readonly [id: string]: Position | null }): GraphChange {
  const present = Object.entries(positions).filter(([id]) => graph.nodes.some((node) => node.id === id))
  return { kind: 'move-nodes', positions: Object.fromEntries(present) }
}

function onNode(
  graph: PipelineGraph,
  pick: number,
  make: (node: GraphNode) => GraphChange,
): GraphChange | null {
  const node = pickFrom(graph.nodes, pick)
  return node ? make(node) : null
}

function onEdge(
  graph: PipelineGraph,
  pick: number,
  make: (edge: GraphEdge) => GraphChange,
): GraphChange | null {
  const edge = pickFrom(graph.edges, pick)
  return edge ? make(edge) : null
}

function pickFrom<T>(list: readonly T[], pick: number): T | undefined {
  return list[pick % Math.max(1, list.length)]
}

function batchOf(candidates: readonly Candidate[], graph: PipelineGraph): GraphChange {
  let current = graph
  const changes: GraphChange[] = []
  for (const candidate of candidates) {
    const change = candidate(current)
    if (change === null) continue
    changes.push(change)
    current = applyChange(current, change).graph
  }
  return { kind: 'batch', changes }
}
