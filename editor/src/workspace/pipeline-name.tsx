import { TextInput, UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { t } from '../i18n/t.ts'
import styles from './top-bar.module.css'
import { useDocument, useWorkspace } from './workspace.ts'

/** The pipeline's name; a click makes it a field. Enter keeps, Escape gives up. */
export function PipelineName() {
  const { document } = useWorkspace()
  const name = useDocument(({ graph }) => graph.name)
  const [typed, setTyped] = useState<string | null>(null)
  if (typed === null) {
    return (
      <UnstyledButton
        className={styles.name}
        aria-label={t('Rename {name}', { name })}
        onClick={() => setTyped(name)}
      >
        {name}
      </UnstyledButton>
    )
  }
  const keep = () => {
    const next = typed.trim()
    if (next !== '' && next !== name) {
      document.edit({ kind: 'rename-pipeline', name: next }, { label: t('Rename the pipeline') })
    }
    setTyped(null)
  }
  return (
    <TextInput
      aria-label={t('Name of the pipeline')}
      size="sm"
      maxLength={200}
      autoFocus
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === 'Enter') keep()
        if (event.key === 'Escape') setTyped(null)
      }}
    />
  )
}
