import { type GraphNode, type NodeDefinition, openOutputs } from '@millrace/graph'
import { Handle, type NodeProps, Position } from '@xyflow/react'
import { memo } from 'react'
import card from '../canvas/card.module.css'
import type { FlowNode } from '../canvas/flow-elements.ts'
import { NodeTile } from '../canvas/node-tile.tsx'
import { formatRate, formatShortCount } from '../format/numbers.ts'
import { formatDuration } from '../format/times.ts'
import { useLanguage } from '../i18n/language.ts'
import { t, tFrom } from '../i18n/t.ts'
import { Icon } from '../ui/icon.tsx'
import { useWorkspace } from '../workspace/workspace.ts'
import { lagOf } from './live-store.ts'
import styles from './monitor.module.css'
import { useMoment } from './monitor-context.ts'

/** A node's card on the Monitor canvas: rates in place of the sample's counts. */
export const MonitorNode = memo(function MonitorNode({ id, data, selected = false }: NodeProps<FlowNode>) {
  useLanguage()
  const { nodeTypes } = useWorkspace()
  const { node } = data
  const definition = nodeTypes.catalogue.get(node.type)
  const isGenerator = nodeTypes.runtimes.get(node.type)?.role === 'generator-source'
  const hasProblem = useMoment(({ frame }) => frame.problems.some(({ nodeId }) => nodeId === id)) ?? false
  const classes = [card.card, card.wide, hasProblem && card.warn, selected && card.selected].filter(Boolean)
  return (
    <div className={classes.join(' ')} title={node.label}>
      <div className={card.head}>
        <NodeTile definition={definition} />
        <span className={card.type}>{tFrom(definition?.title ?? node.type)}</span>
        <span className={card.marks}>
          <StatusMark nodeId={id} hasProblem={hasProblem} />
        </span>
      </div>
      <div className={card.label}>{node.label}</div>
      <div className={card.digest}>
        <Facts nodeId={id} kind={definition?.kind ?? 'transform'} isGenerator={isGenerator} />
      </div>
      <div className={card.foot}>
        <Rates nodeId={id} kind={definition?.kind ?? 'transform'} />
      </div>
      {definition && <Ends definition={definition} node={node} />}
    </div>
  )
})

function StatusMark({ nodeId, hasProblem }: { readonly nodeId: string; readonly hasProblem: boolean }) {
  const rate = useMoment(({ nodes }) => {
    const node = nodes.get(nodeId)
    return node && node.inRate + node.outRate
  })
  if (hasProblem) return <Icon name="warn" size={13} className={card.toneWarn} label={t('has a problem')} />
  if (rate === undefined) return null
  return rate > 0 ? (
    <Icon name="ok" size={13} className={card.toneOk} label={t('active')} />
  ) : (
    <Icon name="idle" size={13} className={card.toneMute} label={t('no events now')} />
  )
}

interface LineProps {
  readonly nodeId: string
  readonly kind: NodeDefinition['kind']
}

/** The third line: lag and delay of a source, what waits before a sink, else latencies. */
function Facts({ nodeId, kind, isGenerator }: LineProps & { readonly isGenerator: boolean }) {
  const text = useMoment((moment) => {
    const node = moment.nodes.get(nodeId)
    if (node === undefined) return t('no figures yet')
    if (isGenerator) return t('makes events')
    if (kind === 'source') return sourceFacts(lagOf(moment, nodeId, ['source']), moment.at, node.watermark)
    const waiting = lagOf(moment, nodeId, ['outbox'])
    if (waiting !== null && waiting > 0)
      return t('{waiting} wait to be written', { waiting: formatShortCount(waiting) })
    if (node.p50 === null || node.p99 === null)
      return node.in > 0 ? t('nothing passes now') : t('nothing passed yet')
    return `p50 ${formatDuration(node.p50)} · p99 ${formatDuration(node.p99)}`
  })
  return text ?? t('no figures yet')
}

function sourceFacts(lag: number | null, at: number, watermark: number | null): string {
  const behind = watermark === null ? '' : ` · ${formatDuration(at - watermark)}`
  return lag === null
    ? t('reads nothing now')
    : t('lag {lag}{behind}', { lag: formatShortCount(lag), behind })
}

function Rates({ nodeId, kind }: LineProps) {
  const node = useMoment(({ nodes }) => nodes.get(nodeId))
  if (node === undefined) return <span className={card.quiet}>–</span>
  return (
    <>
      {kind !== 'source' && formatRate(node.inRate)}
      <Icon name="arrow" size={10} label={t('out')} />
      {formatRate(node.outRate)}/s
      {node.errorRate > 0 ? (
        <span className={`${card.special} ${card.errors}`}>
          {t('{errorRate} err/s', { errorRate: formatRate(node.errorRate) })}
        </span>
      ) : (
        node.late > 0 && (
          <span className={card.special}>{t('{late} late', { late: formatShortCount(node.late) })}</span>
        )
      )}
    </>
  )
}

/** Where edges end; nothing can be connected here. */
function Ends({ definition, node }: { readonly definition: NodeDefinition; readonly node: GraphNode }) {
  const outputs = openOutputs(definition, node)
  const plain = outputs.filter(({ optional }) => !optional)
  const extra = outputs.filter(({ optional }) => optional)
  const at = (i: number, count: number) => `${((i + 1) / (count + 1)) * 100}%`
  return (
    <>
      {definition.inputs.map(({ name }, i) => (
        <Handle
          key={name}
          id={name}
          type="target"
          position={Position.Left}
          className={styles.end}
          style={{ top: at(i, definition.inputs.length) }}
        />
      ))}
      {plain.map(({ name }, i) => (
        <Handle
          key={name}
          id={name}
          type="source"
          position={Position.Right}
          className={styles.end}
          style={{ top: at(i, plain.length) }}
        />
      ))}
      {extra.map(({ name }, i) => (
        <Handle
          key={name}
          id={name}
          type="source"
          position={Position.Bottom}
          className={styles.end}
          style={{ left: at(i, extra.length) }}
        />
      ))}
    </>
  )
}
