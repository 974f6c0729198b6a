import { ownMember } from './own-member.ts'
import type { PipelineTests } from './tests/model.ts'

/** The version of the document format that this code writes. */
export const GRAPH_FORMAT = 1

/** A pipeline as the user draws it. Immutable: every edit makes a new value (`applyChange`). */
export interface PipelineGraph {
  readonly format: typeof GRAPH_FORMAT
  readonly name: string
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  /** Where nodes stand on the canvas. Apart from the rest: moving a node changes nothing that is published. */
  readonly layout: Layout
  /** Notes and groups, for people only: nothing of it is published. Absent where there is nothing of the kind. */
  readonly canvas?: CanvasParts
  /** Absent: there are none. They change nothing that is published. */
  readonly tests?: PipelineTests
}

/** One step of a pipeline. The id never changes: it names the node's state. */
export interface GraphNode {
  readonly id: string
  readonly type: string
  readonly typeVersion: number
  readonly label: string
  readonly config: NodeConfig
  readonly note: string
}

/** A node's settings, JSON only; the node type's schema says what is allowed. */
export type NodeConfig = { readonly [name: string]: JsonValue }

/** Plain JSON. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue }

/** One end of an edge. */
export interface PortRef {
  readonly node: string
  readonly port: string
}

/** A connection from an output port to an input port. */
export interface GraphEdge {
  readonly id: string
  readonly from: PortRef
  readonly to: PortRef
}

/** Canvas position in pixels, by node id. */
export type Layout = { readonly [nodeId: string]: Position }

/** What stands on the canvas beside nodes and edges. Ids differ from one another and from those of the nodes. */
export interface CanvasParts {
  readonly notes: readonly CanvasNote[]
  readonly groups: readonly NodeGroup[]
}

/** A text on the canvas, in Markdown. */
export interface CanvasNote {
  readonly id: string
  readonly text: string
  readonly position: Position
  /** Pixels. */
  readonly width: number
  readonly height: number
}

/** Nodes that belong together for the eye. A node is in one group at most, and a group has at least one node. */
export interface NodeGroup {
  readonly id: string
  readonly label: string
  readonly nodes: readonly string[]
  /** True where one card stands in place of the nodes. */
  readonly collapsed: boolean
}

/** A point on the canvas. */
export interface Position {
  readonly x: number
  readonly y: number
}

/** An empty pipeline. */
export function emptyGraph(name: string): PipelineGraph {
  return { format: GRAPH_FORMAT, name, nodes: [], edges: [], layout: {} }
}

/** The node with this id, if there is one. */
export function findNode(graph: PipelineGraph, id: string): GraphNode | undefined {
  return graph.nodes.find((node) => node.id === id)
}

/** Where a node stands on the canvas, if the layout says so. Own members only: `__proto__` is an id like any other. */
export function positionOf(layout: Layout, nodeId: string): Position | undefined {
  return ownMember(layout, nodeId)
}
