import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from '@xyflow/react'
import { memo } from 'react'
import type { FlowEdge } from '../canvas/flow-elements.ts'
import { Icon } from '../ui/icon.tsx'
import { useDocument, useView, useWorkspace } from '../workspace/workspace.ts'
import { useBuild } from './build-context.ts'
import styles from './canvas.module.css'

/** An edge with a "+" in its middle; a selected one can also be deleted there. */
export const BuildEdge = memo(function BuildEdge(props: EdgeProps<FlowEdge>) {
  const { id, source, target, selected = false } = props
  const isLit = useView(({ nodes }) => nodes.has(source) || nodes.has(target))
  const [path, x, y] = getBezierPath(props)
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={16}
        className={`${styles.edge} ${isLit || selected ? styles.lit : ''}`}
      />
      <EdgeLabelRenderer>
        <div
          className={`${styles.edgeButtons} nodrag nopan`}
          style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
        >
          <InsertButton edgeId={id} source={source} target={target} />
          {selected && <RemoveButton edgeId={id} />}
        </div>
      </EdgeLabelRenderer>
    </>
  )
})

function InsertButton({
  edgeId,
  source,
  target,
}: {
  readonly edgeId: string
  readonly source: string
  readonly target: string
}) {
  const { view } = useWorkspace()
  const from = useLabel(source)
  const to = useLabel(target)
  return (
    <button
      type="button"
      className={styles.plus}
      aria-label={`Insert a node between ${from} and ${to}`}
      title="Insert a node here"
      onClick={() => view.setState({ picker: { kind: 'edge', edgeId } })}
    >
      <Icon name="plus" size={10} />
    </button>
  )
}

function RemoveButton({ edgeId }: { readonly edgeId: string }) {
  const { actions } = useBuild()
  return (
    <button
      type="button"
      className={`${styles.plus} ${styles.remove}`}
      aria-label="Delete this connection"
      title="Delete this connection"
      onClick={() => actions.removeEdge(edgeId)}
    >
      <Icon name="x" size={10} />
    </button>
  )
}

function useLabel(nodeId: string): string {
  return useDocument(({ graph }) => graph.nodes.find(({ id }) => id === nodeId)?.label ?? nodeId)
}
