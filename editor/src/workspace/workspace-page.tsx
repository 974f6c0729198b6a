import { notifications } from '@mantine/notifications'
import type { PipelineBody } from '@millrace/contracts'
import { parseGraph } from '@millrace/graph'
import { useEffect, useState } from 'react'
import { Outlet, useParams, useSearchParams } from 'react-router'
import { PageError } from '../errors/page-error.tsx'
import { useLanguage } from '../i18n/language.ts'
import { t } from '../i18n/t.ts'
import { TourStrip } from '../tour/tour-strip.tsx'
import { useTourWatcher } from '../tour/tour-watcher.ts'
import { useTitle } from '../ui/use-title.ts'
import { Banners } from './banners.tsx'
import { BrokenDraft } from './broken-draft.tsx'
import { type Draft, readDraft, readLive } from './documents.ts'
import { LeaveGuard } from './leave-guard.tsx'
import { nodeTypes } from './node-types.ts'
import { usePipeline } from './pipeline-queries.ts'
import { TopBar } from './top-bar.tsx'
import styles from './workspace.module.css'
import { openWorkspace, useDocument, useView, type Workspace, WorkspaceContext } from './workspace.ts'

/** The frame of one open pipeline; Build, Monitor and History share what it holds. */
export function WorkspacePage() {
  useLanguage()
  const { pipelineId = '' } = useParams()
  const { data, error, refetch, isFetchedAfterMount } = usePipeline(pipelineId)
  // What an earlier visit has left in the cache may be older than the draft.
  if (data === undefined || !isFetchedAfterMount) {
    return error ? (
      <PageError error={error} onRetry={() => void refetch()} />
    ) : (
      <p className="visually-hidden">{t('Loading')}</p>
    )
  }
  return <LoadedPipeline key={pipelineId} pipeline={data} />
}

function LoadedPipeline({ pipeline }: { readonly pipeline: PipelineBody }) {
  const [draft] = useState(() => readDraft(pipeline.draft, nodeTypes.catalogue))
  if (draft !== null) return <OpenPipeline pipeline={pipeline} draft={draft} />
  const parsed = parseGraph(pipeline.draft.graph)
  return <BrokenDraft pipeline={pipeline} issues={parsed.ok ? [] : parsed.issues} />
}

function OpenPipeline({ pipeline, draft }: { readonly pipeline: PipelineBody; readonly draft: Draft }) {
  const workspace = useOpenWorkspace(pipeline, draft)
  useFollowServer(workspace, pipeline)
  if (workspace === null) return null
  return (
    <WorkspaceContext value={workspace}>
      <div className={styles.page}>
        <PageTitle />
        <Announcer />
        <TopBar />
        <TourStrip />
        <TourWatcher />
        <Banners />
        <div className={styles.content}>
          <Outlet />
        </div>
        <LeaveGuard />
      </div>
    </WorkspaceContext>
  )
}

/** Opened in an effect, so that what it starts is also stopped. */
function useOpenWorkspace(pipeline: PipelineBody, draft: Draft): Workspace | null {
  const [params] = useSearchParams()
  const [workspace, setWorkspace] = useState<Workspace | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: opened once; what changes later is followed elsewhere
  useEffect(() => {
    const opened = openWorkspace({
      pipelineId: pipeline.id,
      live: readLive(pipeline.live),
      draft,
      nodeTypes,
      selected: params.getAll('node'),
    })
    setWorkspace(opened)
    return () => opened.dispose()
  }, [])
  return workspace
}

/** Takes over what others published, and their newer draft where nothing here is unsaved. */
function useFollowServer(workspace: Workspace | null, pipeline: PipelineBody): void {
  useEffect(() => {
    if (workspace === null) return
    workspace.setLive(readLive(pipeline.live))
    const { phase, revision } = workspace.saver.getState()
    if (phase !== 'saved' || pipeline.draft.revision <= revision) return
    const newer = readDraft(pipeline.draft, nodeTypes.catalogue)
    if (newer !== null) {
      workspace.saver.takeTheirs(newer)
      notifications.show({
        message: t('{savedBy} saved a newer draft. It is shown now.', { savedBy: newer.savedBy }),
      })
    }
  }, [workspace, pipeline])
}

/** Tells the tour what is done here. */
function TourWatcher() {
  useTourWatcher()
  return null
}

function PageTitle() {
  useTitle(useDocument(({ graph }) => graph.name))
  return null
}

/** Reads out what happens on the canvas. */
function Announcer() {
  const announcement = useView((view) => view.announcement)
  return (
    <div className="visually-hidden" role="status" data-testid="announcement">
      {announcement}
    </div>
  )
}
