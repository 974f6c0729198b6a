import type { ConnectionBody } from '@millrace/contracts'
import {
  canConnect,
  findNode,
  type GraphNode,
  type NodeDefinition,
  newNode,
  type PipelineGraph,
  type PortRef,
  type Position,
  parseGraph,
  positionOf,
} from '@millrace/graph'
import { describeForm } from '../form/describe-form.ts'
import { counted } from '../format/numbers.ts'
import {
  addNode,
  CARD,
  copySelected,
  freePlace,
  insertIntoEdge,
  joint,
  newEdge,
  pasteCopy,
  placeBehind,
  removeSelected,
} from '../workspace/edits.ts'
import { makeId } from '../workspace/make-id.ts'
import { onlySelected } from '../workspace/view-store.ts'
import type { Workspace } from '../workspace/workspace.ts'

/** What users do on the canvas: each is one step of undo and is announced. */
export interface BuildActions {
  /** Adds a node behind the selected one, joined to it where that fits. */
  addBesideSelection(definition: NodeDefinition): void
  /** Adds a node at a place of the canvas. */
  addAt(definition: NodeDefinition, position: Position): void
  /** Puts a node into an edge. */
  addIntoEdge(definition: NodeDefinition, edgeId: string): void
  /** The node types that can stand within an edge. */
  fitting(edgeId: string): readonly NodeDefinition[]
  /** Joins two ports; why not, where that is refused. */
  connect(from: PortRef, to: PortRef): string | null
  /** Joins two nodes by the first ports that fit; why not, where none do. */
  connectNodes(source: string, target: string): string | null
  removeSelection(): void
  removeEdge(edgeId: string): void
  duplicateSelection(): void
  /** The selection as text for the clipboard; null where nothing is selected. */
  copySelection(): string | null
  /** Adds what a text from the clipboard holds; false where it is no pipeline. */
  paste(text: string): boolean
  move(positions: { readonly [nodeId: string]: Position }): void
}

/** What the actions need. */
export interface BuildActionsOptions {
  readonly workspace: Workspace
  /** The connections that exist: where only one fits a new node, it is chosen. */
  connections(): readonly ConnectionBody[]
}

/** Makes the actions of an open pipeline. */
export function createBuildActions(options: BuildActionsOptions): BuildActions {
  const { workspace } = options
  const { document, view, nodeTypes } = workspace
  const { catalogue } = nodeTypes
  const graph = () => document.getState().graph
  const selection = () => view.getState()

  const fresh = (definition: NodeDefinition): GraphNode =>
    withOnlyConnection(newNode(definition, makeId(definition.type)), definition, options.connections())

  const add = (definition: NodeDefinition, position: Position, neighbour: string | null) => {
    const node = fresh(definition)
    document.edit(addNode(graph(), catalogue, { node, position, neighbour }, makeId), {
      label: `Add ${definition.title}`,
    })
    view.reveal(node.id)
    view.announce(`${definition.title} added.`)
  }

  const paste = (copy: PipelineGraph, offset: Position, verb: string) => {
    const { change, nodeIds } = pasteCopy(copy, offset, makeId)
    const what = counted(nodeIds.length, 'node')
    document.edit(change, { label: `${verb} ${what}` })
    view.select(nodeIds)
    view.announce(`${verb}: ${what}.`)
  }

  const connect = (from: PortRef, to: PortRef): string | null => {
    const verdict = canConnect(graph(), catalogue, from, to)
    if (!verdict.ok) {
      view.announce(`Refused: ${verdict.reason}`)
      return verdict.reason
    }
    document.edit({ kind: 'add-edge', edge: newEdge(from, to, makeId) }, { label: 'Connect' })
    view.announce(`${labelOf(graph(), from.node)} connected to ${labelOf(graph(), to.node)}.`)
    return null
  }

  return {
    connect,
    addBesideSelection(definition) {
      const neighbour = onlySelected(selection()) ?? lastWithoutEdge(graph())
      const position = neighbour === null ? firstPlace(graph()) : placeBehind(graph(), neighbour)
      add(definition, position, onlySelected(selection()))
    },
    addAt(definition, position) {
      const centred = {
        x: Math.round(position.x - CARD.width / 2),
        y: Math.round(position.y - CARD.height / 2),
      }
      add(definition, freePlace(graph(), centred), null)
    },
    addIntoEdge(definition, edgeId) {
      const edge = graph().edges.find(({ id }) => id === edgeId)
      if (edge === undefined) return
      const node = fresh(definition)
      const position = between(graph(), edge.from.node, edge.to.node)
      const change = insertIntoEdge(edge, { node, position }, definition, makeId)
      if (change === null) return
      document.edit(change, { label: `Insert ${definition.title}` })
      view.reveal(node.id)
      view.announce(`${definition.title} inserted.`)
    },
    fitting(edgeId) {
      const edge = graph().edges.find(({ id }) => id === edgeId)
      if (edge === undefined) return []
      return catalogue.list().filter((definition) => fitsInto(graph(), edgeId, definition))
    },
    connectNodes(source, target) {
      const found = joint(graph(), catalogue, source, target)
      if (found !== null) return connect(found.from, found.to)
      const from = { node: source, port: firstPort(source, 'outputs') }
      return connect(from, { node: target, port: firstPort(target, 'inputs') })
    },
    removeSelection() {
      const { nodes, edges } = selection()
      const change = removeSelected(graph(), nodes, edges)
      if (change === null) return
      const what = nodes.size > 0 ? nodeWords(graph(), nodes) : counted(edges.size, 'connection')
      document.edit(change, { label: `Delete ${what}` })
      view.select([])
      view.announce(`Deleted: ${what}.`)
    },
    removeEdge(edgeId) {
      document.edit({ kind: 'remove-edge', edgeId }, { label: 'Delete a connection' })
      view.announce('Connection deleted.')
    },
    duplicateSelection() {
      const { nodes } = selection()
      if (nodes.size > 0)
        paste(copySelected(graph(), nodes), { x: CARD.gapX, y: CARD.height + CARD.gapY }, 'Duplicate')
    },
    copySelection() {
      const { nodes } = selection()
      return nodes.size === 0 ? null : JSON.stringify(copySelected(graph(), nodes))
    },
    paste(text) {
      const parsed = parseText(text)
      if (parsed === null || parsed.nodes.length === 0) return false
      paste(parsed, { x: CARD.gapX, y: CARD.height + CARD.gapY }, 'Paste')
      return true
    },
    move(positions) {
      const moved = Object.entries(positions).filter(([id, { x, y }]) => {
        const at = positionOf(graph().layout, id)
        return at?.x !== x || at.y !== y
      })
      if (moved.length === 0) return
      const label = `Move ${nodeWords(graph(), new Set(moved.map(([id]) => id)))}`
      document.edit({ kind: 'move-nodes', positions: Object.fromEntries(moved) }, { label, fold: label })
    },
  }

  function firstPort(nodeId: string, side: 'inputs' | 'outputs'): string {
    const definition = catalogue.get(findNode(graph(), nodeId)?.type ?? '')
    return definition?.[side][0]?.name ?? (side === 'inputs' ? 'in' : 'out')
  }

  function fitsInto(current: PipelineGraph, edgeId: string, definition: NodeDefinition): boolean {
    const edge = current.edges.find(({ id }) => id === edgeId)
    const node = newNode(definition, 'candidate')
    const [input] = definition.inputs
    const [output] = definition.outputs
    if (edge === undefined || !input || !output) return false
    const without = {
      ...current,
      nodes: [...current.nodes, node],
      edges: current.edges.filter(({ id }) => id !== edgeId),
    }
    return canConnect(without, catalogue, edge.from, { node: node.id, port: input.name }).ok
  }
}

