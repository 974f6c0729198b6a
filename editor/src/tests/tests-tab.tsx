import { Button, Checkbox } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useStore } from 'zustand'
import { t } from '../i18n/t.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Icon } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import { makeId } from '../workspace/make-id.ts'
import { useDocument, useWorkspace } from '../workspace/workspace.ts'
import { addTest, emptyTest, requireTests, testsOf } from './edit-tests.ts'
import { TestDetail } from './test-detail.tsx'
import styles from './tests.module.css'

const RecordDialog = lazy(async () => ({ default: (await import('./record-dialog.tsx')).RecordDialog }))

/** The tests of the pipeline: a list at the left, the chosen one at the right. */
export function TestsTab() {
  const { document, tests: runs } = useWorkspace()
  const graph = useDocument((state) => state.graph)
  const { cases, required } = testsOf(graph)
  const problem = useStore(runs.store, (state) => state.problem)
  const [chosen, setChosen] = useState<string | null>(null)
  const [records, setRecords] = useState(false)
  const test = cases.find(({ id }) => id === chosen) ?? cases[0]
  const write = () => {
    const added = emptyTest(makeId('test'), t('Test {cases}', { cases: cases.length + 1 }))
    document.edit(addTest(graph, added), { label: t('Add a test') })
    setChosen(added.id)
  }
  return (
    <div className={styles.tab}>
      <div className={styles.bar}>
        <Button size="xs" leftSection={<Icon name="plus" size={12} />} onClick={write}>
          {t('Write a test')}
        </Button>
        <Button size="xs" variant="default" onClick={() => setRecords(true)}>
          {t('Record events…')}
        </Button>
        <Button size="xs" variant="default" disabled={cases.length === 0} onClick={() => runs.run()}>
          {t('Run all')}
        </Button>
        <Verdict />
        <span className="grow" />
        <Checkbox
          size="xs"
          label={t('Publish only with green tests')}
          checked={required}
          onChange={(event) =>
            document.edit(requireTests(graph, event.currentTarget.checked), {
              label: t('Change whether tests are required'),
            })
          }
        />
      </div>
      {problem && <Notice tone="err">{problem}</Notice>}
      {test === undefined ? (
        <NoTests />
      ) : (
        <div className={styles.split}>
          <TestList chosen={test.id} onChoose={setChosen} />
          <TestDetail key={test.id} test={test} onRemoved={() => setChosen(null)} />
        </div>
      )}
      {records && (
        <Suspense>
          <RecordDialog
            onClose={() => setRecords(false)}
            onRecorded={(id) => {
              setChosen(id)
              setRecords(false)
            }}
          />
        </Suspense>
      )}
    </div>
  )
}

function NoTests() {
  return (
    <EmptyState icon="flask" title={t('No tests yet')}>
      {t(
        'A test is a list of events and what must come of them. Write one by hand, or record events of your topic, then say what must come out of some node. It runs anew on every edit, here and before each publish.',
      )}
    </EmptyState>
  )
}

function Verdict() {
  const { tests: runs } = useWorkspace()
  const status = useStore(runs.store, (state) => state.status)
  const results = useStore(runs.store, (state) => state.results)
  const failed = [...results.values()].filter(({ passed }) => !passed).length
  const words =
    results.size === 0
      ? ''
      : failed === 0
        ? t('All {size} pass', { size: results.size })
        : t('{failed} of {size} fail', { failed, size: results.size })
  return (
    <span role="status" className={`small ${failed > 0 ? styles.err : styles.ok}`}>
      {status === 'running' ? t('Running') : words}
    </span>
  )
}

function TestList({
  chosen,
  onChoose,
}: {
  readonly chosen: string
  readonly onChoose: (id: string) => void
}) {
  const { tests: runs } = useWorkspace()
  const cases = useDocument(({ graph }) => graph.tests?.cases ?? NONE)
  const results = useStore(runs.store, (state) => state.results)
  return (
    <ul className={styles.list} aria-label={t('Tests')}>
      {cases.map(({ id, name, steps }) => {
        const passed = results.get(id)?.passed
        const [icon, tone, words] =
          passed === undefined
            ? (['half', '', t('Not run')] as const)
            : passed
              ? (['ok', styles.ok, t('Passes')] as const)
              : (['err', styles.err, t('Fails')] as const)
        return (
          <li key={id}>
            <button
              type="button"
              className={`${styles.entry} ${id === chosen ? styles.on : ''}`}
              aria-current={id === chosen}
              onClick={() => onChoose(id)}
            >
              <Icon name={icon} size={14} className={`${tone}`} label={words} />
              <span className="grow ellipsis">{name || t('No name')}</span>
              <span className="caption num">{steps.length}</span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}

const NONE: readonly never[] = []
