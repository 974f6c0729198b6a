import type { ConnectionBody } from '@millrace/contracts'
import {
  type Catalogue,
  canConnect,
  downstreamOf,
  findNode,
  type GraphChange,
  type GraphEdge,
  type GraphNode,
  indexGraph,
  type NodeDefinition,
  newNode,
  type PipelineGraph,
  type PortRef,
  type Position,
  parseGraph,
  partsOf,
  positionOf,
  upstreamOf,
} from '@millrace/graph'
import { describeForm } from '../form/describe-form.ts'
import { counted } from '../format/numbers.ts'
import { t, tFrom } from '../i18n/t.ts'
import type { LayoutRequest } from '../layout/elk-graph.ts'
import { settle, withMembers } from '../workspace/canvas-edits.ts'
import {
  addNode,
  copySelected,
  inputsOf,
  insertIntoEdge,
  joinIntoEdge,
  jointOf,
  mainOutputs,
  newEdge,
  pasteCopy,
  removeAndRejoin,
  removeSelected,
} from '../workspace/edits.ts'
import { addAtEnd, fitsInto, fittingAt, fittingInto, type OpenEnd } from '../workspace/fitting.ts'
import { makeId } from '../workspace/make-id.ts'
import { CARD, freePlace, offsetOf, placeBehind, type Room, roomWithin, toGrid } from '../workspace/places.ts'
import { onlySelected } from '../workspace/view-store.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { type Direction, firstNode, neighbourOf } from './neighbours.ts'

/** What the actions need. */
export interface BuildActionsOptions {
  readonly workspace: Workspace
  /** The connections that exist: where only one fits a new node, it is chosen. */
  connections(): readonly ConnectionBody[]
}

