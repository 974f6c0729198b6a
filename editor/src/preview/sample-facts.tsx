import { Button } from '@mantine/core'
import { useStore } from 'zustand'
import { counted, formatCount } from '../format/numbers.ts'
import { formatClock } from '../format/times.ts'
import { t } from '../i18n/t.ts'
import { Chip } from '../ui/chip.tsx'
import { Icon } from '../ui/icon.tsx'
import { useWorkspace } from '../workspace/workspace.ts'
import styles from './preview.module.css'
import type { Sample } from './take-sample.ts'

/** What the preview runs over, how fresh it is, and that nothing is written. */
export function SampleFacts() {
  const { preview } = useWorkspace()
  const { status, ms, samples } = useStore(preview.store)
  const words = wordsOf([...samples.values()])
  return (
    <div className={styles.facts}>
      <span className="caption nowrap ellipsis" title={words}>
        {words}
      </span>
      {status === 'sampling' && <Chip small>{t('Reading the topics')}</Chip>}
      {status === 'running' && <Chip small>{t('Computing')}</Chip>}
      {status === 'ready' && ms !== null && (
        <Chip small tone="ok" icon="check">
          {t('Recomputed in {value} ms', { value: Math.max(1, Math.round(ms)) })}
        </Chip>
      )}
      <Chip small icon="lock">
        {t('Nothing is written')}
      </Chip>
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon name="replay" size={12} />}
        onClick={() => preview.resample()}
      >
        {t('Resample')}
      </Button>
    </div>
  )
}

function wordsOf(samples: readonly Sample[]): string {
  const sources = samples.filter(({ need }) => need.kind !== 'reference')
  const [first] = sources
  if (first === undefined) return ''
  if (sources.length > 1) {
    const events = sources.reduce((sum, { records }) => sum + records.length, 0)
    return t('{events} of {sources} sources', { events: counted(events, 'event'), sources: sources.length })
  }
  if (first.need.kind === 'generator')
    return t('{records} generated events', { records: formatCount(first.records.length) })
  const { records, partition, need } = first
  const [oldest, newest] = [records[0], records.at(-1)]
  const span =
    oldest && newest
      ? ` ${t('· {timestamp} to {timestamp2}', { timestamp: formatClock(oldest.timestamp), timestamp2: formatClock(newest.timestamp) })}`
      : ''
  return t('{events} of {topic}, partition {partition}{span}', {
    events: counted(records.length, 'event'),
    topic: need.topic,
    partition: partition ?? 0,
    span,
  })
}
