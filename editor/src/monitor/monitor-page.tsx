import { useLanguage } from '../i18n/language.ts'
import { t } from '../i18n/t.ts'
import '@xyflow/react/dist/base.css'
import '../canvas/flow.css'
import { Button } from '@mantine/core'
import { ReactFlowProvider } from '@xyflow/react'
import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import { EmptyState } from '../ui/empty-state.tsx'
import { onlySelected } from '../workspace/view-store.ts'
import { useFacts, useView, useWorkspace } from '../workspace/workspace.ts'
import { connectLive } from './live-connection.ts'
import { createLiveStore } from './live-store.ts'
import styles from './monitor.module.css'
import { MonitorCanvas } from './monitor-canvas.tsx'
import { LiveContext } from './monitor-context.ts'
import { NodeDetail } from './node-detail.tsx'
import { PipelineDetail } from './pipeline-detail.tsx'
import { StatusStrip } from './status-strip.tsx'

/** How a published pipeline runs: the same picture with rates, what is wrong in words, figures of the selected node. */
export function MonitorPage() {
  useLanguage()
  const { pipelineId } = useWorkspace()
  const live = useFacts((facts) => facts.live)
  const selected = useView(onlySelected)
  const [store] = useState(createLiveStore)
  const isPublished = live !== null
  useEffect(
    () => (isPublished ? connectLive({ pipelineId, store }) : undefined),
    [pipelineId, store, isPublished],
  )
  if (live === null) return <NothingRuns pipelineId={pipelineId} />
  const node = live.graph.nodes.find(({ id }) => id === selected)
  return (
    <LiveContext value={store}>
      <ReactFlowProvider>
        <div className={styles.page}>
          <StatusStrip />
          <MonitorCanvas graph={live.graph} />
          {node ? <NodeDetail key={node.id} node={node} /> : <PipelineDetail graph={live.graph} />}
        </div>
      </ReactFlowProvider>
    </LiveContext>
  )
}

function NothingRuns({ pipelineId }: { readonly pipelineId: string }) {
  return (
    <main className={styles.empty}>
      <EmptyState
        icon="half"
        title={t('Nothing runs yet')}
        action={
          <Button component={Link} to={`/pipelines/${pipelineId}`} variant="default">
            {t('Back to Build')}
          </Button>
        }
      >
        {t(
          'This pipeline was never published. Press Publish on the Build page; then its rates, lag, watermarks and latency are shown here.',
        )}
      </EmptyState>
    </main>
  )
}
