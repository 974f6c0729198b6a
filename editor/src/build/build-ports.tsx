import type { GraphNode, NodeDefinition, PortDefinition } from '@millrace/graph'
import { Handle, Position, useUpdateNodeInternals } from '@xyflow/react'
import { memo, useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import { useLanguage } from '../i18n/language.ts'
import { t, tFrom } from '../i18n/t.ts'
import { useDrawnOutputs } from '../workspace/drawn-outputs.ts'
import { useDocument, useFacts, useWorkspace } from '../workspace/workspace.ts'
import { useConnecting } from './build-context.ts'
import styles from './canvas.module.css'
import { portKey } from './connect-store.ts'

/** What the ports of a card may be told. */
export interface BuildPortsProps {
  readonly node: GraphNode
  readonly definition: NodeDefinition
  readonly isSelected: boolean
}

/** A node's ports: inputs at the left, outputs at the right, optional outputs below. */
export const BuildPorts = memo(function BuildPorts({ node, definition, isSelected }: BuildPortsProps) {
  useLanguage()
  const outputs = useDrawnOutputs(definition, node)
  useMeasuredAnew(node.id, outputs.map(({ name }) => name).join(' '))
  const plain = outputs.filter(({ optional }) => !optional)
  const extra = outputs.filter(({ optional }) => optional)
  const common = { nodeId: node.id, isSelected }
  return (
    <>
      {definition.inputs.map((port, i) => (
        <Port
          key={port.name}
          {...common}
          port={port}
          side={Position.Left}
          at={share(i, definition.inputs.length)}
        />
      ))}
      {plain.map((port, i) => (
        <Port
          key={port.name}
          {...common}
          port={port}
          isClosed={port.isClosed}
          side={Position.Right}
          at={share(i, plain.length)}
        />
      ))}
      {extra.map((port, i) => (
        <Port key={port.name} {...common} port={port} side={Position.Bottom} at={share(i, extra.length)} />
      ))}
    </>
  )
})

/**
 * React Flow measures where ports are once; edges must follow when ports come, go or change places. Not at first: each
 * call makes React Flow look at all nodes, so that to open many would take time with the square of their number.
 */
function useMeasuredAnew(nodeId: string, ports: string): void {
  const measure = useUpdateNodeInternals()
  const measured = useRef(ports)
  useEffect(() => {
    if (measured.current === ports) return
    measured.current = ports
    measure(nodeId)
  }, [measure, nodeId, ports])
}

interface PortProps {
  readonly nodeId: string
  readonly port: PortDefinition
  readonly side: Position.Left | Position.Right | Position.Bottom
  readonly at: string
  readonly isSelected: boolean
  /** Nothing comes out of it any more; an edge was left behind. */
  readonly isClosed?: boolean
}

function Port({ nodeId, port, side, at, isSelected, isClosed = false }: PortProps) {
  const isInput = side === Position.Left
  const look = usePortLook({ nodeId, port, isInput })
  const isShown = side !== Position.Bottom || isSelected || look.isConnected || look.hasEvents
  const classes = [
    styles.port,
    side === Position.Bottom && styles.optionalPort,
    isShown && styles.shown,
    isSelected && styles.portLit,
    (look.isMissing || isClosed) && styles.portMissing,
    look.verdict === true && styles.portValid,
    look.verdict === false && styles.portRefused,
  ].filter(Boolean)
  return (
    <Handle
      id={port.name}
      type={isInput ? 'target' : 'source'}
      position={side}
      isConnectableStart={!isClosed}
      className={classes.join(' ')}
      style={side === Position.Bottom ? { left: at } : { top: at }}
      data-port={`${isInput ? 'in' : 'out'}:${port.name}`}
    >
      <span className={styles.portLabel} data-side={side}>
        {isClosed ? t('Not in the settings any more') : tFrom(port.label)}
      </span>
    </Handle>
  )
}

function usePortLook({ nodeId, port, isInput }: { nodeId: string; port: PortDefinition; isInput: boolean }) {
  const { preview } = useWorkspace()
  const isConnected = useDocument(({ graph }) =>
    graph.edges.some(({ from, to }) =>
      isInput ? to.node === nodeId && to.port === port.name : from.node === nodeId && from.port === port.name,
    ),
  )
  const isMissing = useFacts(
    ({ analysis }) =>
      isInput &&
      !isConnected &&
      (analysis.issuesOf.get(nodeId)?.some(({ code }) => code === 'input_unconnected') ?? false),
  )
  const hasEvents = useStore(
    preview.store,
    ({ counts }) => port.name === 'late' && (counts.get(nodeId)?.late ?? 0) > 0,
  )
  const verdict = useConnecting(({ from, verdicts }) =>
    from === null || from.isOutput !== isInput
      ? undefined
      : verdicts.get(portKey({ node: nodeId, port: port.name }))?.ok,
  )
  return { isConnected, isMissing, hasEvents, verdict }
}

function share(index: number, count: number): string {
  return `${((index + 1) / (count + 1)) * 100}%`
}
