import type { StateFate } from '@millrace/contracts'
import { type Message, msg, t } from '../i18n/t.ts'
import { Chip, type Tone } from '../ui/chip.tsx'
import type { IconName } from '../ui/icon.tsx'
import styles from './publish.module.css'

const FATES: Readonly<
  Record<StateFate['fate'], { readonly word: Message; readonly icon: IconName; readonly tone: Tone }>
> = {
  keep: { word: msg('Keep'), icon: 'check', tone: 'ok' },
  empty: { word: msg('Starts empty'), icon: 'replay', tone: 'warn' },
  new: { word: msg('New'), icon: 'plus', tone: 'neutral' },
  removed: { word: msg('Removed'), icon: 'minus', tone: 'neutral' },
}

/** What becomes of the state of every node that keeps some. */
export function StateTable({
  fates,
  nextVersion,
}: {
  readonly fates: readonly StateFate[]
  readonly nextVersion: number
}) {
  if (fates.length === 0) {
    return <p className="second small">{t('No node keeps state: there is nothing to lose.')}</p>
  }
  return (
    <div className={styles.tableBox}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>{t('Node')}</th>
            <th>{t('In v{nextVersion}', { nextVersion })}</th>
            <th>{t('Why')}</th>
          </tr>
        </thead>
        <tbody>
          {fates.map(({ nodeId, label, fate, reason }) => (
            <tr key={nodeId}>
              <td className="strong">{label}</td>
              <td>
                <Chip small tone={FATES[fate].tone} icon={FATES[fate].icon}>
                  {t(FATES[fate].word)}
                </Chip>
              </td>
              <td className="second">{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
