import type { ConnectionBody } from '@millrace/contracts'
import {
  type Catalogue,
  canConnect,
  findNode,
  type GraphChange,
  type GraphEdge,
  type GraphNode,
  type NodeDefinition,
  newNode,
  openOutputs,
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
  inputsOf,
  insertIntoEdge,
  jointOf,
  mainOutputs,
  newEdge,
  pasteCopy,
  placeBehind,
  removeAndRejoin,
  removeSelected,
} from '../workspace/edits.ts'
import { makeId } from '../workspace/make-id.ts'
import { onlySelected } from '../workspace/view-store.ts'
import type { Workspace } from '../workspace/workspace.ts'

/** What the actions need. */
export interface BuildActionsOptions {
  readonly workspace: Workspace
  /** The connections that exist: where only one fits a new node, it is chosen. */
  connections(): readonly ConnectionBody[]
}

/** What users do on the canvas: each is one step of undo and is announced. */
export class BuildActions {
  readonly #workspace: Workspace
  readonly #connections: BuildActionsOptions['connections']

  constructor({ workspace, connections }: BuildActionsOptions) {
    this.#workspace = workspace
    this.#connections = connections
  }

  /** Adds a node behind the selected one, joined to it where that fits. */
  addBesideSelection(definition: NodeDefinition): void {
    const selected = onlySelected(this.#workspace.view.getState())
    const neighbour = selected ?? lastWithoutEdge(this.#graph)
    const position =
      neighbour === null ? freePlace(this.#graph, FIRST_PLACE) : placeBehind(this.#graph, neighbour)
    this.#add(definition, position, selected)
  }

  /** Adds a node with its middle at a place of the canvas. */
  addAt(definition: NodeDefinition, { x, y }: Position): void {
    const corner = { x: Math.round(x - CARD.width / 2), y: Math.round(y - CARD.height / 2) }
    this.#add(definition, freePlace(this.#graph, corner), null)
  }

  /** Puts a node into an edge. */
  addIntoEdge(definition: NodeDefinition, edgeId: string): void {
    const edge = findEdge(this.#graph, edgeId)
    if (edge === undefined) return
    const node = this.#fresh(definition)
    const position = between(this.#graph, edge.from.node, edge.to.node)
    const change = insertIntoEdge(edge, { node, position }, definition, makeId)
    if (change === null) return
    this.#edit(change, `Insert ${definition.title}`)
    this.#workspace.view.reveal(node.id)
    this.#say(`${definition.title} inserted.`)
  }

  /** The node types that can stand within an edge. */
  fitting(edgeId: string): readonly NodeDefinition[] {
    const edge = findEdge(this.#graph, edgeId)
    if (edge === undefined) return []
    return this.#catalogue
      .list()
      .filter((definition) => fitsInto(this.#graph, edge, definition, this.#catalogue))
  }

  /** Joins two ports; why not, where that is refused. */
  connect(from: PortRef, to: PortRef): string | null {
    const verdict = canConnect(this.#graph, this.#catalogue, from, to)
    if (!verdict.ok) {
      this.#say(`Refused: ${verdict.reason}`)
      return verdict.reason
    }
    this.#edit({ kind: 'add-edge', edge: newEdge(from, to, makeId) }, 'Connect')
    this.#say(`${labelOf(this.#graph, from.node)} connected to ${labelOf(this.#graph, to.node)}.`)
    return null
  }

  /** Joins an output to the first input of a node that fits; why not, where none does. */
  connectOutput(from: PortRef, target: string): string | null {
    const inputs = inputsOf(this.#graph, this.#catalogue, target)
    return this.#connectFirst([from], inputs.length > 0 ? inputs : [{ node: target, port: 'in' }])
  }

  /** Joins the first output of a node that fits to an input; why not, where none does. */
  connectInput(source: string, to: PortRef): string | null {
    const outputs = mainOutputs(this.#graph, this.#catalogue, source)
    return this.#connectFirst(outputs.length > 0 ? outputs : [{ node: source, port: 'out' }], [to])
  }

  /** Where nothing fits, the first pair tells why not. */
  #connectFirst(outputs: readonly PortRef[], inputs: readonly PortRef[]): string | null {
    const found = jointOf(this.#graph, this.#catalogue, outputs, inputs)
    return this.connect(found?.from ?? (outputs[0] as PortRef), found?.to ?? (inputs[0] as PortRef))
  }

  removeSelection(): void {
    const { nodes, edges } = this.#workspace.view.getState()
    const change = removeSelected(this.#graph, nodes, edges)
    if (change === null) return
    const what = nodes.size > 0 ? nodeWords(this.#graph, nodes) : counted(edges.size, 'connection')
    this.#edit(change, `Delete ${what}`)
    this.#workspace.view.select([])
    this.#say(`Deleted: ${what}.`)
  }

  /** Deletes the selected nodes and joins what was around them. */
  removeAndRejoin(): void {
    const { nodes } = this.#workspace.view.getState()
    const removed = removeAndRejoin(this.#graph, this.#catalogue, nodes, makeId)
    if (removed === null) return
    const what = nodeWords(this.#graph, nodes)
    this.#edit(removed.change, `Delete ${what} and rejoin`)
    this.#workspace.view.select([])
    const { joined } = removed
    const outcome =
      joined === 0 ? 'Nothing around it fits together.' : `${counted(joined, 'connection')} made in place.`
    this.#say(`Deleted: ${what}. ${outcome}`)
  }

  removeEdge(edgeId: string): void {
    this.#edit({ kind: 'remove-edge', edgeId }, 'Delete a connection')
    this.#say('Connection deleted.')
  }

  duplicateSelection(): void {
    const { nodes } = this.#workspace.view.getState()
    if (nodes.size > 0) this.#addCopy(copySelected(this.#graph, nodes), 'Duplicate')
  }

  /** The selection as text for the clipboard; null where nothing is selected. */
  copySelection(): string | null {
    const { nodes } = this.#workspace.view.getState()
    return nodes.size === 0 ? null : JSON.stringify(copySelected(this.#graph, nodes))
  }

  /** Adds what a text from the clipboard holds; false where it is no pipeline. */
  paste(text: string): boolean {
    const copy = parseText(text)
    if (copy === null || copy.nodes.length === 0) return false
    this.#addCopy(copy, 'Paste')
    return true
  }

  move(positions: { readonly [nodeId: string]: Position }): void {
    const moved = Object.entries(positions).filter(([id, { x, y }]) => {
      const at = positionOf(this.#graph.layout, id)
      return at?.x !== x || at.y !== y
    })
    if (moved.length === 0) return
    const label = `Move ${nodeWords(this.#graph, new Set(moved.map(([id]) => id)))}`
    this.#workspace.document.edit(
      { kind: 'move-nodes', positions: Object.fromEntries(moved) },
      { label, fold: label },
    )
  }

  get #graph(): PipelineGraph {
    return this.#workspace.document.getState().graph
  }

  get #catalogue(): Catalogue {
    return this.#workspace.nodeTypes.catalogue
  }

  #edit(change: GraphChange, label: string): void {
    this.#workspace.document.edit(change, { label })
  }

  #say(text: string): void {
    this.#workspace.view.announce(text)
  }

  #fresh(definition: NodeDefinition): GraphNode {
    return withOnlyConnection(newNode(definition, makeId(definition.type)), definition, this.#connections())
  }

  #add(definition: NodeDefinition, position: Position, neighbour: string | null): void {
    const node = this.#fresh(definition)
    const change = addNode(this.#graph, this.#catalogue, { node, position, neighbour }, makeId)
    this.#edit(change, `Add ${definition.title}`)
    this.#workspace.view.reveal(node.id)
    this.#say(`${definition.title} added.`)
  }

  #addCopy(copy: PipelineGraph, verb: string): void {
    const { change, nodeIds } = pasteCopy(copy, freeOffset(this.#graph, copy), makeId)
    const what = counted(nodeIds.length, 'node')
    this.#edit(change, `${verb} ${what}`)
    this.#workspace.view.select(nodeIds)
    this.#say(`${verb}: ${what}.`)
  }
}

/** Where the first node goes: clear of what stands in the corner. */
const FIRST_PLACE: Position = { x: 96, y: 120 }
const COPY_OFFSET: Position = { x: CARD.gapX, y: CARD.height + CARD.gapY }

/** How far a copy is moved: as often as it takes to hide no node below a copy made before. */
function freeOffset({ layout }: PipelineGraph, copy: PipelineGraph): Position {
  const taken = new Set(Object.values(layout).map(({ x, y }) => `${x} ${y}`))
  const hides = ({ x, y }: Position) =>
    Object.values(copy.layout).some((at) => taken.has(`${at.x + x} ${at.y + y}`))
  let offset = COPY_OFFSET
  while (hides(offset)) offset = { x: offset.x + COPY_OFFSET.x, y: offset.y + COPY_OFFSET.y }
  return offset
}

function findEdge({ edges }: PipelineGraph, edgeId: string): GraphEdge | undefined {
  return edges.find(({ id }) => id === edgeId)
}

function fitsInto(
  graph: PipelineGraph,
  edge: GraphEdge,
  definition: NodeDefinition,
  catalogue: Catalogue,
): boolean {
  const node = newNode(definition, 'candidate')
  const [input] = definition.inputs
  if (!input || openOutputs(definition, node).length === 0) return false
  const opened = {
    ...graph,
    nodes: [...graph.nodes, node],
    edges: graph.edges.filter(({ id }) => id !== edge.id),
  }
  return canConnect(opened, catalogue, edge.from, { node: node.id, port: input.name }).ok
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
