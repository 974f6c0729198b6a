import type { PipelineGraph } from '@millrace/graph'
import { Background, BackgroundVariant, type NodeChange, Panel, ReactFlow } from '@xyflow/react'
import { useCallback, useMemo, useRef, useState } from 'react'
import { type FlowEdge, type FlowNode, flowEdges, flowNodes } from '../canvas/flow-elements.ts'
import { flowLabels } from '../canvas/flow-labels.ts'
import { useKeepInView } from '../canvas/keep-in-view.ts'
import { type Health, Overview } from '../canvas/overview.tsx'
import { ZoomTools } from '../canvas/zoom-tools.tsx'
import { useLanguage } from '../i18n/language.ts'
import { t, tFrom } from '../i18n/t.ts'
import { onlySelected } from '../workspace/view-store.ts'
import { useDocument, useView, useWorkspace } from '../workspace/workspace.ts'
import styles from './monitor.module.css'
import { useMoment } from './monitor-context.ts'
import { MonitorEdge } from './monitor-edge.tsx'
import { MonitorNode } from './monitor-node.tsx'
import { nodeHealth } from './node-health.ts'

const NODE_TYPES = { monitor: MonitorNode }
const EDGE_TYPES = { monitor: MonitorEdge }
const NO_EDGES: ReadonlySet<string> = new Set()
const MANY_NODES = 200
/** Cards stand this much further apart than on the Build canvas, so that rates fit between them. */
const SPREAD = 1.3

/** The live version as on the Build canvas, read-only, with rates. */
export function MonitorCanvas({ graph }: { readonly graph: PipelineGraph }) {
  const { nodes, edges, onNodesChange } = useElements(graph)
  return (
    <main className={styles.canvas} aria-label={t('Canvas')}>
      <ReactFlow
        ariaLabelConfig={flowLabels()}
        nodes={nodes}
        edges={edges}
        onNodesChange={onNodesChange}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        minZoom={0.1}
        maxZoom={2}
        panOnScroll
        zoomActivationKeyCode={['Meta', 'Control']}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        deleteKeyCode={null}
        onlyRenderVisibleElements={nodes.length > MANY_NODES}
        attributionPosition="bottom-center"
      >
        <Background variant={BackgroundVariant.Dots} gap={16} size={1.2} />
        <KeepInView layout={graph.layout} />
        <Panel position="bottom-left">
          <ZoomTools />
        </Panel>
        <MonitorOverview graph={graph} />
      </ReactFlow>
    </main>
  )
}

function MonitorOverview({ graph: { nodes } }: { readonly graph: PipelineGraph }) {
  // One text for all: the overview is drawn anew only where the health of a node has changed.
  const known = useMoment((moment) => nodes.map(({ id }) => nodeHealth(moment, id)).join(' ')) ?? ''
  const healthOf = useMemo(() => {
    const health = new Map(known.split(' ').map((one, i) => [nodes[i]?.id, one as Health] as const))
    return ({ id }: FlowNode) => health.get(id) ?? 'idle'
  }, [nodes, known])
  return <Overview healthOf={healthOf} />
}

function KeepInView({ layout }: Pick<PipelineGraph, 'layout'>) {
  useKeepInView(useView(onlySelected), layout)
  return null
}

function useElements(graph: PipelineGraph) {
  const { nodeTypes, view } = useWorkspace()
  const draftLayout = useDocument((state) => state.graph.layout)
  const selected = useView((state) => state.nodes)
  // The layout belongs to the draft: where a node was moved since the publish, it stands there here too.
  const placed = useMemo(() => {
    const layout = Object.entries({ ...graph.layout, ...draftLayout }).map(
      ([id, { x, y }]) => [id, { x: Math.round(x * SPREAD), y }] as const,
    )
    return { ...graph, layout: Object.fromEntries(layout) }
  }, [graph, draftLayout])
  const language = useLanguage()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another language gives other names
  const options = useMemo(
    () => ({
      type: 'monitor',
      selected,
      nameOf: ({ label, type }: { label: string; type: string }) =>
        `${label}, ${tFrom(nodeTypes.catalogue.get(type)?.title ?? type)}`,
    }),
    [selected, nodeTypes, language],
  )
  const [measured, setMeasured] = useState<ReadonlyMap<string, FlowNode['measured']>>(new Map())
  const lastNodes = useRef<FlowNode[]>([])
  const lastEdges = useRef<FlowEdge[]>([])
  const nodes = useMemo(() => {
    const next = flowNodes(lastNodes.current, placed, options)
    lastNodes.current = next.map((node) => {
      const size = measured.get(node.id)
      return size === undefined || size === node.measured ? node : { ...node, measured: size }
    })
    return lastNodes.current
  }, [placed, options, measured])
  const edges = useMemo(() => {
    lastEdges.current = flowEdges(lastEdges.current, placed, { ...options, selected: NO_EDGES })
    return lastEdges.current
  }, [placed, options])
  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      const sizes = changes.filter((change) => change.type === 'dimensions')
      if (sizes.length > 0) {
        setMeasured(
          (before) => new Map([...before, ...sizes.map(({ id, dimensions }) => [id, dimensions] as const)]),
        )
      }
      const picked = changes.find((change) => change.type === 'select' && change.selected)
      if (picked?.type === 'select') view.select([picked.id])
      else if (changes.some((change) => change.type === 'select')) {
        const gone = new Set(changes.flatMap((change) => (change.type === 'select' ? [change.id] : [])))
        view.select([...view.getState().nodes].filter((id) => !gone.has(id)))
      }
    },
    [view],
  )
  return { nodes, edges, onNodesChange }
}
