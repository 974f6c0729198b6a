import {
  Background,
  BackgroundVariant,
  MiniMap,
  Panel,
  ReactFlow,
  SelectionMode,
  useReactFlow,
  useStore,
} from '@xyflow/react'
import { type PropsWithChildren, useEffect } from 'react'
import { showNode, useKeepInView } from '../canvas/keep-in-view.ts'
import { ZoomTools } from '../canvas/zoom-tools.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { onlySelected } from '../workspace/view-store.ts'
import { useDocument, useView, useWorkspace } from '../workspace/workspace.ts'
import { BuildEdge } from './build-edge.tsx'
import { BuildNode } from './build-node.tsx'
import styles from './canvas.module.css'
import { ConnectionLine } from './connection-line.tsx'
import { Legend } from './legend.tsx'
import { RefusalTip } from './refusal-tip.tsx'
import { useConnecting } from './use-connecting.ts'
import { useFlowElements } from './use-flow-elements.ts'

const NODE_TYPES = { build: BuildNode }
const EDGE_TYPES = { build: BuildEdge }

/** From here on only what is in view is drawn. */
const MANY_NODES = 200

/** The canvas on which a pipeline is drawn. */
export function BuildCanvas() {
  const elements = useFlowElements()
  const connecting = useConnecting()
  return (
    <main className={styles.canvas} data-drop-area aria-label="Canvas">
      <ReactFlow
        {...elements}
        {...connecting.handlers}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        connectionLineComponent={ConnectionLine}
        connectionRadius={28}
        minZoom={0.1}
        maxZoom={2}
        snapToGrid
        snapGrid={[8, 8]}
        panOnScroll
        zoomActivationKeyCode={['Meta', 'Control']}
        selectionKeyCode="Shift"
        selectionMode={SelectionMode.Partial}
        multiSelectionKeyCode={['Meta', 'Control']}
        deleteKeyCode={null}
        elevateNodesOnSelect={false}
        onlyRenderVisibleElements={elements.nodes.length > MANY_NODES}
        attributionPosition="bottom-center"
      >
        <Background variant={BackgroundVariant.Dots} gap={16} size={1.2} />
        <Panel position="top-left">
          <Legend />
        </Panel>
        <Panel position="bottom-left">
          <ZoomTools />
        </Panel>
        <MiniMap
          pannable
          zoomable
          ariaLabel="Overview of the pipeline"
          style={{ width: 132, height: 84 }}
          nodeBorderRadius={12}
          nodeColor={({ selected }) => (selected ? 'var(--accent)' : 'var(--line2)')}
          className={styles.minimap}
        />
        <KeepInView />
        <EmptyCanvas />
      </ReactFlow>
      <RefusalTip refusal={connecting.refusal} />
    </main>
  )
}

/** Keeps in view what matters: the whole, the selected node, the node that something leads to. */
function KeepInView() {
  const selected = useView(onlySelected)
  const focus = useView((view) => view.focus)
  const flow = useReactFlow()
  const width = useStore((state) => state.width)
  const height = useStore((state) => state.height)
  useKeepInView(
    selected,
    useDocument(({ graph }) => graph.layout),
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each time that something leads to a node
  useEffect(() => {
    if (focus !== null) void showNode(flow, focus.nodeId, { width, height })
  }, [focus?.serial])
  return null
}

function EmptyCanvas() {
  const isEmpty = useDocument(({ graph }) => graph.nodes.length === 0)
  const { view } = useWorkspace()
  if (!isEmpty) return null
  return (
    <Centred>
      <EmptyState icon="flow" title="An empty canvas">
        Begin with a source: drag <b>Kafka</b> from the left, or press <kbd>N</kbd> and choose.{' '}
        <button
          type="button"
          className={styles.link}
          onClick={() => view.setState({ picker: { kind: 'add' } })}
        >
          Choose a node
        </button>
      </EmptyState>
    </Centred>
  )
}

function Centred({ children }: PropsWithChildren) {
  return <div className={styles.centred}>{children}</div>
}
