import type { GraphNode } from '@millrace/graph'
import { applyNodeChanges, type EdgeChange, type NodeChange } from '@xyflow/react'
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { type FlowEdge, flowEdges } from '../canvas/flow-elements.ts'
import { useLanguage } from '../i18n/language.ts'
import { tFrom } from '../i18n/t.ts'
import { useDocument, useView, useWorkspace } from '../workspace/workspace.ts'
import { useBuild } from './build-context.ts'
import {
  type CanvasElement,
  canvasElements,
  hiddenNodes,
  refit,
  reroute,
  withCarried,
} from './part-elements.ts'

/** Everything on the canvas for React Flow, and what its changes mean for document and selection. */
export function useFlowElements() {
  const { nodeTypes, view } = useWorkspace()
  const { actions } = useBuild()
  const graph = useDocument((state) => state.graph)
  const selectedNodes = useView((state) => state.nodes)
  const selectedEdges = useView((state) => state.edges)
  const language = useLanguage()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another language gives other names
  const nameOf = useCallback(
    ({ label, type }: GraphNode) => `${label}, ${tFrom(nodeTypes.catalogue.get(type)?.title ?? type)}`,
    [nodeTypes, language],
  )

  // React Flow measures and drags its own copies of the nodes; the document hears of a drag when it ends.
  const [nodes, setNodes] = useState<CanvasElement[]>(() =>
    canvasElements([], graph, { type: 'build', selected: selectedNodes, nameOf }),
  )
  const latest = useRef(nodes)
  const show = useCallback((next: CanvasElement[]) => {
    latest.current = next
    setNodes(next)
  }, [])
  useLayoutEffect(() => {
    show(canvasElements(latest.current, graph, { type: 'build', selected: selectedNodes, nameOf }))
  }, [graph, selectedNodes, nameOf, show])

  const lastEdges = useRef<FlowEdge[]>([])
  const edges = useMemo(() => {
    lastEdges.current = flowEdges(lastEdges.current, graph, {
      type: 'build',
      selected: selectedEdges,
      nameOf,
    })
    return lastEdges.current
  }, [graph, selectedEdges, nameOf])
  const { canvas } = graph
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is hidden depends on the groups alone
  const hidden = useMemo(() => hiddenNodes(graph), [canvas])
  const seenEdges = useMemo(() => reroute(edges, hidden), [edges, hidden])

  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasElement>[]) => {
      const all = withCarried(changes, latest.current)
      const next = applyNodeChanges([...all], latest.current)
      show(all.some(({ type }) => type === 'position' || type === 'dimensions') ? refit(next) : next)
      const { nodes: selected, edges: others } = view.getState()
      view.select(afterChanges(selected, changes), others)
      actions.move(settledPositions(all))
    },
    [actions, view, show],
  )
  const onEdgesChange = useCallback(
    (changes: EdgeChange<FlowEdge>[]) => {
      const { nodes: others, edges: selected } = view.getState()
      view.select(others, afterChanges(selected, changes))
    },
    [view],
  )
  return { nodes, edges: seenEdges, onNodesChange, onEdgesChange }
}

function afterChanges(
  selected: ReadonlySet<string>,
  changes: readonly (NodeChange<CanvasElement> | EdgeChange<FlowEdge>)[],
): ReadonlySet<string> {
  const next = new Set(selected)
  for (const change of changes) {
    if (change.type === 'select' && change.selected) next.add(change.id)
    if (change.type === 'select' && !change.selected) next.delete(change.id)
  }
  return next
}

/** Where nodes came to rest, by drag or by arrow keys. */
function settledPositions(changes: readonly NodeChange<CanvasElement>[]) {
  return Object.fromEntries(
    changes.flatMap((change) =>
      change.type === 'position' && change.dragging === false && change.position
        ? [[change.id, { x: Math.round(change.position.x), y: Math.round(change.position.y) }]]
        : [],
    ),
  )
}
