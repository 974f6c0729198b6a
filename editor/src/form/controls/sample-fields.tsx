import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { t } from '../../i18n/t.ts'
import styles from '../form.module.css'
import { useForm } from '../form-context.ts'
import { siblingValue } from '../siblings.ts'
import type { FieldRow } from './proposed-fields.tsx'
import { SampleFieldsDialog } from './sample-fields-dialog.tsx'
import { SchemaFieldsDialog } from './schema-fields-dialog.tsx'

/** What the buttons may be told. */
export interface SampleFieldsProps {
  /** Where the schema table stands: connection and topic stand beside it. */
  readonly path: readonly string[]
  /** How many fields stand in the table, which are replaced. */
  readonly standing: number
  /** `label` names the step for undo. */
  readonly onFields: (rows: readonly FieldRow[], label: string) => void
}

/** Fills a schema table from records of the topic that is chosen beside it, or from a schema of a registry. */
export function SampleFields({ path, standing, onFields }: SampleFieldsProps) {
  const { config } = useForm()
  const [open, setOpen] = useState<'sample' | 'schema' | null>(null)
  const connection = siblingValue(config, path, 'connection')
  const topic = siblingValue(config, path, 'topic')
  const take = (rows: readonly FieldRow[]) => {
    setOpen(null)
    onFields(rows, open === 'schema' ? t('Take fields from a schema') : t('Take fields from a sample'))
  }
  const isReady = connection !== '' && topic !== ''
  return (
    <>
      <Button size="xs" variant="light" disabled={!isReady} onClick={() => setOpen('sample')}>
        {t('From a sample')}
      </Button>
      <Button size="xs" variant="light" onClick={() => setOpen('schema')}>
        {t('From a schema')}
      </Button>
      {!isReady && <p className={styles.hint}>{t('Choose a connection and a topic to learn its fields.')}</p>}
      <Modal
        opened={open === 'sample'}
        onClose={() => setOpen(null)}
        title={t('Fields of {topic}', { topic })}
        size={720}
      >
        <SampleFieldsDialog connection={connection} topic={topic} standing={standing} onTake={take} />
      </Modal>
      <Modal
        opened={open === 'schema'}
        onClose={() => setOpen(null)}
        title={t('Fields of a schema')}
        size={720}
      >
        <SchemaFieldsDialog standing={standing} onTake={take} />
      </Modal>
    </>
  )
}
