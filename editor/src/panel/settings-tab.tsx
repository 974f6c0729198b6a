import { editConfig, type GraphNode, type NodeConfig, type NodeDefinition } from '@millrace/graph'
import { useEffect, useMemo, useRef } from 'react'
import { useStore } from 'zustand'
import { useConnections } from '../connections/connection-queries.ts'
import { ConfigForm } from '../form/config-form.tsx'
import { FieldIssues } from '../form/field-issues.tsx'
import { type Form, FormContext } from '../form/form-context.ts'
import { listHelpOf } from '../form/list-help.ts'
import { formatCount, formatShare } from '../format/numbers.ts'
import { t } from '../i18n/t.ts'
import { useSampleValues } from '../preview/use-field-sample.ts'
import { Notice } from '../ui/notice.tsx'
import { useDocument, useFacts, useView, useWorkspace } from '../workspace/workspace.ts'
import styles from './side-panel.module.css'

const NO_PATH: readonly string[] = []

/** What the settings of a node may be told. */
export interface SettingsTabProps {
  readonly node: GraphNode
  readonly definition: NodeDefinition | undefined
}

/** The form of a node's settings, made from the schema of its type. */
export function SettingsTab({ node, definition }: SettingsTabProps) {
  const form = useNodeForm(node, definition)
  const focus = useView((view) => view.focus)
  const shownPath = focus?.nodeId === node.id ? focus.path : NO_PATH
  const body = useFocusedSetting(shownPath, focus?.serial ?? 0)
  if (definition === undefined) {
    return (
      <Notice tone="err">
        {t(
          'This Millrace does not know the node type “{type}”. It may come from a newer version. The node and its settings are kept as they are.',
          { type: node.type },
        )}
      </Notice>
    )
  }
  return (
    <FormContext value={form}>
      <div ref={body} className={styles.settings}>
        <FieldIssues issues={form.issues.filter(({ path }) => path.length === 0)} />
        <ConfigForm schema={definition.config} shownPath={shownPath} />
        <EffectOnSample nodeId={node.id} />
      </div>
    </FormContext>
  )
}

function useNodeForm(node: GraphNode, definition: NodeDefinition | undefined): Form {
  const { document, pipelineId } = useWorkspace()
  const { data: connections = [] } = useConnections()
  const issues = useFacts(({ analysis }) => analysis.issuesOf.get(node.id))
  const schemas = useFacts(({ analysis }) => analysis.schemas.get(node.id))
  const samplesAt = useSampleValues(node.id)
  const connectedPorts = useConnectedPorts(node.id)
  return useMemo(
    () => ({
      pipelineId,
      nodeId: node.id,
      config: node.config,
      issues: issues ?? [],
      connections,
      connectedPorts,
      fieldsAt(port) {
        const known =
          port === undefined ? undefined : (own(schemas?.inputs, port) ?? own(schemas?.outputs, port))
        return known?.fields ?? null
      },
      samplesAt,
      listHelp: (path) => listHelpOf(definition, node.config, path, { schemas, samplesAt }),
      set(path, value, { label, isStep = false } = {}) {
        const latest = document.getState().graph.nodes.find(({ id }) => id === node.id)?.config ?? node.config
        const edit =
          value === undefined ? ({ kind: 'remove', path } as const) : ({ kind: 'set', path, value } as const)
        const config = editConfig(latest, edit)
        if (config === null) return
        document.edit(
          { kind: 'set-config', nodeId: node.id, config },
          {
            label: label ?? t('Change {label}', { label: node.label }),
            ...(!isStep && { fold: `${node.id}/${path.join('/')}` }),
          },
        )
      },
      setAll(values, label) {
        const latest = document.getState().graph.nodes.find(({ id }) => id === node.id)?.config ?? node.config
        const config = values.reduce<NodeConfig | null>(
          (edited, [path, value]) => edited && editConfig(edited, { kind: 'set', path, value }),
          latest,
        )
        if (config !== null) document.edit({ kind: 'set-config', nodeId: node.id, config }, { label })
      },
      leave: () => document.closeStep(),
      applyFix({ fix }) {
        if (fix) document.edit(fix.change, { label: fix.label })
      },
    }),
    [document, pipelineId, node, definition, connections, connectedPorts, issues, schemas, samplesAt],
  )
}

function useConnectedPorts(nodeId: string): readonly string[] {
  const edges = useDocument(({ graph }) => graph.edges)
  return useMemo(
    () => edges.flatMap(({ from }) => (from.node === nodeId ? [from.port] : [])),
    [edges, nodeId],
  )
}

function own<T>(ports: { readonly [port: string]: T } | undefined, port: string): T | undefined {
  return ports && Object.hasOwn(ports, port) ? ports[port] : undefined
}

/** Brings the setting at a path into sight and puts the focus on it. */
function useFocusedSetting(path: readonly string[], serial: number) {
  const body = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each time that something leads here
  useEffect(() => {
    for (let length = path.length; length > 0; length--) {
      const at = CSS.escape(path.slice(0, length).join('/'))
      const field = body.current?.querySelector<HTMLElement>(`[data-path="${at}"]`)
      if (!field) continue
      field.scrollIntoView({ block: 'nearest' })
      inputOf(field)?.focus({ preventScroll: true })
      return
    }
  }, [serial])
  return body
}

/** What a setting is typed into, else the first thing to operate. */
const INPUTS = ['[contenteditable="true"]', 'input, textarea', 'button']

function inputOf(field: HTMLElement): HTMLElement | null {
  for (const selector of INPUTS) {
    const input = field.matches(selector) ? field : field.querySelector<HTMLElement>(selector)
    if (input !== null) return input
  }
  return null
}

/** How much of the sample a node dropped. */
function EffectOnSample({ nodeId }: { readonly nodeId: string }) {
  const { preview } = useWorkspace()
  const counts = useStore(preview.store, (state) => state.counts.get(nodeId))
  if (counts === undefined || counts.in === 0 || counts.dropped === 0) return null
  const share = counts.dropped / counts.in
  return (
    <div>
      <div className={styles.effect}>
        <span className="grow">{t('Effect on the sample')}</span>
        <span className="num">
          {t('{dropped} of {in} dropped · {share}', {
            dropped: formatCount(counts.dropped),
            in: formatCount(counts.in),
            share: formatShare(share),
          })}
        </span>
      </div>
      <div className={styles.bar} aria-hidden="true">
        <i style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  )
}