/** Finds places for the chosen nodes, e.g. in a worker. */
export type FindPlaces = (
  request: Omit<LayoutRequest, 'sizeOf'>,
) => Promise<{ readonly [nodeId: string]: Position }>

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
  addAt(definition: NodeDefinition, middle: Position): void {
    this.#add(definition, freePlace(this.#graph, cornerOf(middle)), null)
  }

  /** Puts a node into an edge: with its middle at a place, else between the two ends; what is in the way makes room. */
  addIntoEdge(definition: NodeDefinition, edgeId: string, middle?: Position): void {
    const edge = findEdge(this.#graph, edgeId)
    if (edge === undefined) return
    const node = this.#fresh(definition)
    const room = roomWithin(this.#graph, edge, middle && cornerOf(middle))
    const change = insertIntoEdge(edge, { node, position: room.position }, definition, makeId)
    if (change === null) return
    this.#edit(this.#makingRoom(change, room.moved), t('Insert {title}', { title: tFrom(definition.title) }))
    this.#workspace.view.reveal(node.id)
    this.#say(t('{title} inserted.', { title: tFrom(definition.title) }))
  }

  /** The node types that can stand within an edge. */
  fitting(edgeId: string): readonly NodeDefinition[] {
    const edge = findEdge(this.#graph, edgeId)
    if (edge === undefined) return []
    return fittingInto(this.#graph, this.#catalogue, edge)
  }

  /** The node types that can be joined to an open end. */
  fittingAt(end: OpenEnd): readonly NodeDefinition[] {
    return fittingAt(this.#graph, this.#catalogue, end)
  }

  /** Adds a node where a connection was let go, joined to where it began. */
  addAtEnd(definition: NodeDefinition, end: OpenEnd, { x, y }: Position): void {
    const node = this.#fresh(definition)
    const corner = { x: end.isOutput ? x : x - CARD.width, y: y - CARD.height / 2 }
    const position = freePlace(this.#graph, { x: toGrid(corner.x), y: toGrid(corner.y) })
    const change = addAtEnd(this.#graph, this.#catalogue, { node, position, end }, makeId)
    if (change === null) return
    this.#edit(change, t('Add {title}', { title: tFrom(definition.title) }))
    this.#workspace.view.reveal(node.id)
    this.#say(
      t('{title} added and connected to {node}.', {
        title: tFrom(definition.title),
        node: labelOf(this.#graph, end.node),
      }),
    )
  }

  /** True where a new node of this type can be put into an edge. */
  mayInsert(definition: NodeDefinition, edgeId: string): boolean {
    return this.fitting(edgeId).includes(definition)
  }

  /** True where a node that stands alone can be put into an edge. */
  mayGoInto(nodeId: string, edgeId: string): boolean {
    const edge = findEdge(this.#graph, edgeId)
    const node = findNode(this.#graph, nodeId)
    const isAlone = !this.#graph.edges.some(({ from, to }) => from.node === nodeId || to.node === nodeId)
    return !!edge && !!node && isAlone && fitsInto(this.#graph, this.#catalogue, edge, node)
  }

  /** Puts a node that stands alone into an edge: part of the move that brought it there. */
  putIntoEdge(nodeId: string, edgeId: string): void {
    const edge = findEdge(this.#graph, edgeId)
    const node = findNode(this.#graph, nodeId)
    const definition = this.#catalogue.get(node?.type ?? '')
    if (!edge || !node || !definition || !this.mayGoInto(nodeId, edgeId)) return
    const change = joinIntoEdge(edge, node, definition, makeId)
    if (change === null) return
    const { position, moved } = roomWithin(this.#graph, edge, positionOf(this.#graph.layout, nodeId), nodeId)
    const fold = t('Move {what}', { what: nodeWords(this.#graph, new Set([nodeId])) })
    const whole = this.#makingRoom(change, { ...moved, [nodeId]: position })
    this.#workspace.document.edit(whole, { label: t('Insert {label}', { label: node.label }), fold })
    this.#workspace.document.closeStep()
    this.#say(t('{label} inserted.', { label: node.label }))
  }

  /** Joins two ports; why not, where that is refused. */
  connect(from: PortRef, to: PortRef): string | null {
    const verdict = canConnect(this.#graph, this.#catalogue, from, to)
    if (!verdict.ok) {
      this.#say(t('Refused: {reason}', { reason: verdict.reason }))
      return verdict.reason
    }
    this.#edit({ kind: 'add-edge', edge: newEdge(from, to, makeId) }, t('Connect'))
    this.#say(
      t('{node} connected to {node2}.', {
        node: labelOf(this.#graph, from.node),
        node2: labelOf(this.#graph, to.node),
      }),
    )
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
    this.#edit(change, t('Delete {what}', { what }))
    this.#workspace.view.select([])
    this.#say(t('Deleted: {what}.', { what }))
  }

  /** Deletes the selected nodes and joins what was around them. */
  removeAndRejoin(): void {
    const { nodes } = this.#workspace.view.getState()
    const removed = removeAndRejoin(this.#graph, this.#catalogue, nodes, makeId)
    if (removed === null) return
    const what = nodeWords(this.#graph, nodes)
    this.#edit(removed.change, t('Delete {what} and rejoin', { what }))
    this.#workspace.view.select([])
    const { joined } = removed
    const outcome =
      joined === 0
        ? t('Nothing around it fits together.')
        : t('{connections} made in place.', { connections: counted(joined, 'connection') })
    this.#say(t('Deleted: {what}. {outcome}', { what, outcome }))
  }

  removeEdge(edgeId: string): void {
    this.#edit({ kind: 'remove-edge', edgeId }, t('Delete a connection'))
    this.#say(t('Connection deleted.'))
  }

  duplicateSelection(): void {
    const { nodes } = this.#workspace.view.getState()
    if (nodes.size > 0) this.#addCopy(copySelected(this.#graph, nodes), t('Duplicate'))
  }

  /** The selection as text for the clipboard; null where nothing is selected. */
  copySelection(): string | null {
    const { nodes } = this.#workspace.view.getState()
    return nodes.size === 0 ? null : JSON.stringify(copySelected(this.#graph, nodes))
  }

  /** Adds what a text from the clipboard holds, with its middle at a place; false where it is no pipeline. */
  paste(text: string, middle: Position): boolean {
    const copy = parseText(text)
    if (copy === null || copy.nodes.length + partsOf(copy).notes.length === 0) return false
    this.#addCopy(copy, t('Paste'), middle)
    return true
  }

  /** Moves what is selected by so many px. */
  moveBy({ x: dx, y: dy }: Position): void {
    const { nodes } = this.#workspace.view.getState()
    const { layout } = this.#graph
    const notes = new Map(partsOf(this.#graph).notes.map((note) => [note.id, note.position]))
    const moved = [...withMembers(this.#graph, nodes)].flatMap((id) => {
      const at = positionOf(layout, id) ?? notes.get(id)
      return at ? [[id, { x: at.x + dx, y: at.y + dy }] as const] : []
    })
    this.move(Object.fromEntries(moved))
  }

  /**
   * Lays out the selected nodes, or all where fewer than two are selected: one step of undo. Where the pipeline is edited
   * while places are looked for, they are thrown away.
   */
  async tidy(findPlaces: FindPlaces): Promise<void> {
    const before = this.#graph
    const { view } = this.#workspace
    const { nodes: selected } = view.getState()
    const picked = before.nodes.map(({ id }) => id).filter((id) => selected.has(id))
    const chosen = new Set(picked.length > 1 ? picked : before.nodes.map(({ id }) => id))
    if (chosen.size === 0) return
    this.#say(t('Laying out …'))
    let positions: Awaited<ReturnType<FindPlaces>>
    try {
      positions = await findPlaces({ graph: before, catalogue: this.#catalogue, chosen })
    } catch (error) {
      this.#say(t('Not laid out. {value}', { value: error instanceof Error ? error.message : String(error) }))
      return
    }
    if (this.#graph !== before) {
      this.#say(t('Not laid out: the pipeline was edited meanwhile.'))
      return
    }
    const what = counted(chosen.size, 'node')
    view.glide()
    this.#edit({ kind: 'move-nodes', positions }, t('Lay out {what}', { what }))
    this.#say(t('Laid out: {what}.', { what }))
  }

  /** Selects the neighbour of the selected node; the first node of all where none is selected. */
  selectNeighbour(direction: Direction): void {
    const [selected = null] = this.#workspace.view.getState().nodes
    const next = selected === null ? firstNode(this.#graph) : neighbourOf(this.#graph, selected, direction)
    if (next === null) return
    this.#workspace.view.select([next])
    this.#say(labelOf(this.#graph, next))
  }

  /** Selects all that feeds the selected nodes, or all that they feed, with them. */
  selectStream(direction: 'upstream' | 'downstream'): void {
    const { nodes } = this.#workspace.view.getState()
    const index = indexGraph(this.#graph)
    const reach = direction === 'upstream' ? upstreamOf : downstreamOf
    const all = new Set([...nodes].flatMap((id) => [id, ...reach(index, id)]))
    this.#workspace.view.select(all)
    this.#say(t('{nodes} selected.', { nodes: counted(all.size, 'node') }))
  }

  /** Cards, notes and collapsed groups came to rest at these places. */
  move(places: { readonly [id: string]: Position }): void {
    const change = settle(this.#graph, places)
    if (change === null) return
    const label = t('Move {what}', { what: nodeWords(this.#graph, new Set(Object.keys(places))) })
    this.#workspace.document.edit(change, { label, fold: label })
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
    this.#edit(change, t('Add {title}', { title: tFrom(definition.title) }))
    this.#workspace.view.reveal(node.id)
    this.#say(t('{title} added.', { title: tFrom(definition.title) }))
  }

  #makingRoom(change: GraphChange, moved: Room['moved']): GraphChange {
    const moves = settle(this.#graph, moved)
    if (moves === null) return change
    this.#workspace.view.glide()
    return { kind: 'batch', changes: [change, moves] }
  }

  #addCopy(copy: PipelineGraph, verb: string, middle?: Position): void {
    const { change, nodeIds } = pasteCopy(copy, offsetOf(this.#graph, copy, middle), makeId)
    const what = counted(nodeIds.length, partsOf(copy).notes.length > 0 ? 'item' : 'node')
    this.#edit(change, `${verb} ${what}`)
    this.#workspace.view.select(nodeIds)
    this.#say(`${verb}: ${what}.`)
  }
}

function cornerOf({ x, y }: Position): Position {
  return { x: Math.round(x - CARD.width / 2), y: Math.round(y - CARD.height / 2) }
}

/** Where the first node goes: clear of what stands in the corner. */
const FIRST_PLACE: Position = { x: 96, y: 120 }

function findEdge({ edges }: PipelineGraph, edgeId: string): GraphEdge | undefined {
  return edges.find(({ id }) => id === edgeId)
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

function labelOf(graph: PipelineGraph, id: string): string {
  const { notes, groups } = partsOf(graph)
  if (notes.some((note) => note.id === id)) return t('a note')
  return findNode(graph, id)?.label ?? groups.find((group) => group.id === id)?.label ?? id
}

function nodeWords(graph: PipelineGraph, nodes: ReadonlySet<string>): string {
  const [only = ''] = nodes
  if (nodes.size === 1) return labelOf(graph, only)
  const areNodes = [...nodes].every((id) => findNode(graph, id) !== undefined)
  return counted(nodes.size, areNodes ? 'node' : 'item')
}

/** The rightmost node that feeds nothing: what a new node most likely goes behind. */
function lastWithoutEdge(graph: PipelineGraph): string | null {
  const feeding = new Set(graph.edges.map(({ from }) => from.node))
  const open = graph.nodes.filter(({ id }) => !feeding.has(id))
  const x = (node: GraphNode) => positionOf(graph.layout, node.id)?.x ?? 0
  return open.toSorted((a, b) => x(b) - x(a))[0]?.id ?? null
}

function parseText(text: string): PipelineGraph | null {
  try {
    const parsed = parseGraph(JSON.parse(text))
    return parsed.ok ? parsed.graph : null
  } catch {
    return null
  }
}
