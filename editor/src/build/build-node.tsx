import { type GraphNode, type NodeDefinition, openOutputs } from '@millrace/graph'
import type { NodeProps } from '@xyflow/react'
import { memo, useEffect, useRef } from 'react'
import card from '../canvas/card.module.css'
import type { FlowNode } from '../canvas/flow-elements.ts'
import { NodeTile } from '../canvas/node-tile.tsx'
import { counted } from '../format/numbers.ts'
import { Icon } from '../ui/icon.tsx'
import { motionMs } from '../ui/motion.ts'
import { useDocument, useFacts, useWorkspace } from '../workspace/workspace.ts'
import { BuildPorts } from './build-ports.tsx'
import { MARK_LOOKS } from './legend.tsx'
import { SampleFooter } from './sample-footer.tsx'

/** A node's card on the Build canvas: type and marks, label, digest of the settings, counts of the sample. */
export const BuildNode = memo(function BuildNode({ id, data, selected = false }: NodeProps<FlowNode>) {
  const { nodeTypes } = useWorkspace()
  const { node } = data
  const definition = nodeTypes.catalogue.get(node.type)
  const errors = useFacts(({ analysis }) => countOf(analysis.issuesOf.get(id), 'error'))
  const digest = useFacts(({ analysis }) => analysis.digests.get(id))
  const isSet = digest?.isSet ?? true
  const classes = [
    card.card,
    selected && card.selected,
    errors > 0 && isSet && card.error,
    !isSet && card.unset,
  ].filter(Boolean)
  return (
    <div
      className={classes.join(' ')}
      ref={usePulse(id)}
      title={node.label}
      style={{ minHeight: definition && heightOfPorts(definition, node) }}
    >
      <Head id={id} definition={definition} type={node.type} />
      <div className={card.label}>{node.label}</div>
      <div className={`${card.digest} ${isSet ? '' : card.missing}`} title={digest?.text}>
        {digest?.text}
      </div>
      <SampleFooter nodeId={id} kind={definition?.kind ?? 'transform'} />
      {definition && <BuildPorts node={node} definition={definition} isSelected={selected} />}
    </div>
  )
})

/** Room for the ports at the right, px: a card with many is higher than its texts. */
function heightOfPorts(definition: NodeDefinition, node: GraphNode): number {
  return (openOutputs(definition, node).filter(({ optional }) => !optional).length + 1) * PORT_GAP
}

const PORT_GAP = 18

interface HeadProps {
  readonly id: string
  readonly definition: NodeDefinition | undefined
  readonly type: string
}

function Head({ id, definition, type }: HeadProps) {
  const mark = useFacts(({ marks }) => marks.get(id))
  const errors = useFacts(({ analysis }) => countOf(analysis.issuesOf.get(id), 'error'))
  const warnings = useFacts(({ analysis }) => countOf(analysis.issuesOf.get(id), 'warning'))
  const look = mark && MARK_LOOKS[mark]
  return (
    <div className={card.head}>
      <NodeTile definition={definition} />
      <span className={card.type}>{definition?.title ?? type}</span>
      <span className={card.marks}>
        {errors > 0 && (
          <Icon name="err" size={13} className={card.toneErr} label={counted(errors, 'problem')} />
        )}
        {errors === 0 && warnings > 0 && (
          <Icon name="warn" size={13} className={card.toneWarn} label={counted(warnings, 'warning')} />
        )}
        {look && <Icon name={look.icon} size={13} className={look.tone} label={look.words} />}
      </span>
    </div>
  )
}

/** Shows once what an undo or redo has changed. */
function usePulse(nodeId: string) {
  const ref = useRef<HTMLDivElement>(null)
  const pulse = useDocument((state) => (state.pulse.has(nodeId) ? state.pulse : null))
  useEffect(() => {
    const duration = motionMs(600)
    if (pulse === null || duration === 0) return
    ref.current?.animate?.(
      [{ boxShadow: '0 0 0 6px var(--accent-line)' }, { boxShadow: '0 0 0 0 transparent' }],
      duration,
    )
  }, [pulse])
  return ref
}

function countOf(issues: readonly { severity: string }[] | undefined, severity: 'error' | 'warning'): number {
  return issues?.filter((issue) => issue.severity === severity).length ?? 0
}
