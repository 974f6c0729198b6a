import { Button, Checkbox } from '@mantine/core'
import type { ProposedFieldsBody } from '@millrace/contracts'
import { useState } from 'react'
import { counted } from '../../format/numbers.ts'
import { t } from '../../i18n/t.ts'
import styles from './proposed-fields.module.css'

/** A field as it stands in a schema table. */
export interface FieldRow {
  readonly name: string
  readonly type: string
}

/** Fields of which fewer values can be read are not taken unless somebody says so. */
const SURE_ENOUGH = 0.9

/** What the list may be told. */
export interface ProposedFieldsProps {
  readonly proposed: Pick<ProposedFieldsBody, 'fields' | 'issues'>
  /** What was read, in words. */
  readonly words: string
  /** How many fields are replaced. */
  readonly standing: number
  /** Absent where there is no place for the fields: they are only shown. */
  readonly onTake?: ((rows: readonly FieldRow[]) => void) | undefined
}

/** Fields that a sample or a schema suggests, to choose from. */
export function ProposedFields({ proposed, words, standing, onTake }: ProposedFieldsProps) {
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
      <p role="status">{words}</p>
      {fields.length > 0 && (
        <ul className={styles.fields} aria-label={t('Proposed fields')}>
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
        <ul className={styles.remarks} aria-label={t('What else to know')}>
          {issues.map(({ path, message }) => (
            <li key={`${path.join('.')} ${message}`}>
              {path.length > 0 && (
                <code>
                  {path.join('.')}
                  {': '}
                </code>
              )}
              {message}
            </li>
          ))}
        </ul>
      )}
      <div className={styles.actions}>
        {onTake && standing > 0 && (
          <p className="caption">
            {t('Replaces the {fields} that stand there.', { fields: counted(standing, 'field') })}
          </p>
        )}
        {onTake && (
          <Button
            disabled={taken.length === 0}
            onClick={() => onTake(taken.map(({ name, type }) => ({ name, type })))}
          >
            {t('Take {fields}', { fields: counted(taken.length, 'field') })}
          </Button>
        )}
      </div>
    </>
  )
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
      <Checkbox size="xs" aria-label={t('Take {name}', { name })} checked={isTaken} onChange={onToggle} />
      <code className={styles.name}>{name}</code>
      <code className={styles.type}>{type}</code>
      <span className={confidence < SURE_ENOUGH ? styles.unsure : styles.sure}>{percent(confidence)}</span>
      {(values || remarks.length > 0) && (
        <p className={styles.more}>
          {[...(values ? [t('One of {values}.', { values: values.join(', ') })] : []), ...remarks].join(' ')}
        </p>
      )}
    </li>
  )
}

/** Rounded down: 100% is all. */
function percent(share: number): string {
  return `${Math.floor(share * 100)}%`
}
