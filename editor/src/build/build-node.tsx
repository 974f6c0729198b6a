import { type GraphNode, type NodeDefinition, openOutputs } from '@millrace/graph'
import type { NodeProps } from '@xyflow/react'
import { memo, useEffect, useRef } from 'react'
import card from '../canvas/card.module.css'
import type { FlowNode } from '../canvas/flow-elements.ts'
import { NodeTile } from '../canvas/node-tile.tsx'
import { counted } from '../format/numbers.ts'
import { useLanguage } from '../i18n/language.ts'
import { t, tFrom } from '../i18n/t.ts'
import { useIsFollowed } from '../preview/use-following.ts'
import { TestMark } from '../tests/test-mark.tsx'
import { Icon } from '../ui/icon.tsx'
import { motionMs } from '../ui/motion.ts'
import { useDocument, useFacts, useWorkspace } from '../workspace/workspace.ts'
import { useConnecting, useLights } from './build-context.ts'
import { BuildPorts } from './build-ports.tsx'
import { portKey } from './connect-store.ts'
import { MARK_LOOKS } from './legend.tsx'
import { SampleFooter } from './sample-footer.tsx'

/** A node's card on the Build canvas: type and marks, label, digest of the settings, counts of the sample. */
export const BuildNode = memo(function BuildNode({ id, data, selected = false }: NodeProps<FlowNode>) {
  useLanguage()
  const { nodeTypes } = useWorkspace()
  const { node } = data
  const definition = nodeTypes.catalogue.get(node.type)
  const errors = useFacts(({ analysis }) => countOf(analysis.issuesOf.get(id), 'error'))
  const digest = useFacts(({ analysis }) => analysis.digests.get(id))
  const isFollowed = useIsFollowed(id)
  const isSet = digest?.isSet ?? true
  const isRelated = useLights(({ nodes }) => nodes.has(id))
  const isNoTarget = useIsNoTarget(node, definition)
  const classes = [
    card.card,
    isRelated && card.related,
    isNoTarget && card.noTarget,
    selected && card.selected,
    isFollowed && card.followed,
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

/** True while a connection is drawn that may not end at any port of this node. */
function useIsNoTarget(node: GraphNode, definition: NodeDefinition | undefined): boolean {
  return useConnecting(({ from, verdicts }) => {
    if (from === null || from.node === node.id) return false
    const ports = (from.isOutput ? definition?.inputs : definition?.outputs) ?? []
    return ports.every(({ name }) => verdicts.get(portKey({ node: node.id, port: name }))?.ok === false)
  })
}

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
  const { view } = useWorkspace()
  const mark = useFacts(({ marks }) => marks.get(id))
  const errors = useFacts(({ analysis }) => countOf(analysis.issuesOf.get(id), 'error'))
  const warnings = useFacts(({ analysis }) => countOf(analysis.issuesOf.get(id), 'warning'))
  const look = mark && MARK_LOOKS[mark]
  return (
    <div className={card.head}>
      <NodeTile definition={definition} />
      <span className={card.type}>{tFrom(definition?.title ?? type)}</span>
      <span className={card.marks}>
        {errors > 0 && (
          <Icon name="err" size={13} className={card.toneErr} label={counted(errors, 'problem')} />
        )}
        {errors === 0 && warnings > 0 && (
          <Icon name="warn" size={13} className={card.toneWarn} label={counted(warnings, 'warning')} />
        )}
        <TestMark nodeId={id} />
        {look && (
          // Without a stop of the Tab key on each card: D shows the same.
          <button
            type="button"
            tabIndex={-1}
            className={`${card.mark} nodrag`}
            title={t('{words}: show what differs (D)', { words: t(look.words) })}
            onClick={(event) => {
              event.stopPropagation()
              view.showChanges(id)
            }}
          >
            <Icon name={look.icon} size={13} className={look.tone} label={t(look.words)} />
          </button>
        )}
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