/** A new node with its connection chosen where only one exists that fits. */
export function withOnlyConnection(
  node: GraphNode,
  definition: NodeDefinition,
  connections: readonly ConnectionBody[],
): GraphNode {
  const pickers = describeForm(definition.config).filter(({ control }) => control === 'connection')
  const chosen = pickers.flatMap(({ name, hint }) => {
    const fitting = connections.filter(({ kind }) => kind === hint.connection)
    return fitting.length === 1 && node.config[name] === '' ? [[name, fitting[0]?.id ?? '']] : []
  })
  return chosen.length === 0 ? node : { ...node, config: { ...node.config, ...Object.fromEntries(chosen) } }
}

function labelOf(graph: PipelineGraph, nodeId: string): string {
  return findNode(graph, nodeId)?.label ?? nodeId
}

function nodeWords(graph: PipelineGraph, nodes: ReadonlySet<string>): string {
  const [only = ''] = nodes
  return nodes.size === 1 ? labelOf(graph, only) : counted(nodes.size, 'node')
}

/** The rightmost node that feeds nothing: what a new node most likely goes behind. */
function lastWithoutEdge(graph: PipelineGraph): string | null {
  const feeding = new Set(graph.edges.map(({ from }) => from.node))
  const open = graph.nodes.filter(({ id }) => !feeding.has(id))
  const x = (node: GraphNode) => positionOf(graph.layout, node.id)?.x ?? 0
  return open.toSorted((a, b) => x(b) - x(a))[0]?.id ?? null
}

function firstPlace(graph: PipelineGraph): Position {
  return freePlace(graph, { x: 0, y: 0 })
}

function between(graph: PipelineGraph, first: string, second: string): Position {
  const a = positionOf(graph.layout, first) ?? { x: 0, y: 0 }
  const b = positionOf(graph.layout, second) ?? a
  const middle = { x: Math.round((a.x + b.x) / 2), y: Math.round((a.y + b.y) / 2) }
  return freePlace(graph, middle)
}

function parseText(text: string): PipelineGraph | null {
  try {
    const parsed = parseGraph(JSON.parse(text))
    return parsed.ok ? parsed.graph : null
  } catch {
    return null
  }
}
