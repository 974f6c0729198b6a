import { ActionIcon, Tabs } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { t } from '../i18n/t.ts'
import { PathTab } from '../preview/path-tab.tsx'
import { PreviewTab } from '../preview/preview-tab.tsx'
import { SampleFacts } from '../preview/sample-facts.tsx'
import { TimelineTab } from '../preview/timeline-tab.tsx'
import { useIsWindow } from '../preview/use-is-window.ts'
import { Icon } from '../ui/icon.tsx'
import { Splitter } from '../ui/splitter.tsx'
import { DOCK_HEIGHT, type DockTab } from '../workspace/view-store.ts'
import { useDocument, useFacts, useView, useWorkspace } from '../workspace/workspace.ts'
import styles from './dock.module.css'
import { ProblemsTab } from './problems-tab.tsx'

const TestsTab = lazy(async () => ({ default: (await import('../tests/tests-tab.tsx')).TestsTab }))

/** The dock below the canvas: what the sample does in the selected node, all problems, and the tests. */
export function Dock() {
  const { view } = useWorkspace()
  const isOpen = useView(({ isDockOpen }) => isDockOpen)
  const tab = useView(({ dockTab }) => dockTab)
  const size = useView(({ dockHeight }) => dockHeight)
  const problems = useFacts(({ analysis }) => analysis.issues.length)
  const tests = useDocument(({ graph }) => graph.tests?.cases.length ?? 0)
  const isWindow = useIsWindow()
  const shown = tab === 'timeline' && !isWindow ? 'preview' : tab
  const open = (next: DockTab) => view.setState({ dockTab: next, isDockOpen: true })
  return (
    <section className={styles.dock} aria-label={t('Preview and problems')}>
      {isOpen && (
        <Splitter
          label={t('Dock')}
          edge="top"
          size={size}
          {...DOCK_HEIGHT}
          onResize={(dockHeight) => view.setState({ dockHeight })}
        />
      )}
      <Tabs
        className={styles.tabs}
        value={isOpen ? shown : null}
        keepMounted={false}
        onChange={(next) => next && open(next as DockTab)}
      >
        <div className={styles.head}>
          <Tabs.List className={styles.list}>
            <Tabs.Tab value="preview" onClick={() => open('preview')}>
              {t('Preview')}
            </Tabs.Tab>
            {isWindow && (
              <Tabs.Tab value="timeline" onClick={() => open('timeline')}>
                {t('Timeline')}
              </Tabs.Tab>
            )}
            <Tabs.Tab value="path" onClick={() => open('path')}>
              {t('Path')}
            </Tabs.Tab>
            <Tabs.Tab value="problems" onClick={() => open('problems')}>
              {t('Problems')} <span className={styles.count}>{problems}</span>
            </Tabs.Tab>
            <Tabs.Tab value="tests" onClick={() => open('tests')}>
              {t('Tests')} <span className={styles.count}>{tests}</span>
            </Tabs.Tab>
          </Tabs.List>
          <span className="grow" />
          <SampleFacts />
          <ActionIcon
            size="xs"
            variant="subtle"
            aria-label={isOpen ? t('Close the dock') : t('Open the dock')}
            aria-expanded={isOpen}
            onClick={() => view.setState({ isDockOpen: !isOpen })}
          >
            <Icon name={isOpen ? 'down' : 'up'} size={12} />
          </ActionIcon>
        </div>
        <Tabs.Panel value="preview" className={styles.body}>
          <PreviewTab />
        </Tabs.Panel>
        <Tabs.Panel value="timeline" className={styles.body}>
          <TimelineTab />
        </Tabs.Panel>
        <Tabs.Panel value="path" className={styles.body}>
          <PathTab />
        </Tabs.Panel>
        <Tabs.Panel value="problems" className={styles.body}>
          <ProblemsTab />
        </Tabs.Panel>
        <Tabs.Panel value="tests" className={styles.body}>
          <Suspense>{tab === 'tests' && <TestsTab />}</Suspense>
        </Tabs.Panel>
      </Tabs>
    </section>
  )
}
