import { Button } from '@mantine/core'
import { formatType } from '@millrace/expr'
import { useMutation } from '@tanstack/react-query'
import { fetchSample, jsonOf } from '../../connections/topic-sample.ts'
import { counted } from '../../format/numbers.ts'
import { wordsOf } from '../../http/api-error.ts'
import styles from '../form.module.css'
import { useForm } from '../form-context.ts'
import { inferFields } from '../infer-fields.ts'
import { siblingValue } from '../siblings.ts'

/** So many records decide on the fields. */
const SAMPLED = 500

/** What the button may be told. */
export interface SampleFieldsProps {
  /** Where the schema table stands: connection and topic stand beside it. */
  readonly path: readonly string[]
  readonly onFields: (rows: readonly { readonly name: string; readonly type: string }[]) => void
}

/** Fills a schema table from records of the topic that is chosen beside it. */
export function SampleFields({ path, onFields }: SampleFieldsProps) {
  const { config } = useForm()
  const connection = siblingValue(config, path, 'connection')
  const topic = siblingValue(config, path, 'topic')
  const sample = useMutation({
    mutationFn: async () => {
      const { records } = await fetchSample({
        connection,
        topic,
        limit: SAMPLED,
        partition: null,
        from: 'latest',
      })
      return { count: records.length, ...inferFields(records.map(({ value }) => jsonOf(value))) }
    },
    onSuccess({ fields }) {
      if (fields.length > 0) onFields(fields.map(({ name, type }) => ({ name, type: formatType(type) })))
    },
  })
  const isReady = connection !== '' && topic !== ''
  return (
    <>
      <Button
        size="xs"
        variant="light"
        disabled={!isReady}
        loading={sample.isPending}
        onClick={() => sample.mutate()}
      >
        Sample fields
      </Button>
      <p className={styles.hint} role="status">
        {sample.error && wordsOf(sample.error)}
        {sample.data && wordsOfSample(sample.data)}
        {!isReady && 'Choose a connection and a topic to sample its fields.'}
      </p>
    </>
  )
}

interface Sampled extends ReturnType<typeof inferFields> {
  readonly count: number
}

function wordsOfSample({ count, fields, skipped, unread }: Sampled): string {
  if (count === 0) return 'The topic is empty: there is nothing to learn the fields from. Name them by hand.'
  const parts = [`${counted(fields.length, 'field')} from ${counted(count, 'record')}.`]
  if (unread > 0) parts.push(`${counted(unread, 'record was', 'records were')} no JSON objects.`)
  if (skipped.length > 0) parts.push(`Left out, because their type is not clear: ${skipped.join(', ')}.`)
  return parts.join(' ')
}
