import { Checkbox } from '@mantine/core'
import type { ProposedFieldsBody } from '@millrace/contracts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { fetchSample } from '../../connections/topic-sample.ts'
import { counted } from '../../format/numbers.ts'
import { wordsOf } from '../../http/api-error.ts'
import { t } from '../../i18n/t.ts'
import { Notice } from '../../ui/notice.tsx'
import styles from './proposed-fields.module.css'
import { type FieldRow, ProposedFields } from './proposed-fields.tsx'

/** So many records decide on the fields. */
const SAMPLED = 500

interface SampleFieldsDialogProps {
  readonly connection: string
  readonly topic: string
  /** How many fields are replaced. */
  readonly standing: number
  readonly onTake: (rows: readonly FieldRow[]) => void
}

/** The fields that records of a topic suggest, to choose from. */
export function SampleFieldsDialog({ connection, topic, standing, onTake }: SampleFieldsDialogProps) {
  const [exact, setExact] = useState(false)
  const fields = exact ? 'decimal' : 'double'
  const sample = useQuery({
    queryKey: ['proposed-fields', connection, topic, fields],
    queryFn: ({ signal }) =>
      fetchSample({ connection, topic, limit: SAMPLED, partition: null, from: 'latest', fields }, signal),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (sample.error) return <Notice tone="err">{wordsOf(sample.error)}</Notice>
  const proposed = sample.data?.proposed
  return (
    <div className={styles.dialog}>
      <Checkbox
        size="xs"
        label={t('Exact decimals for numbers with a fraction')}
        checked={exact}
        onChange={(event) => setExact(event.currentTarget.checked)}
      />
      {proposed === undefined ? (
        <p role="status">{t('Reading records')}</p>
      ) : (
        <ProposedFields
          key={fields}
          proposed={proposed}
          words={wordsOfReading(proposed)}
          standing={standing}
          onTake={onTake}
        />
      )}
    </div>
  )
}

function wordsOfReading({ fields, read, unread }: ProposedFieldsBody): string {
  if (read + unread === 0)
    return t('The topic is empty: there is nothing to learn the fields from. Name them by hand.')
  const found = t('{fields} from {records}.', {
    fields: counted(fields.length, 'field'),
    records: counted(read, 'record'),
  })
  if (unread === 0) return found
  return t('{found} {records} no JSON objects.', {
    found,
    records: counted(unread, 'record was', 'records were'),
  })
}
