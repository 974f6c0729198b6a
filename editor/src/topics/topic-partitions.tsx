import type { TopicFacts } from '@millrace/contracts'
import { formatCount } from '../format/numbers.ts'
import { t } from '../i18n/t.ts'
import styles from './topic-browser.module.css'

/** The partitions of a topic: their offsets, how much they hold, and how far this pipeline is behind. */
export function TopicPartitions({ facts: { partitions } }: { readonly facts: TopicFacts }) {
  const most = Math.max(1, ...partitions.map(({ low, high }) => high - low))
  const isRead = partitions.some(({ lag }) => lag !== null)
  return (
    <>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>{t('Partition')}</th>
            <th className="right">{t('First offset')}</th>
            <th className="right">{t('Next offset')}</th>
            <th className="right">{t('Records')}</th>
            <th>{t('Share')}</th>
            {isRead && <th className="right">{t('Behind')}</th>}
          </tr>
        </thead>
        <tbody>
          {partitions.map(({ partition, low, high, lag }) => (
            <tr key={partition}>
              <td className="num">{partition}</td>
              <td className="num right">{formatCount(low)}</td>
              <td className="num right">{formatCount(high)}</td>
              <td className="num right">{formatCount(high - low)}</td>
              <td>
                <span className={styles.bar} aria-hidden="true">
                  <i style={{ width: `${((high - low) / most) * 100}%` }} />
                </span>
              </td>
              {isRead && <td className="num right">{lag === null ? '–' : formatCount(lag)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="caption">
        {t(
          'Records are counted by offsets: ends of transactions and records that compaction removed count too.',
        )}
        {!isRead && ` ${t('How far this pipeline is behind is shown while it runs and reads the topic.')}`}
      </p>
    </>
  )
}
