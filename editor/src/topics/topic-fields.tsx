import { Radio, Stack } from '@mantine/core'
import type { ProposedFieldsBody, SampleRecord } from '@millrace/contracts'
import { useMemo, useState } from 'react'
import { bytesOf } from '../connections/topic-sample.ts'
import { type FieldRow, ProposedFields } from '../form/controls/proposed-fields.tsx'
import { counted, formatShare } from '../format/numbers.ts'
import { formatDuration } from '../format/times.ts'
import { t } from '../i18n/t.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { type EventTimeProposal, proposeEventTime } from './propose-event-time.ts'
import { textOf } from './record-kind.ts'
import styles from './topic-browser.module.css'

/** What is taken over from a topic. */
export interface TakenTopic {
  readonly fields: readonly FieldRow[]
  /** The field with the event time; null: the timestamp of the record. */
  readonly eventTime: string | null
  /** How far events of the sample were behind newer ones, ms; null where no field was chosen. */
  readonly outOfOrderness: number | null
}

/** What the fields of a topic may be told. */
export interface TopicFieldsProps {
  readonly proposed: ProposedFieldsBody
  readonly records: readonly SampleRecord[]
  /** How many fields are replaced. */
  readonly standing: number
  readonly onTake?: (taken: TakenTopic) => void
}

/** The fields that the records suggest, and which of them may hold the event time. */
export function TopicFields({ proposed, records, standing, onTake }: TopicFieldsProps) {
  const times = useMemo(
    () =>
      proposeEventTime(
        proposed.fields.flatMap(({ name, type }) =>
          /^(timestamp|int64)/.test(type) ? [{ name, isTimestamp: type.startsWith('timestamp') }] : [],
        ),
        records.map(({ partition, timestamp, value }) => ({ partition, timestamp, json: jsonOf(value) })),
      ),
    [proposed, records],
  )
  const [time, setTime] = useState<string | null>(times[0]?.field ?? null)
  if (proposed.fields.length === 0) {
    return (
      <EmptyState icon="select" title={t('No fields to learn')}>
        {t(
          'None of the {records} that were read is a JSON object. Name the fields by hand, or take them from a schema.',
          { records: counted(records.length, 'record') },
        )}
      </EmptyState>
    )
  }
  const chosen = times.find(({ field }) => field === time)
  return (
    <div className={styles.fields}>
      <Radio.Group
        label={t('Event time')}
        description={t('When an event happened; windows and joins go by it.')}
        size="xs"
        value={time ?? ''}
        onChange={(value) => setTime(value === '' ? null : value)}
      >
        <Stack gap={4} mt={6}>
          {times.map((proposal) => (
            <Radio
              key={proposal.field}
              size="xs"
              value={proposal.field}
              label={proposal.field}
              description={wordsOf(proposal)}
            />
          ))}
          <Radio
            size="xs"
            value=""
            label={t('Timestamp of the record')}
            description={t('When it was written to Kafka, not when it happened.')}
          />
        </Stack>
      </Radio.Group>
      <ProposedFields
        proposed={proposed}
        words={t('{fields} from {records}.', {
          fields: counted(proposed.fields.length, 'field'),
          records: counted(proposed.read, 'record'),
        })}
        standing={standing}
        onTake={
          onTake &&
          ((fields) => {
            const isKept = fields.some(({ name }) => name === time)
            onTake({
              fields,
              eventTime: isKept ? time : null,
              outOfOrderness: isKept ? (chosen?.outOfOrderness ?? null) : null,
            })
          })
        }
      />
    </div>
  )
}

function wordsOf({ share, outOfOrderness, delay }: EventTimeProposal): string {
  const behind =
    outOfOrderness === 0
      ? t('in order in this sample')
      : t('up to {outOfOrderness} out of order in this sample', {
          outOfOrderness: formatDuration(outOfOrderness),
        })
  const distance = formatDuration(Math.abs(delay))
  const written =
    delay < 0
      ? t('written {distance} before that time', { distance })
      : t('written {distance} later', { distance })
  const missing = share < 1 ? `; in ${formatShare(share)} of the records` : ''
  return `${behind}; ${written}${missing}`
}

function jsonOf(value: string | null): unknown {
  const bytes = bytesOf(value)
  try {
    return bytes === null ? undefined : JSON.parse(textOf(bytes) ?? '')
  } catch {
    return undefined
  }
}
