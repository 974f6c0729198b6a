import {
  type Catalogue,
  type NodeDefinition,
  openOutputs,
  type PipelineGraph,
  type Position,
  partsOf,
  positionOf,
} from '@millrace/graph'
import type { ElkExtendedEdge, ElkNode, ElkPort } from 'elkjs/lib/elk-api.js'

/** How large something is drawn, px. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** What is to be laid out. */
export interface LayoutRequest {
  readonly graph: PipelineGraph
  readonly catalogue: Catalogue
  /** The nodes that may move; edges to others are left out. */
  readonly chosen: ReadonlySet<string>
  readonly sizeOf: (nodeId: string) => Size
}

/**
 * Layers from left to right, so that every connection leads to the right; ports keep their places, so that lines cross
 * no more than they must; nodes stay in the order of the document where nothing else decides.
 * Source: the options of ELK Layered, K. Sugiyama et al., "Methods for visual understanding of hierarchical system
 * structures", 1981.
 */
const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.randomSeed': '1',
  'elk.spacing.nodeNode': '32',
  'elk.spacing.componentComponent': '48',
  'elk.layered.spacing.nodeNodeBetweenLayers': '56',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
}

/** Room for the name and the line of a frame. */
const FRAME = { 'elk.padding': '[top=48,left=24,bottom=24,right=24]' }

/** The graph as ELK takes it. */
export function toElk({ graph, catalogue, chosen, sizeOf }: LayoutRequest): ElkNode {
  const children = graph.nodes
    .filter(({ id }) => chosen.has(id))
    .map((node): ElkNode => {
      const size = sizeOf(node.id)
      const definition = catalogue.get(node.type)
      return {
        id: node.id,
        ...size,
        layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
        ports: definition ? portsOf(node.id, definition, openOutputs(definition, node), size) : [],
      }
    })
  const ports = new Set(children.flatMap(({ ports: own = [] }) => own.map(({ id }) => id)))
  const edges = graph.edges
    .filter(({ from, to }) => chosen.has(from.node) && chosen.has(to.node))
    .map(({ id, from, to }): ElkExtendedEdge => {
      const end = (portId: string, nodeId: string) => (ports.has(portId) ? portId : nodeId)
      return {
        id,
        sources: [end(outputId(from.node, from.port), from.node)],
        targets: [end(inputId(to.node, to.port), to.node)],
      }
    })
  return { id: 'root', layoutOptions: OPTIONS, children: inFrames(graph, children), edges }
}

/** The nodes of each open group within a node of its own: nothing else comes to lie within its frame. */
function inFrames(graph: PipelineGraph, nodes: readonly ElkNode[]): ElkNode[] {
  const open = partsOf(graph).groups.filter(({ collapsed }) => !collapsed)
  const frameOf = new Map(
    open.flatMap(({ id, nodes: members }) => members.map((node) => [node, id] as const)),
  )
  const framed = Map.groupBy(nodes, ({ id }) => frameOf.get(id))
  const frames = open.flatMap(({ id }): ElkNode[] => {
    const children = framed.get(id)
    return children ? [{ id: `frame ${id}`, layoutOptions: FRAME, children }] : []
  })
  return [...frames, ...(framed.get(undefined) ?? [])]
}

function portsOf(
  nodeId: string,
  definition: NodeDefinition,
  outputs: NodeDefinition['outputs'],
  { width, height }: Size,
): ElkPort[] {
  const plain = outputs.filter(({ optional }) => !optional)
  const extra = outputs.filter(({ optional }) => optional)
  const share = (i: number, count: number) => (i + 1) / (count + 1)
  const port = (id: string, side: string, x: number, y: number): ElkPort => ({
    ...{ id, x, y, width: 0, height: 0 },
    layoutOptions: { 'elk.port.side': side },
  })
  return [
    ...definition.inputs.map(({ name }, i, all) =>
      port(inputId(nodeId, name), 'WEST', 0, height * share(i, all.length)),
    ),
    ...plain.map(({ name }, i, all) =>
      port(outputId(nodeId, name), 'EAST', width, height * share(i, all.length)),
    ),
    ...extra.map(({ name }, i, all) =>
      port(outputId(nodeId, name), 'SOUTH', width * share(i, all.length), height),
    ),
  ]
}

function inputId(nodeId: string, port: string): string {
  return `in ${nodeId} ${port}`
}

function outputId(nodeId: string, port: string): string {
  return `out ${nodeId} ${port}`
}

/** Where the laid out nodes stand on the canvas: on the grid, their upper left corner where it was before. */
export function placesOf(
  laidOut: ElkNode,
  { layout }: PipelineGraph,
  grid: number,
): { readonly [nodeId: string]: Position } {
  const nodes = leavesOf(laidOut, { x: 0, y: 0 })
  const before = cornerOf(nodes.flatMap(({ id }) => positionOf(layout, id) ?? []))
  const after = cornerOf(nodes)
  const snap = (value: number) => Math.round(value / grid) * grid
  return Object.fromEntries(
    nodes.map(({ id, x, y }) => [id, { x: snap(before.x + x - after.x), y: snap(before.y + y - after.y) }]),
  )
}

/** The nodes themselves, out of their frames; ELK counts places from the frame. */
function leavesOf(
  { children = [] }: ElkNode,
  origin: Position,
): readonly (Position & { readonly id: string })[] {
  return children.flatMap((child) => {
    const at = { x: origin.x + (child.x ?? 0), y: origin.y + (child.y ?? 0) }
    return child.children ? leavesOf(child, at) : [{ id: child.id, ...at }]
  })
}

function cornerOf(places: readonly Position[]): Position {
  if (places.length === 0) return { x: 0, y: 0 }
  // A pipeline may have more nodes than a call takes arguments.
  return places.reduce((corner, { x, y }) => ({ x: Math.min(corner.x, x), y: Math.min(corner.y, y) }))
}
