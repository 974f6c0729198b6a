import { Button } from '@mantine/core'
import { useStore } from 'zustand'
import { counted, formatCount } from '../format/numbers.ts'
import { formatClock } from '../format/times.ts'
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
      {status === 'sampling' && <Chip small>Reading the topics</Chip>}
      {status === 'running' && <Chip small>Computing</Chip>}
      {status === 'ready' && ms !== null && (
        <Chip small tone="ok" icon="check">
          Recomputed in {Math.max(1, Math.round(ms))} ms
        </Chip>
      )}
      <Chip small icon="lock">
        Nothing is written
      </Chip>
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon name="replay" size={12} />}
        onClick={() => preview.resample()}
      >
        Resample
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
    return `${counted(events, 'event')} of ${sources.length} sources`
  }
  if (first.need.kind === 'generator') return `${formatCount(first.records.length)} generated events`
  const { records, partition, need } = first
  const [oldest, newest] = [records[0], records.at(-1)]
  const span =
    oldest && newest ? ` · ${formatClock(oldest.timestamp)} to ${formatClock(newest.timestamp)}` : ''
  return `${counted(records.length, 'event')} of ${need.topic}, partition ${partition ?? 0}${span}`
}
