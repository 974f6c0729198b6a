import type { TestResult } from '@millrace/engine'
import { useStore } from 'zustand'
import { t } from '../i18n/t.ts'
import { Icon } from '../ui/icon.tsx'
import { useWorkspace } from '../workspace/workspace.ts'
import styles from './tests.module.css'

/** On the card of a node: that an expectation of a test does not hold there, and how it differs. Nothing where all do. */
export function TestMark({ nodeId }: { readonly nodeId: string }) {
  const { tests } = useWorkspace()
  const words = useStore(tests.store, ({ results }) => failureAt(nodeId, results))
  if (words === null) return null
  return <Icon name="flask" size={13} className={`${styles.err}`} label={words} />
}

/** What a test finds wrong at a node, in words; null where nothing is. */
export function failureAt(nodeId: string, results: ReadonlyMap<string, TestResult>): string | null {
  const found = [...results.values()].flatMap(({ name, expectations }) =>
    expectations
      .filter((one) => !one.passed && one.nodeId === nodeId)
      .map(({ message }) => t('The test “{name}” fails here: {message}.', { name, message })),
  )
  return found.length === 0 ? null : found.join(' ')
}
