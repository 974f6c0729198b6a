import {
  type GraphNode,
  isClosedOutput,
  type NodeDefinition,
  openOutputs,
  type PortDefinition,
} from '@millrace/graph'
import { useMemo } from 'react'
import { useDocument } from './workspace.ts'

/** An output port as a card shows it. */
export interface DrawnOutput extends PortDefinition {
  /** True where nothing comes out of it any more, and an edge still begins there. */
  readonly isClosed: boolean
}

/** The outputs of a node's card: those that are open, and closed ones at which an edge was left behind. */
export function useDrawnOutputs(definition: NodeDefinition, node: GraphNode): readonly DrawnOutput[] {
  const left = useDocument(({ graph }) => {
    if (definition.openOutputs === undefined) return ''
    const ports = graph.edges.flatMap(({ from }) => (from.node === node.id ? [from.port] : []))
    return [...new Set(ports)].filter((port) => isClosedOutput(definition, node, port)).join(' ')
  })
  return useMemo(() => {
    const isLeft = ({ name }: PortDefinition) => left.split(' ').includes(name)
    return [
      ...openOutputs(definition, node).map((port) => ({ ...port, isClosed: false })),
      ...definition.outputs.filter(isLeft).map((port) => ({ ...port, isClosed: true })),
    ]
  }, [definition, node, left])
}
