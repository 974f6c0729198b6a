import { findNode } from '@millrace/graph'
import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from '@xyflow/react'
import { memo } from 'react'
import type { FlowEdge } from '../canvas/flow-elements.ts'
import { useLanguage } from '../i18n/language.ts'
import { t } from '../i18n/t.ts'
import { useIsFollowedBetween } from '../preview/use-following.ts'
import { Icon } from '../ui/icon.tsx'
import { outputsOf } from '../workspace/edits.ts'
import { useDocument, useView, useWorkspace } from '../workspace/workspace.ts'
import { useBuild, useLights } from './build-context.ts'
import styles from './canvas.module.css'

/** An edge with a "+" in its middle; a selected one can also be deleted there. */
export const BuildEdge = memo(function BuildEdge(props: EdgeProps<FlowEdge>) {
  useLanguage()
  const { id, data, selected = false } = props
  // The edge as drawn may end at the card of a collapsed group.
  const { node: source = props.source, port = '' } = data?.edge.from ?? {}
  const target = data?.edge.to.node ?? props.target
  const branch = useBranchLabel(source, port)
  const isLit = useLights(({ edges }) => edges.has(id))
  const isDropTarget = useView(({ dropEdge }) => dropEdge === id)
  const isFollowed = useIsFollowedBetween(source, target)
  const [path, x, y] = getBezierPath(props)
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={16}
        className={`${styles.edge} ${isLit || selected ? styles.lit : ''} ${isDropTarget ? styles.dropTarget : ''} ${isFollowed ? styles.followed : ''}`}
      />
      <EdgeLabelRenderer>
        {branch !== null && (
          <div
            className={styles.branchLabel}
            title={branch}
            style={{ transform: `translate(${props.sourceX + 6}px, ${props.sourceY}px) translateY(-100%)` }}
          >
            {branch}
          </div>
        )}
        <div
          className={`${styles.edgeButtons} nodrag nopan`}
          data-edge-id={id}
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
      aria-label={t('Insert a node between {from} and {to}', { from, to })}
      title={t('Insert a node here')}
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
      aria-label={t('Delete this connection')}
      title={t('Delete this connection')}
      onClick={() => actions.removeEdge(edgeId)}
    >
      <Icon name="x" size={10} />
    </button>
  )
}

/** The name of the output at which an edge begins, where its node has several. */
function useBranchLabel(nodeId: string, port: string): string | null {
  const { nodeTypes } = useWorkspace()
  return useDocument(({ graph }) => {
    const node = findNode(graph, nodeId)
    const outputs = node ? outputsOf(node, nodeTypes.catalogue).filter(({ optional }) => !optional) : []
    return (outputs.length > 1 && outputs.find(({ name }) => name === port)?.label) || null
  })
}

function useLabel(nodeId: string): string {
  return useDocument(({ graph }) => graph.nodes.find(({ id }) => id === nodeId)?.label ?? nodeId)
}
