import { Tabs } from '@mantine/core'
import type { DeploymentBody } from '@millrace/contracts'
import type { PipelineGraph } from '@millrace/graph'
import { lazy, Suspense, useState } from 'react'
import { formatDuration } from '../format/times.ts'
import { t } from '../i18n/t.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { useNow } from '../ui/use-now.ts'
import { useDeployment } from '../workspace/pipeline-queries.ts'
import { useWorkspace } from '../workspace/workspace.ts'
import { DeadLettersList } from './dead-letters.tsx'
import { ExecutorLimit } from './executor-limit.tsx'
import { HeldBackNotes } from './held-back-notes.tsx'
import styles from './monitor.module.css'

const PipelineCharts = lazy(async () => ({ default: (await import('./pipeline-charts.tsx')).PipelineCharts }))

/** The figures of the whole pipeline, while no node is selected. */
export function PipelineDetail({ graph }: { readonly graph: PipelineGraph }) {
  const [tab, setTab] = useState<string | null>('overview')
  return (
    <section className={styles.detail} aria-label={t('Figures of the pipeline')}>
      <Tabs className={styles.detailTabs} value={tab} onChange={setTab} keepMounted={false}>
        <div className={styles.detailHead}>
          <div className="grow">
            <h2>{t('The whole pipeline')}</h2>
            <div className="caption">{t('Select a node for its figures.')}</div>
          </div>
          <Tabs.List className={styles.tabList}>
            <Tabs.Tab value="overview">{t('Overview')}</Tabs.Tab>
            <Tabs.Tab value="tasks">{t('Tasks')}</Tabs.Tab>
            <Tabs.Tab value="errors">{t('Dead letters')}</Tabs.Tab>
          </Tabs.List>
        </div>
        <Tabs.Panel value="overview" className={styles.tabBody} tabIndex={0}>
          <HeldBackNotes graph={graph} />
          <Suspense fallback={<div />}>
            <PipelineCharts graph={graph} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="tasks" className={styles.tabBody} tabIndex={0}>
          <Tasks />
        </Tabs.Panel>
        <Tabs.Panel value="errors" className={styles.tabBody} tabIndex={0}>
          <DeadLettersList nodeId={null} />
        </Tabs.Panel>
      </Tabs>
    </section>
  )
}

function Tasks() {
  const { pipelineId } = useWorkspace()
  const { data } = useDeployment(pipelineId)
  return (
    <>
      {data && <ExecutorLimit pipelineId={pipelineId} maxExecutors={data.maxExecutors} />}
      <TaskTable tasks={data?.tasks ?? []} />
    </>
  )
}

function TaskTable({ tasks }: Pick<DeploymentBody, 'tasks'>) {
  const now = useNow(1_000)
  if (tasks.length === 0) {
    return (
      <EmptyState title={t('No task runs')}>
        {t('Either the pipeline is stopped, or no executor has taken its tasks yet.')}
      </EmptyState>
    )
  }
  return (
    <table className={styles.partitionTable}>
      <thead>
        <tr>
          <th>{t('Stage')}</th>
          <th>{t('Partition')}</th>
          <th>{t('State')}</th>
          <th>{t('For')}</th>
          <th>{t('Executor')}</th>
        </tr>
      </thead>
      <tbody>
        {tasks.map(({ stage, partition, state, since, executor }) => (
          <tr key={`${stage} ${partition}`}>
            <td className="mono">{stage}</td>
            <td className="num">{partition}</td>
            <td>{state}</td>
            <td className="num">{formatDuration(now - since)}</td>
            <td className="mono">{executor}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
