import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import styles from '../form.module.css'
import { useForm } from '../form-context.ts'
import { siblingValue } from '../siblings.ts'
import { type FieldRow, SampleFieldsDialog } from './sample-fields-dialog.tsx'

/** What the button may be told. */
export interface SampleFieldsProps {
  /** Where the schema table stands: connection and topic stand beside it. */
  readonly path: readonly string[]
  /** How many fields stand in the table, which are replaced. */
  readonly standing: number
  readonly onFields: (rows: readonly FieldRow[]) => void
}

/** Fills a schema table from records of the topic that is chosen beside it. */
export function SampleFields({ path, standing, onFields }: SampleFieldsProps) {
  const { config } = useForm()
  const [isOpen, setIsOpen] = useState(false)
  const connection = siblingValue(config, path, 'connection')
  const topic = siblingValue(config, path, 'topic')
  const isReady = connection !== '' && topic !== ''
  return (
    <>
      <Button size="xs" variant="light" disabled={!isReady} onClick={() => setIsOpen(true)}>
        From a sample
      </Button>
      {!isReady && <p className={styles.hint}>Choose a connection and a topic to learn its fields.</p>}
      <Modal opened={isOpen} onClose={() => setIsOpen(false)} title={`Fields of ${topic}`} size={720}>
        <SampleFieldsDialog
          connection={connection}
          topic={topic}
          standing={standing}
          onTake={(rows) => {
            setIsOpen(false)
            onFields(rows)
          }}
        />
      </Modal>
    </>
  )
}
