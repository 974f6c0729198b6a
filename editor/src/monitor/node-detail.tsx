import { Button, Tabs } from '@mantine/core'
import type { GraphNode } from '@millrace/graph'
import { lazy, Suspense, useState } from 'react'
import { Link } from 'react-router'
import { NodeTile } from '../canvas/node-tile.tsx'
import { t, tFrom } from '../i18n/t.ts'
import { Icon } from '../ui/icon.tsx'
import { useWorkspace } from '../workspace/workspace.ts'
import { DeadLettersList } from './dead-letters.tsx'
import styles from './monitor.module.css'
import { useMoment } from './monitor-context.ts'
import { NodeFigures } from './node-figures.tsx'
import { WhySilent } from './why-silent.tsx'

const LookInside = lazy(async () => ({
  default: (await import('../look-inside/look-inside.tsx')).LookInside,
}))
const LiveEvents = lazy(async () => ({ default: (await import('./live-events.tsx')).LiveEvents }))
const NodeCharts = lazy(async () => ({ default: (await import('./node-charts.tsx')).NodeCharts }))

/** The figures of the selected node: counters, charts, partitions, dead letters, and what a sink holds. */
export function NodeDetail({ node }: { readonly node: GraphNode }) {
  const { nodeTypes } = useWorkspace()
  const [tab, setTab] = useState<string | null>('overview')
  const errors = useMoment(({ nodes }) => nodes.get(node.id)?.errors) ?? 0
  const isSearchable = nodeTypes.runtimes.get(node.type)?.role === 'outbox-sink'
  return (
    <section className={styles.detail} aria-label={t('Figures of {label}', { label: node.label })}>
      <Tabs className={styles.detailTabs} value={tab} onChange={setTab} keepMounted={false}>
        <DetailHead node={node}>
          <Tabs.List className={styles.tabList}>
            <Tabs.Tab value="overview">{t('Overview')}</Tabs.Tab>
            <Tabs.Tab value="events">{t('Live events')}</Tabs.Tab>
            <Tabs.Tab value="errors">
              {t('Errors')} <span className={styles.count}>{errors}</span>
            </Tabs.Tab>
            {isSearchable && <Tabs.Tab value="look-inside">{t('Look inside')}</Tabs.Tab>}
          </Tabs.List>
        </DetailHead>
        <Tabs.Panel value="overview" className={styles.tabBody} tabIndex={0}>
          <WhySilent nodeId={node.id} />
          <div className={styles.columns}>
            <NodeFigures nodeId={node.id} />
            <Suspense fallback={<div />}>
              <NodeCharts nodeId={node.id} />
            </Suspense>
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="events" className={styles.tabBody} tabIndex={0}>
          <Suspense>
            <LiveEvents nodeId={node.id} />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="errors" className={styles.tabBody} tabIndex={0}>
          <DeadLettersList nodeId={node.id} />
        </Tabs.Panel>
        {isSearchable && (
          <Tabs.Panel value="look-inside" className={styles.tabBody} tabIndex={0}>
            <Suspense>
              <LookInside nodeId={node.id} />
            </Suspense>
          </Tabs.Panel>
        )}
      </Tabs>
    </section>
  )
}

function DetailHead({ node, children }: { readonly node: GraphNode; readonly children: React.ReactNode }) {
  const { nodeTypes, pipelineId } = useWorkspace()
  const definition = nodeTypes.catalogue.get(node.type)
  return (
    <div className={styles.detailHead}>
      <NodeTile definition={definition} large />
      <div className="grow">
        <h2 className="ellipsis">{node.label}</h2>
        <div className="caption">{tFrom(definition?.title ?? node.type)}</div>
      </div>
      {children}
      <Button
        component={Link}
        to={`/pipelines/${pipelineId}?node=${node.id}`}
        size="sm"
        variant="default"
        leftSection={<Icon name="pen" size={14} />}
      >
        {t('Open in editor')}
      </Button>
    </div>
  )
}
