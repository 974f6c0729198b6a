import type { CanvasNote, GraphEdge, GraphNode, NodeConfig, NodeGroup, Position } from './model.ts'
import type { PipelineTests } from './tests/model.ts'

/** An edit of a pipeline, as a value. `applyChange` carries it out and gives its inverse. */
export type GraphChange =
  | AddNode
  | RemoveNode
  | SetLabel
  | SetNote
  | SetConfig
  | AddEdge
  | RemoveEdge
  | MoveNodes
  | RenamePipeline
  | SetCanvasNote
  | SetGroup
  | SetTests
  | Batch

/**
 * Adds a node; `at` is its index among the nodes, so that an undo restores the very same document.
 * Without `position` the node has no place on the canvas yet.
 */
export interface AddNode {
  readonly kind: 'add-node'
  readonly node: GraphNode
  readonly position?: Position
  readonly at?: number
}

/** Removes a node, its edges, its position and its place in a group; a group without nodes goes with its last one. */
export interface RemoveNode {
  readonly kind: 'remove-node'
  readonly nodeId: string
}

/** Renames a node for people; its id stays. */
export interface SetLabel {
  readonly kind: 'set-label'
  readonly nodeId: string
  readonly label: string
}

/** Replaces the note for colleagues. */
export interface SetNote {
  readonly kind: 'set-note'
  readonly nodeId: string
  readonly note: string
}

/** Replaces a node's whole config. */
export interface SetConfig {
  readonly kind: 'set-config'
  readonly nodeId: string
  readonly config: NodeConfig
}

/** Connects two ports; `at` as in `AddNode`. */
export interface AddEdge {
  readonly kind: 'add-edge'
  readonly edge: GraphEdge
  readonly at?: number
}

/** Removes one connection. */
export interface RemoveEdge {
  readonly kind: 'remove-edge'
  readonly edgeId: string
}

/** Moves nodes on the canvas; null takes a node's position away. */
export interface MoveNodes {
  readonly kind: 'move-nodes'
  readonly positions: { readonly [nodeId: string]: Position | null }
}

/** Renames the pipeline. */
export interface RenamePipeline {
  readonly kind: 'rename-pipeline'
  readonly name: string
}

/** Adds a note to the canvas, replaces the one that has its id, or removes it where `note` is null; `at` as in `AddNode`. */
export interface SetCanvasNote {
  readonly kind: 'set-canvas-note'
  readonly noteId: string
  readonly note: CanvasNote | null
  readonly at?: number
}

/** Groups nodes, replaces the group that has this id, or dissolves it where `group` is null; `at` as in `AddNode`. */
export interface SetGroup {
  readonly kind: 'set-group'
  readonly groupId: string
  readonly group: NodeGroup | null
  readonly at?: number
}

/** Replaces the tests of the pipeline; null takes them away. */
export interface SetTests {
  readonly kind: 'set-tests'
  readonly tests: PipelineTests | null
}

/** Several changes as one intent: one step of undo. */
export interface Batch {
  readonly kind: 'batch'
  readonly changes: readonly GraphChange[]
}
