import { Button, Checkbox, Textarea, TextInput } from '@mantine/core'
import type { PipelineTest } from '@millrace/graph'
import { serializeGraph } from '@millrace/graph'
import { useState } from 'react'
import { useStore } from 'zustand'
import { t } from '../i18n/t.ts'
import { Notice } from '../ui/notice.tsx'
import { useDocument, useWorkspace } from '../workspace/workspace.ts'
import { patchTest, readTest, removeTest, testText } from './edit-tests.ts'
import { Expectations } from './expectations.tsx'
import { StepTable } from './step-table.tsx'
import styles from './tests.module.css'

/** What can be done to the parts of a test. */
export type PatchTest = (patch: Partial<PipelineTest>, label: string) => void

/** One test: its name, its events, what it expects, and what came of it. */
export function TestDetail({
  test,
  onRemoved,
}: {
  readonly test: PipelineTest
  readonly onRemoved: () => void
}) {
  const { document, tests: runs } = useWorkspace()
  const result = useStore(runs.store, (state) => state.results.get(test.id))
  const [isText, setText] = useState(false)
  const patch: PatchTest = (change, label) => {
    const { graph } = document.getState()
    document.edit(patchTest(graph, test.id, change), { label, fold: `test:${test.id}:${label}` })
  }
  const remove = () => {
    document.edit(removeTest(document.getState().graph, test.id), { label: t('Remove a test') })
    onRemoved()
  }
  return (
    <section className={styles.detail} aria-label={t('Test {name}', { name: test.name })}>
      <div className={styles.head}>
        <TextInput
          size="xs"
          aria-label={t('Name of the test')}
          className="grow"
          maxLength={200}
          value={test.name}
          onChange={(event) => patch({ name: event.currentTarget.value }, t('Rename a test'))}
        />
        <Checkbox
          size="xs"
          label={t('Close windows at the end')}
          checked={test.closeWindows}
          onChange={(event) =>
            patch({ closeWindows: event.currentTarget.checked }, t('Change the end of a test'))
          }
        />
        <Button size="xs" variant="default" onClick={() => setText(!isText)}>
          {isText ? t('Edit as a form') : t('Edit as text')}
        </Button>
        <SaveAsFile />
        <Button size="xs" variant="default" color="err" onClick={remove}>
          {t('Remove')}
        </Button>
      </div>
      {result?.problem && (
        <Notice tone="err">{t('This test did not run. {problem}', { problem: result.problem })}</Notice>
      )}
      {isText ? (
        <TestAsText test={test} onDone={() => setText(false)} />
      ) : (
        <>
          <Expectations test={test} result={result} patch={patch} />
          <StepTable test={test} patch={patch} />
        </>
      )}
    </section>
  )
}

/** The pipeline with its tests, for `millrace test` on the command line. */
function SaveAsFile() {
  const graph = useDocument((state) => state.graph)
  const save = () => {
    const url = URL.createObjectURL(new Blob([serializeGraph(graph)], { type: 'application/json' }))
    const link = window.document.createElement('a')
    link.href = url
    link.download = `${graph.name.replace(/[^\p{L}\p{N}]+/gu, '-').toLowerCase() || 'pipeline'}.json`
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <Button size="xs" variant="default" title={t('Run it with: millrace test <file>')} onClick={save}>
      {t('Save as a file')}
    </Button>
  )
}

function TestAsText({ test, onDone }: { readonly test: PipelineTest; readonly onDone: () => void }) {
  const { document } = useWorkspace()
  const [text, setText] = useState(() => testText(test))
  const [problem, setProblem] = useState<string | null>(null)
  const take = () => {
    const read = readTest(text, test.id)
    if (typeof read === 'string') {
      setProblem(read)
      return
    }
    document.edit(patchTest(document.getState().graph, test.id, read), { label: t('Edit a test as text') })
    onDone()
  }
  return (
    <div className={styles.text}>
      {problem && (
        <Notice tone="err" urgent>
          {problem}
        </Notice>
      )}
      <Textarea
        aria-label={t('The test as JSON')}
        autosize
        minRows={8}
        maxRows={24}
        spellCheck={false}
        classNames={{ input: styles.code ?? '' }}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button size="xs" onClick={take}>
        {t('Take over')}
      </Button>
    </div>
  )
}
