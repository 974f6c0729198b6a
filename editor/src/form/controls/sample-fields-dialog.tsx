import { Button, Checkbox } from '@mantine/core'
import type { ProposedFieldsBody } from '@millrace/contracts'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { fetchSample } from '../../connections/topic-sample.ts'
import { counted } from '../../format/numbers.ts'
import { wordsOf } from '../../http/api-error.ts'
import { Notice } from '../../ui/notice.tsx'
import styles from './sample-fields-dialog.module.css'

/** A field as it stands in a schema table. */
export interface FieldRow {
  readonly name: string
  readonly type: string
}

/** So many records decide on the fields. */
const SAMPLED = 500
/** Fields of which fewer values can be read are not taken unless somebody says so. */
const SURE_ENOUGH = 0.9

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
        label="Exact decimals for numbers with a fraction"
        checked={exact}
        onChange={(event) => setExact(event.currentTarget.checked)}
      />
      {proposed === undefined ? (
        <p role="status">Reading records</p>
      ) : (
        <Proposal key={fields} proposed={proposed} standing={standing} onTake={onTake} />
      )}
    </div>
  )
}

interface ProposalProps extends Pick<SampleFieldsDialogProps, 'standing' | 'onTake'> {
  readonly proposed: ProposedFieldsBody
}

function Proposal({ proposed, standing, onTake }: ProposalProps) {
  const { fields, issues } = proposed
  const [left, setLeft] = useState<ReadonlySet<string>>(
    () => new Set(fields.flatMap(({ name, confidence }) => (confidence < SURE_ENOUGH ? [name] : []))),
  )
  const taken = fields.filter(({ name }) => !left.has(name))
  const toggle = (name: string) => {
    const next = new Set(left)
    if (!next.delete(name)) next.add(name)
    setLeft(next)
  }
  return (
    <>
      <p role="status">{wordsOfReading(proposed)}</p>
      {fields.length > 0 && (
        <ul className={styles.fields} aria-label="Proposed fields">
          {fields.map((field) => (
            <FieldLine
              key={field.name}
              field={field}
              isTaken={!left.has(field.name)}
              onToggle={() => toggle(field.name)}
            />
          ))}
        </ul>
      )}
      {issues.length > 0 && (
        <ul className={styles.remarks} aria-label="What else to know">
          {issues.map(({ path, message }) => (
            <li key={`${path.join('.')} ${message}`}>
              {path.length > 0 && <code>{path.join('.')}: </code>}
              {message}
            </li>
          ))}
        </ul>
      )}
      <div className={styles.actions}>
        {standing > 0 && (
          <p className="caption">Replaces the {counted(standing, 'field')} that stand there.</p>
        )}
        <Button
          disabled={taken.length === 0}
          onClick={() => onTake(taken.map(({ name, type }) => ({ name, type })))}
        >
          Take {counted(taken.length, 'field')}
        </Button>
      </div>
    </>
  )
}

function wordsOfReading({ fields, read, unread }: ProposedFieldsBody): string {
  if (read + unread === 0)
    return 'The topic is empty: there is nothing to learn the fields from. Name them by hand.'
  const found = `${counted(fields.length, 'field')} from ${counted(read, 'record')}.`
  if (unread === 0) return found
  return `${found} ${counted(unread, 'record was', 'records were')} no JSON objects.`
}

interface FieldLineProps {
  readonly field: ProposedFieldsBody['fields'][number]
  readonly isTaken: boolean
  readonly onToggle: () => void
}

function FieldLine({ field, isTaken, onToggle }: FieldLineProps) {
  const { name, type, confidence, values, remarks } = field
  return (
    <li className={styles.field}>
      <Checkbox size="xs" aria-label={`Take ${name}`} checked={isTaken} onChange={onToggle} />
      <code className={styles.name}>{name}</code>
      <code className={styles.type}>{type}</code>
      <span className={confidence < SURE_ENOUGH ? styles.unsure : styles.sure}>{percent(confidence)}</span>
      {(values || remarks.length > 0) && (
        <p className={styles.more}>
          {[...(values ? [`One of ${values.join(', ')}.`] : []), ...remarks].join(' ')}
        </p>
      )}
    </li>
  )
}

/** Rounded down: 100% is all. */
function percent(share: number): string {
  return `${Math.floor(share * 100)}%`
}
