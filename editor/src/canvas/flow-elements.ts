import {
  type GraphEdge,
  type GraphNode,
  type PipelineGraph,
  type Position,
  positionOf,
} from '@millrace/graph'
import type { Edge, Node } from '@xyflow/react'
import { t } from '../i18n/t.ts'

/** A node as React Flow carries it; what changes often is read by the card itself. */
export type FlowNode = Node<{ readonly node: GraphNode }>

/** An edge as React Flow carries it. */
export type FlowEdge = Edge<{ readonly edge: GraphEdge }>

/** What the canvas must know to place a node. */
export interface FlowOptions {
  /** The kind of card. */
  readonly type: string
  readonly selected: ReadonlySet<string>
  /** What screen readers call the node. */
  readonly nameOf: (node: GraphNode) => string
}

const ORIGIN: Position = { x: 0, y: 0 }

/**
 * The nodes for React Flow. A node that is as it was before keeps its object, and with it what React Flow measured, so
 * that only what changed is drawn again.
 */
export function flowNodes(
  before: readonly FlowNode[],
  { nodes, layout }: PipelineGraph,
  { type, selected, nameOf }: FlowOptions,
): FlowNode[] {
  const known = new Map(before.map((node) => [node.id, node]))
  return nodes.map((node, index) => {
    const last = known.get(node.id)
    const position = positionOf(layout, node.id) ?? { x: ORIGIN.x + index * 24, y: ORIGIN.y + index * 24 }
    const isSelected = selected.has(node.id)
    const isSame =
      last?.data.node === node &&
      last.selected === isSelected &&
      last.position.x === position.x &&
      last.position.y === position.y
    if (isSame) return last
    return {
      ...last,
      id: node.id,
      type,
      position,
      selected: isSelected,
      data: { node },
      ariaLabel: nameOf(node),
    }
  })
}

/** The edges for React Flow, with kept objects as in `flowNodes`. */
export function flowEdges(
  before: readonly FlowEdge[],
  { nodes, edges }: PipelineGraph,
  { type, selected, nameOf }: FlowOptions,
): FlowEdge[] {
  const known = new Map(before.map((edge) => [edge.id, edge]))
  const names = new Map(nodes.map((node) => [node.id, nameOf(node)]))
  return edges.map((edge) => {
    const last = known.get(edge.id)
    const isSelected = selected.has(edge.id)
    const ariaLabel = t('From {node} to {node2}', {
      node: names.get(edge.from.node),
      node2: names.get(edge.to.node),
    })
    if (last?.data?.edge === edge && last.selected === isSelected && last.ariaLabel === ariaLabel) return last
    return {
      id: edge.id,
      type,
      source: edge.from.node,
      target: edge.to.node,
      sourceHandle: edge.from.port,
      targetHandle: edge.to.port,
      selected: isSelected,
      data: { edge },
      ariaLabel,
    }
  })
}
