import { Radio, TextInput } from '@mantine/core'
import type { StartFrom } from '@millrace/contracts'
import { useId } from 'react'
import { type Message, msg, t } from '../i18n/t.ts'
import styles from './workspace.module.css'

export type { StartFrom }

const CHOICES = [
  { kind: 'earliest', label: msg('From the oldest event that is kept') },
  { kind: 'latest', label: msg('Only events from now on') },
  { kind: 'time', label: msg('From a time') },
] as const satisfies readonly { kind: StartFrom['kind']; label: Message }[]

const HOUR = 3_600_000

/** Where reading begins. */
export function StartPosition({
  value,
  onChange,
}: {
  readonly value: StartFrom
  readonly onChange: (value: StartFrom) => void
}) {
  const choose = (kind: string) => {
    onChange(
      kind === 'time'
        ? { kind, time: Date.now() - HOUR }
        : { kind: kind === 'earliest' ? 'earliest' : 'latest' },
    )
  }
  return (
    <Radio.Group label={t('Read the topics')} value={value.kind} onChange={choose}>
      <div className={styles.choices}>
        {CHOICES.map(({ kind, label }) => (
          <Radio key={kind} value={kind} label={t(label)} size="sm" />
        ))}
      </div>
      {value.kind === 'time' && (
        <TimeField
          label={t('Events since')}
          value={value.time}
          onChange={(time) => time !== null && onChange({ kind: 'time', time })}
        />
      )}
    </Radio.Group>
  )
}

/** What a field for a point in time may be told. */
export interface TimeFieldProps {
  readonly label: string
  /** Epoch ms. */
  readonly value: number | null
  readonly onChange: (value: number | null) => void
}

/** A point in time, in local time. */
export function TimeField({ label, value, onChange }: TimeFieldProps) {
  const id = useId()
  return (
    <TextInput
      id={id}
      type="datetime-local"
      step={1}
      label={label}
      description={t('In your local time')}
      value={value === null ? '' : toLocalText(value)}
      onChange={(event) => {
        const time = new Date(event.currentTarget.value).getTime()
        onChange(Number.isNaN(time) ? null : time)
      }}
    />
  )
}

/** `2026-01-31T14:02:31` in local time, as the browser's field wants it. */
function toLocalText(ms: number): string {
  const shifted = ms - new Date(ms).getTimezoneOffset() * 60_000
  return new Date(shifted).toISOString().slice(0, 19)
}
