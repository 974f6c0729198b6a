import { Button, Tabs } from '@mantine/core'
import type { SampleRecord, TopicFacts } from '@millrace/contracts'
import { useMemo, useState } from 'react'
import { bytesOf } from '../connections/topic-sample.ts'
import { counted, formatCount } from '../format/numbers.ts'
import { formatAgo, formatDuration } from '../format/times.ts'
import { wordsOf } from '../http/api-error.ts'
import { t } from '../i18n/t.ts'
import { Chip } from '../ui/chip.tsx'
import { Notice } from '../ui/notice.tsx'
import { judgeTopic } from './judge-topic.ts'
import styles from './topic-browser.module.css'
import { type TakenTopic, TopicFields } from './topic-fields.tsx'
import { TopicPartitions } from './topic-partitions.tsx'
import { useTopicFacts, useTopicRecords } from './topic-queries.ts'
import { type RecordRange, TopicRecords } from './topic-records.tsx'

/** What the detail of a topic may be told. */
export interface TopicDetailProps {
  readonly connection: string
  readonly topic: string
  /** Whose lag is shown. */
  readonly pipelineId: string
  /** Names of members that are masked. */
  readonly sensitive: ReadonlySet<string>
  readonly onChoose: (topic: string) => void
  /** Takes the fields of the topic too; absent where there is no place for them. */
  readonly onTake?: (topic: string, taken: TakenTopic) => void
  readonly standing: number
}

/** One topic: how much is in it, its latest records, partitions, and the fields that the records suggest. */
export function TopicDetail(props: TopicDetailProps) {
  const { connection, topic, pipelineId, sensitive, onChoose, onTake, standing } = props
  const [range, setRange] = useState<RecordRange>({ partition: null, from: 'latest' })
  const facts = useTopicFacts(connection, topic, pipelineId)
  const sample = useTopicRecords({ connection, topic, ...range })
  const records = sample.data?.records ?? NO_RECORDS
  const verdict = useMemo(() => judgeTopic(records.map(({ value }) => bytesOf(value))), [records])
  const error = sample.error ?? facts.error
  return (
    <section className={styles.detail} aria-label={t('Topic {topic}', { topic })}>
      <div className="row">
        <h3 className="grow ellipsis" title={topic}>
          {topic}
        </h3>
        <Button size="xs" onClick={() => onChoose(topic)}>
          {t('Use this topic')}
        </Button>
      </div>
      {facts.data && <Facts facts={facts.data} newest={newestOf(records)} />}
      {error && (
        <Notice tone="err">{t('The topic cannot be read: {error}', { error: wordsOf(error) })}</Notice>
      )}
      {sample.data && <Notice tone={verdict.tone}>{verdict.words}</Notice>}
      <Tabs defaultValue="records" className={styles.tabs} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="records">{t('Records')}</Tabs.Tab>
          <Tabs.Tab value="fields">{t('Fields')}</Tabs.Tab>
          <Tabs.Tab value="partitions">{t('Partitions')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="records" className={styles.panel}>
          <TopicRecords
            records={records}
            partitions={sample.data?.partitions ?? 0}
            sensitive={sensitive}
            range={range}
            isReading={sample.isFetching}
            onRange={setRange}
            onReread={() => void sample.refetch()}
          />
        </Tabs.Panel>
        <Tabs.Panel value="fields" className={styles.panel}>
          {sample.data?.proposed && (
            <TopicFields
              proposed={sample.data.proposed}
              records={records}
              standing={standing}
              {...(onTake && { onTake: (taken) => onTake(topic, taken) })}
            />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="partitions" className={styles.panel}>
          {facts.data && <TopicPartitions facts={facts.data} />}
        </Tabs.Panel>
      </Tabs>
    </section>
  )
}

const NO_RECORDS: readonly SampleRecord[] = []

function newestOf(records: readonly SampleRecord[]): number | null {
  return records.reduce<number | null>(
    (newest, { timestamp }) => (newest === null ? timestamp : Math.max(newest, timestamp)),
    null,
  )
}

function Facts({ facts, newest }: { readonly facts: TopicFacts; readonly newest: number | null }) {
  const { partitions, compacted, retentionMs } = facts
  const records = partitions.reduce((sum, { low, high }) => sum + high - low, 0)
  const lags = partitions.flatMap(({ lag }) => lag ?? [])
  const lag = lags.reduce((sum, one) => sum + one, 0)
  return (
    <div className={styles.facts}>
      <Chip small>{counted(partitions.length, 'partition')}</Chip>
      <Chip small>{counted(records, 'record')}</Chip>
      {newest !== null && (
        <Chip small>{t('newest {newest}', { newest: formatAgo(newest, Date.now()) })}</Chip>
      )}
      <Chip small>
        {retentionMs === null
          ? t('kept for ever')
          : t('kept {retentionMs}', { retentionMs: formatDuration(retentionMs) })}
        {compacted ? t(', newest per key') : ''}
      </Chip>
      {lags.length > 0 && (
        <Chip small tone={lag > 0 ? 'warn' : 'ok'}>
          {lag > 0
            ? t('this pipeline is {lag} behind', { lag: formatCount(lag) })
            : t('this pipeline has read all')}
        </Chip>
      )}
    </div>
  )
}
