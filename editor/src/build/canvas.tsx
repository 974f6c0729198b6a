import {
  Background,
  BackgroundVariant,
  Panel,
  ReactFlow,
  SelectionMode,
  useReactFlow,
  useStore,
} from '@xyflow/react'
import {
  type PropsWithChildren,
  type MouseEvent as ReactMouseEvent,
  useCallback,
  useEffect,
  useMemo,
} from 'react'
import { flowLabels } from '../canvas/flow-labels.ts'
import { showNode, useKeepInView } from '../canvas/keep-in-view.ts'
import { type Health, Overview } from '../canvas/overview.tsx'
import { edgeAt, pointOf } from '../canvas/things-at.ts'
import { ZoomTools } from '../canvas/zoom-tools.tsx'
import { rich } from '../i18n/rich.tsx'
import { t } from '../i18n/t.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { onlySelected } from '../workspace/view-store.ts'
import { useDocument, useFacts, useView, useWorkspace } from '../workspace/workspace.ts'
import { useBuild } from './build-context.ts'
import { BuildEdge } from './build-edge.tsx'
import { BuildNode } from './build-node.tsx'
import { BuildTools } from './build-tools.tsx'
import styles from './canvas.module.css'
import { ConnectionLine } from './connection-line.tsx'
import { Legend } from './legend.tsx'
import { type CanvasElement, ELEMENT } from './part-elements.ts'
import { CollapsedView, FrameView, NoteView } from './part-views.tsx'
import { RefusalTip } from './refusal-tip.tsx'
import { useConnecting } from './use-connecting.ts'
import { useFlowElements } from './use-flow-elements.ts'

const NODE_TYPES = {
  build: BuildNode,
  [ELEMENT.note]: NoteView,
  [ELEMENT.frame]: FrameView,
  [ELEMENT.collapsed]: CollapsedView,
}
const EDGE_TYPES = { build: BuildEdge }

/** From here on only what is in view is drawn. */
const MANY_NODES = 200

/** The canvas on which a pipeline is drawn. */
export function BuildCanvas() {
  const elements = useFlowElements()
  const connecting = useConnecting()
  const dropping = useDropOnEdge()
  const onNodeClick = useSelectOne()
  const glides = useView((view) => view.glides)
  return (
    <main
      className={`${styles.canvas} ${glides ? styles.glides : ''}`}
      data-drop-area
      aria-label={t('Canvas')}
    >
      <ReactFlow
        ariaLabelConfig={flowLabels()}
        {...elements}
        {...connecting.handlers}
        {...dropping}
        onNodeClick={onNodeClick}
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
          <ZoomTools>
            <BuildTools />
          </ZoomTools>
        </Panel>
        <BuildOverview />
        <KeepInView />
        <EmptyCanvas />
      </ReactFlow>
      <RefusalTip refusal={connecting.refusal} />
    </main>
  )
}

/** Red is what has a mistake, be it out of sight in a collapsed group. */
function BuildOverview() {
  const issuesOf = useFacts(({ analysis }) => analysis.issuesOf)
  const isWrong = (id: string) => issuesOf.get(id)?.some(({ severity }) => severity === 'error') ?? false
  const healthOf = ({ id, type, data }: CanvasElement): Health => {
    const nodes = type === ELEMENT.collapsed && 'group' in data ? data.group.nodes : [id]
    return nodes.some(isWrong) ? 'failing' : 'idle'
  }
  return <Overview healthOf={healthOf} isGround={({ type }: CanvasElement) => type === ELEMENT.frame} />
}

/** A node that stands alone goes into the connection over which it is let go. */
function useDropOnEdge() {
  const { view } = useWorkspace()
  const { actions } = useBuild()
  return useMemo(
    () => ({
      onNodeDrag(event: MouseEvent | TouchEvent, { id }: CanvasElement, dragged: readonly CanvasElement[]) {
        const edge = dragged.length === 1 ? edgeAt(pointOf(event)) : null
        if (edge === view.getState().dropEdge) return
        view.setState({ dropEdge: edge !== null && actions.mayGoInto(id, edge) ? edge : null })
      },
      onNodeDragStop(_event: MouseEvent | TouchEvent, { id }: CanvasElement) {
        const { dropEdge } = view.getState()
        if (dropEdge === null) return
        view.setState({ dropEdge: null })
        actions.putIntoEdge(id, dropEdge)
      },
    }),
    [view, actions],
  )
}

/** A click without a key selects that one thing alone; React Flow leaves several selected where it is one of them. */
function useSelectOne() {
  const { view } = useWorkspace()
  return useCallback(
    ({ ctrlKey, metaKey, shiftKey }: ReactMouseEvent, { id }: CanvasElement) => {
      if (!ctrlKey && !metaKey && !shiftKey) view.select([id])
    },
    [view],
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
      <EmptyState icon="flow" title={t('An empty canvas')}>
        {rich('Begin with a source: drag {term} from the left, or press {key} and choose.', {
          term: <b>Kafka</b>,
          key: <kbd>N</kbd>,
        })}{' '}
        <button
          type="button"
          className={styles.link}
          onClick={() => view.setState({ picker: { kind: 'add' } })}
        >
          {t('Choose a node')}
        </button>
      </EmptyState>
    </Centred>
  )
}

function Centred({ children }: PropsWithChildren) {
  return <div className={styles.centred}>{children}</div>
}
