import { type Message, msg, t } from '../i18n/t.ts'
import { Icon, type IconName } from './icon.tsx'
import styles from './status-word.module.css'

// biome-ignore format: one status a row
const STATUSES = {
  healthy:  { word: msg('Healthy'),    icon: 'ok',    tone: 'ok' },
  active:   { word: msg('Active'),     icon: 'ok',    tone: 'ok' },
  warning:  { word: msg('Warning'),    icon: 'warn',  tone: 'warn' },
  waiting:  { word: msg('Waiting'),    icon: 'idle',  tone: 'accent' },
  idle:     { word: msg('Idle'),       icon: 'idle',  tone: 'mute' },
  holds:    { word: msg('Idle, holds back'), icon: 'idle', tone: 'accent' },
  paused:   { word: msg('Paused'),     icon: 'pause', tone: 'mute' },
  starting: { word: msg('Starting'),   icon: 'idle',  tone: 'accent' },
  publishing: { word: msg('Publishing'), icon: 'up',  tone: 'accent' },
  stopping: { word: msg('Stopping'),   icon: 'idle',  tone: 'mute' },
  stopped:  { word: msg('Stopped'),    icon: 'err',   tone: 'mute' },
  failed:   { word: msg('Failed'),     icon: 'err',   tone: 'err' },
  draft:    { word: msg('Draft'),      icon: 'half',  tone: 'mute' },
} as const satisfies { readonly [status: string]: { word: Message; icon: IconName; tone: 'ok' | 'warn' | 'err' | 'accent' | 'mute' } }

/** How something stands: one shape, one word, one colour each. */
export type Status = keyof typeof STATUSES

/** The word of a status. */
export function wordOf(status: Status): string {
  return t(STATUSES[status].word)
}

/** A status as its shape and word; the reason, in one clause, stands below. */
export function StatusWord({ status, reason }: { readonly status: Status; readonly reason?: string | null }) {
  const { word, icon, tone } = STATUSES[status]
  return (
    <div className={styles.whole}>
      <span className={`${styles.status} ${styles[tone]}`}>
        <Icon name={icon} />
        {t(word)}
      </span>
      {reason && <div className={styles.reason}>{reason}</div>}
    </div>
  )
}
