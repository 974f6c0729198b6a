import type { LivePartition } from '@millrace/contracts'
import { formatCount } from '../format/numbers.ts'
import { formatClock, formatDuration } from '../format/times.ts'
import { rich } from '../i18n/rich.tsx'
import { type Message, msg, t } from '../i18n/t.ts'
import { StatusWord } from '../ui/status-word.tsx'
import styles from './monitor.module.css'
import { useMoment } from './monitor-context.ts'
import { partitionFacts } from './partition-facts.ts'

const TITLES: Readonly<Record<LivePartition['kind'], Message>> = {
  source: msg('Watermark and lag by partition'),
  reference: msg('Reference by partition'),
  repartition: msg('Internal topic by partition'),
  outbox: msg('Waiting to be written, by partition'),
}

/** The partitions that a node reads, and which of them holds its watermark back. */
export function PartitionTable({ nodeId }: { readonly nodeId: string }) {
  const moment = useMoment((now) => now)
  const partitions = moment?.partitions.get(nodeId) ?? []
  return (
    <div className={styles.partitions}>
      {[...Map.groupBy(partitions, ({ kind }) => kind)].map(([kind, group]) => (
        <KindTable key={kind} kind={kind} partitions={group} now={moment?.at ?? 0} />
      ))}
    </div>
  )
}

interface KindTableProps {
  readonly kind: LivePartition['kind']
  readonly partitions: readonly LivePartition[]
  readonly now: number
}

function KindTable({ kind, partitions, now }: KindTableProps) {
  const facts = partitionFacts(partitions, now)
  const holder = facts.find(({ holdsBack }) => holdsBack)
  return (
    <section aria-label={t(TITLES[kind])}>
      <h3 className={styles.blockTitle}>{t(TITLES[kind])}</h3>
      <table className={styles.partitionTable}>
        <thead>
          <tr>
            <th>#</th>
            <th className="right">{t('Lag')}</th>
            <th>{t('Watermark')}</th>
            <th>{t('Behind now')}</th>
            <th>
              <span className="visually-hidden">{t('State')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {facts.map(({ partition, behind, share, status, reason, holdsBack }) => (
            <tr key={partition.partition} className={holdsBack ? styles.holds : undefined}>
              <td className="strong num">{partition.partition}</td>
              <td className="right num">{formatCount(partition.lag)}</td>
              <td className="num">{partition.watermark === null ? '–' : formatClock(partition.watermark)}</td>
              <td>
                {behind !== null && (
                  <span className="row">
                    <span className={styles.bar} aria-hidden="true">
                      <i style={{ width: `${share * 100}%` }} />
                    </span>
                    <span className="num nowrap">{formatDuration(behind)}</span>
                  </span>
                )}
              </td>
              <td>
                <StatusWord status={status} reason={reason} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {holder && holder.partition.watermark !== null && (
        <p className="small second">
          {rich(
            'Partition {partition} holds the watermark at {watermark}: windows after that wait until it gets a newer event or counts as idle.',
            {
              partition: holder.partition.partition,
              watermark: <b>{formatClock(holder.partition.watermark)}</b>,
            },
          )}
        </p>
      )}
    </section>
  )
}
