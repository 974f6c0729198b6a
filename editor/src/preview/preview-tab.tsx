import { findNode } from '@millrace/graph'
import { useStore } from 'zustand'
import { t } from '../i18n/t.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Notice } from '../ui/notice.tsx'
import { onlySelected } from '../workspace/view-store.ts'
import { useDocument, useFacts, useView, useWorkspace } from '../workspace/workspace.ts'
import { NodeResult } from './node-result.tsx'
import styles from './preview.module.css'
import type { Sample } from './take-sample.ts'

/** What the sample does in the selected node, or why there is nothing to see. */
export function PreviewTab() {
  const { preview } = useWorkspace()
  const problem = useStore(preview.store, (state) => state.problem)
  const samples = useStore(preview.store, (state) => state.samples)
  const nodeId = useView(onlySelected)
  return (
    <div className={styles.tab}>
      {problem && <Notice tone="err">{problem}</Notice>}
      {!problem && <SampleProblems samples={[...samples.values()]} />}
      {nodeId === null ? <NothingSelected /> : <SelectedNode nodeId={nodeId} />}
    </div>
  )
}

function NothingSelected() {
  const isEmpty = useDocument(({ graph }) => graph.nodes.length === 0)
  return (
    <EmptyState icon="flow" title={isEmpty ? t('Nothing to preview yet') : t('Select a node')}>
      {isEmpty
        ? t(
            'Add a source first. Real events of its topic then pass through every node you draw, and nothing is written.',
          )
        : t(
            'Here you see which events go into it and come out, what it drops and why. The counts on the cards are of the same sample.',
          )}
    </EmptyState>
  )
}

function SelectedNode({ nodeId }: { readonly nodeId: string }) {
  const { preview } = useWorkspace()
  const rows = useStore(preview.store, (state) => state.rows)
  const status = useStore(preview.store, (state) => state.status)
  if (rows === null || rows.nodeId !== nodeId) {
    return status === 'ready' ? null : (
      <EmptyState icon="clock" title={t('One moment')}>
        {t('The topics are being read.')}
      </EmptyState>
    )
  }
  if (rows.preview === null) return <DidNotRun nodeId={nodeId} />
  return <NodeResult nodeId={nodeId} preview={rows.preview} />
}

/** Why a node did not run: its own problem, or one before it. */
function DidNotRun({ nodeId }: { readonly nodeId: string }) {
  const { view } = useWorkspace()
  const own = useFacts(({ analysis }) =>
    analysis.issuesOf.get(nodeId)?.find(({ severity }) => severity === 'error'),
  )
  const culprit = useFirstBrokenBefore(nodeId)
  if (own !== undefined) {
    return (
      <EmptyState
        icon="err"
        title={t('This node does not run yet')}
        action={
          <button type="button" className={styles.link} onClick={() => view.reveal(nodeId, own.path)}>
            {t('Show where')}
          </button>
        }
      >
        {own.message}
      </EmptyState>
    )
  }
  if (culprit === null) {
    return (
      <EmptyState title={t('This node did not run')}>{t('The last preview did not reach it.')}</EmptyState>
    )
  }
  return (
    <EmptyState
      icon="err"
      title={t('Nothing arrives here yet')}
      action={
        <button type="button" className={styles.link} onClick={() => view.reveal(culprit.id)}>
          {t('Go to {label}', { label: culprit.label })}
        </button>
      }
    >
      {t('“{label}” before it has a problem, so no events get here.', { label: culprit.label })}
    </EmptyState>
  )
}

function useFirstBrokenBefore(nodeId: string): { readonly id: string; readonly label: string } | null {
  const graph = useDocument((state) => state.graph)
  const issuesOf = useFacts(({ analysis }) => analysis.issuesOf)
  const isBroken = (id: string) => issuesOf.get(id)?.some(({ severity }) => severity === 'error') ?? false
  const seen = new Set([nodeId])
  for (const id of seen) {
    if (id !== nodeId && isBroken(id)) return { id, label: findNode(graph, id)?.label ?? id }
    for (const { from, to } of graph.edges) if (to.node === id) seen.add(from.node)
  }
  return null
}

/** What the sample itself lacks: a topic that cannot be read, is empty, or was cut. */
function SampleProblems({ samples }: { readonly samples: readonly Sample[] }) {
  const words = samples.flatMap((sample) => wordsOf(sample) ?? [])
  if (words.length === 0) return null
  return <Notice tone="warn">{words.join(' ')}</Notice>
}

function wordsOf({ need, records, problem, isCut }: Sample): string | null {
  if (need.kind === 'generator') return null
  if (problem !== null)
    return t('The topic {topic} cannot be sampled: {problem}', { topic: need.topic, problem })
  if (records.length === 0)
    return t('The topic {topic} holds no events, so there is nothing to show. Resample once some arrive.', {
      topic: need.topic,
    })
  if (need.kind === 'reference' && isCut) {
    return t(
      'Of the reference {topic} only the first {records} records are in the sample, so look-ups may miss here that will not miss when it runs.',
      { topic: need.topic, records: records.length },
    )
  }
  return null
}
