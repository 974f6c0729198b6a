import { Button, NativeSelect, SegmentedControl } from '@mantine/core'
import type { SampleRecord } from '@millrace/contracts'
import { maskRecord } from '@millrace/graph'
import { useMemo, useState } from 'react'
import { bytesOf } from '../connections/topic-sample.ts'
import { formatCount } from '../format/numbers.ts'
import { formatClock, formatIso } from '../format/times.ts'
import { t } from '../i18n/t.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Icon } from '../ui/icon.tsx'
import { JsonText } from '../ui/json-text.tsx'
import { hexOf, textOf } from './record-kind.ts'
import styles from './topic-browser.module.css'

/** Which records are read. */
export interface RecordRange {
  /** Null: all. */
  readonly partition: number | null
  readonly from: 'latest' | 'earliest'
}

/** What the list of records may be told. */
export interface TopicRecordsProps {
  readonly records: readonly SampleRecord[]
  readonly partitions: number
  readonly sensitive: ReadonlySet<string>
  readonly range: RecordRange
  readonly isReading: boolean
  readonly onRange: (range: RecordRange) => void
  readonly onReread: () => void
}

/** Partitions offered one by one; a topic with more is read over all. */
const OFFERED = 1_000

/** Records with key, offset and time; the latest first, each in full on request, as text or as bytes. */
export function TopicRecords(props: TopicRecordsProps) {
  const { records, partitions, sensitive, range, isReading, onRange, onReread } = props
  const [isRaw, setRaw] = useState(false)
  const sorted = useMemo(() => inOrder(records, range.from), [records, range.from])
  const numbers = Array.from({ length: Math.min(partitions, OFFERED) }, (_, i) => String(i))
  return (
    <>
      <div className="row">
        <SegmentedControl
          size="xs"
          aria-label={t('Which records')}
          data={[
            { value: 'latest', label: t('Latest') },
            { value: 'earliest', label: t('Earliest') },
          ]}
          value={range.from}
          onChange={(from) => onRange({ ...range, from: from as RecordRange['from'] })}
        />
        <NativeSelect
          size="xs"
          aria-label={t('Partition')}
          data={[
            { value: '', label: t('All partitions') },
            ...numbers.map((value) => ({ value, label: t('Partition {value}', { value }) })),
          ]}
          value={range.partition === null ? '' : String(range.partition)}
          onChange={({ currentTarget: { value } }) =>
            onRange({ ...range, partition: value === '' ? null : Number(value) })
          }
        />
        <SegmentedControl
          size="xs"
          aria-label={t('How values are shown')}
          data={[
            { value: 'text', label: t('Text') },
            { value: 'raw', label: t('Raw') },
          ]}
          value={isRaw ? 'raw' : 'text'}
          onChange={(value) => setRaw(value === 'raw')}
        />
        <span className="grow" />
        {sensitive.size > 0 && (
          <span className="caption">
            <Icon name="mask" size={12} /> {t('sensitive fields are masked')}
          </span>
        )}
        <Button size="xs" variant="default" loading={isReading} onClick={onReread}>
          {t('Read anew')}
        </Button>
      </div>
      {sorted.length === 0 && !isReading ? (
        <EmptyState icon="inbox" title={t('No records')}>
          {t('There is nothing to show here')}
          {range.partition === null
            ? ''
            : ` ${t('in partition {partition}', { partition: range.partition })}`}
          .
        </EmptyState>
      ) : (
        <RecordTable records={sorted} isRaw={isRaw} sensitive={sensitive} />
      )}
    </>
  )
}

function inOrder(records: readonly SampleRecord[], from: RecordRange['from']): readonly SampleRecord[] {
  const oldestFirst = records.toSorted((a, b) => a.timestamp - b.timestamp || a.offset - b.offset)
  return from === 'latest' ? oldestFirst.reverse() : oldestFirst
}

interface RecordTableProps extends Pick<TopicRecordsProps, 'records' | 'sensitive'> {
  readonly isRaw: boolean
}

function RecordTable({ records, isRaw, sensitive }: RecordTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <div className={styles.scroll} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>{t('Time')}</th>
            <th className="right">{t('Partition')}</th>
            <th className="right">{t('Offset')}</th>
            <th>{t('Key')}</th>
            <th>{t('Value')}</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <RecordRow
              key={`${record.partition}/${record.offset}`}
              record={record}
              isRaw={isRaw}
              sensitive={sensitive}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface RecordRowProps {
  readonly record: SampleRecord
  readonly isRaw: boolean
  readonly sensitive: ReadonlySet<string>
}

function RecordRow({ record, isRaw, sensitive }: RecordRowProps) {
  const [isOpen, setOpen] = useState(false)
  const { partition, offset, timestamp } = record
  const { key, value } = useMemo(() => shown(record, isRaw, sensitive), [record, isRaw, sensitive])
  return (
    <>
      <tr>
        <td className="num nowrap" title={formatIso(timestamp)}>
          {formatClock(timestamp)}
        </td>
        <td className="num right">{partition}</td>
        <td className="num right">{formatCount(offset)}</td>
        <td className={`mono ${styles.key}`} title={key ?? undefined}>
          {key ?? <span className="second">{t('none')}</span>}
        </td>
        <td className={`mono ${styles.value}`}>
          {value === null ? (
            <span className="second">{t('none (a tombstone)')}</span>
          ) : (
            <button
              type="button"
              className={styles.open}
              aria-expanded={isOpen}
              title={t('Record {partition}/{offset} in full', { partition, offset })}
              onClick={() => setOpen(!isOpen)}
            >
              {value.slice(0, 400)}
            </button>
          )}
        </td>
      </tr>
      {isOpen && value !== null && (
        <tr>
          <td colSpan={5}>
            <JsonText text={value} />
          </td>
        </tr>
      )}
    </>
  )
}

/** With sensitive fields there are no raw bytes: they would tell what is masked. */
function shown({ key, value }: SampleRecord, isRaw: boolean, sensitive: ReadonlySet<string>) {
  const [keyBytes, valueBytes] = [bytesOf(key), bytesOf(value)]
  if (isRaw && sensitive.size === 0)
    return { key: keyBytes && hexOf(keyBytes), value: valueBytes && hexOf(valueBytes) }
  return maskRecord({ key: readable(keyBytes), value: readable(valueBytes) }, sensitive)
}

function readable(bytes: Uint8Array | null): string | null {
  return bytes && (textOf(bytes) ?? hexOf(bytes))
}
