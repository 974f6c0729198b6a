import { Button, Modal } from '@mantine/core'
import type { DeploymentBody, VersionBody, VersionRow } from '@millrace/contracts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { formatAgo, formatDateTime } from '../format/times.ts'
import { wordsOf } from '../http/api-error.ts'
import { request, segment } from '../http/request.ts'
import { useLanguage } from '../i18n/language.ts'
import { t } from '../i18n/t.ts'
import { describeDiff } from '../publish/describe-diff.ts'
import { DiffTable } from '../publish/diff-table.tsx'
import { Chip } from '../ui/chip.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Notice } from '../ui/notice.tsx'
import { useNow } from '../ui/use-now.ts'
import { readGraph } from '../workspace/documents.ts'
import { useDeployment } from '../workspace/pipeline-queries.ts'
import { useWorkspace } from '../workspace/workspace.ts'
import styles from './history.module.css'
import { RollBackDialog } from './roll-back-dialog.tsx'

/** The versions of a pipeline, what changed between them, and what happened. */
export function HistoryPage() {
  useLanguage()
  const { pipelineId } = useWorkspace()
  const { data: deployment } = useDeployment(pipelineId)
  const versions = useQuery({
    queryKey: ['pipeline', pipelineId, 'versions'],
    queryFn: ({ signal }) =>
      request<readonly VersionRow[]>(`/pipelines/${segment(pipelineId)}/versions`, { signal }),
  })
  return (
    <main className={styles.page}>
      <section aria-labelledby="versions-title">
        <h2 id="versions-title">{t('Versions')}</h2>
        {versions.error && <Notice tone="err">{wordsOf(versions.error)}</Notice>}
        {versions.data?.length === 0 && (
          <div className="card">
            <EmptyState icon="half" title={t('Never published')}>
              {t(
                'Each publish freezes the draft as a version. Versions never change, and you can go back to any of them.',
              )}
            </EmptyState>
          </div>
        )}
        <ol className={styles.versions}>
          {versions.data?.map((row, i, all) => (
            <Version
              key={row.version}
              row={row}
              before={all[i + 1]?.version ?? null}
              isRunning={isRunning(deployment)}
            />
          ))}
        </ol>
      </section>
      <Events deployment={deployment} />
    </main>
  )
}

function isRunning(deployment: DeploymentBody | undefined): boolean {
  return deployment !== undefined && deployment.state !== 'stopped'
}

interface VersionProps {
  readonly row: VersionRow
  /** The version before this one. */
  readonly before: number | null
  readonly isRunning: boolean
}

function Version({ row, before, isRunning: mayRollBack }: VersionProps) {
  const { version, publishedAt, publishedBy, live } = row
  const now = useNow()
  const [showsDiff, setShowsDiff] = useState(false)
  const [rollsBack, setRollsBack] = useState(false)
  return (
    <li className={`card ${styles.version}`}>
      <div className="row">
        <span className="strong num">v{version}</span>
        {live && (
          <Chip small tone="ok" icon="live">
            {t('live')}
          </Chip>
        )}
        <span className="second" title={formatDateTime(publishedAt)}>
          {t('{publishedAt} by {publishedBy}', { publishedAt: formatAgo(publishedAt, now), publishedBy })}
        </span>
        <span className="grow" />
        {before !== null && (
          <Button
            size="sm"
            variant="subtle"
            aria-expanded={showsDiff}
            onClick={() => setShowsDiff(!showsDiff)}
          >
            {showsDiff ? t('Hide changes') : t('Changes since v{before}', { before })}
          </Button>
        )}
        {!live && mayRollBack && (
          <Button size="sm" variant="default" onClick={() => setRollsBack(true)}>
            {t('Roll back to this')}
          </Button>
        )}
      </div>
      {showsDiff && before !== null && <VersionDiff before={before} after={version} />}
      {rollsBack && (
        <Modal
          opened
          onClose={() => setRollsBack(false)}
          title={t('Roll back to version {version}', { version })}
          size={640}
        >
          <RollBackDialog version={version} onClose={() => setRollsBack(false)} />
        </Modal>
      )}
    </li>
  )
}

function useVersion(version: number) {
  const { pipelineId } = useWorkspace()
  return useQuery({
    queryKey: ['pipeline', pipelineId, 'version', version],
    queryFn: ({ signal }) =>
      request<VersionBody>(`/pipelines/${segment(pipelineId)}/versions/${version}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

function VersionDiff({ before, after }: { readonly before: number; readonly after: number }) {
  const { nodeTypes } = useWorkspace()
  const earlier = useVersion(before)
  const later = useVersion(after)
  const error = earlier.error ?? later.error
  if (error) return <Notice tone="err">{wordsOf(error)}</Notice>
  if (!earlier.data || !later.data) return <p className="caption">{t('Loading')}</p>
  const graph = readGraph(later.data.graph)
  if (graph === null)
    return <Notice tone="err">{t('Version {after} cannot be read by this Millrace.', { after })}</Notice>
  const { summary, rows } = describeDiff(readGraph(earlier.data.graph), graph, nodeTypes.catalogue)
  return (
    <>
      <p className="small second">{summary}</p>
      {rows.length > 0 && <DiffTable rows={rows} beforeTitle={`v${before}`} afterTitle={`v${after}`} />}
    </>
  )
}

function Events({ deployment }: { readonly deployment: DeploymentBody | undefined }) {
  const now = useNow()
  const events = deployment?.history ?? []
  return (
    <section aria-labelledby="events-title">
      <h2 id="events-title">{t('What happened')}</h2>
      {events.length === 0 ? (
        <p className="second">{t('Nothing yet.')}</p>
      ) : (
        <ol className={styles.events}>
          {events.map(({ at, kind, message }) => (
            <li key={`${at} ${kind} ${message}`}>
              <time
                className="caption nowrap"
                dateTime={new Date(at).toISOString()}
                title={formatDateTime(at)}
              >
                {formatAgo(at, now)}
              </time>
              <span>{message}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
