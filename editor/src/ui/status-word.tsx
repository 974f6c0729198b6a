import { Icon, type IconName } from './icon.tsx'
import styles from './status-word.module.css'

// biome-ignore format: one status a row
const STATUSES = {
  healthy:  { word: 'Healthy',    icon: 'ok',    tone: 'ok' },
  active:   { word: 'Active',     icon: 'ok',    tone: 'ok' },
  warning:  { word: 'Warning',    icon: 'warn',  tone: 'warn' },
  waiting:  { word: 'Waiting',    icon: 'idle',  tone: 'accent' },
  idle:     { word: 'Idle',       icon: 'idle',  tone: 'mute' },
  holds:    { word: 'Idle, holds back', icon: 'idle', tone: 'accent' },
  paused:   { word: 'Paused',     icon: 'pause', tone: 'mute' },
  starting: { word: 'Starting',   icon: 'idle',  tone: 'accent' },
  publishing: { word: 'Publishing', icon: 'up',  tone: 'accent' },
  stopping: { word: 'Stopping',   icon: 'idle',  tone: 'mute' },
  stopped:  { word: 'Stopped',    icon: 'err',   tone: 'mute' },
  failed:   { word: 'Failed',     icon: 'err',   tone: 'err' },
  draft:    { word: 'Draft',      icon: 'half',  tone: 'mute' },
} as const satisfies { readonly [status: string]: { word: string; icon: IconName; tone: 'ok' | 'warn' | 'err' | 'accent' | 'mute' } }

/** How something stands: one shape, one word, one colour each. */
export type Status = keyof typeof STATUSES

/** The word of a status. */
export function wordOf(status: Status): string {
  return STATUSES[status].word
}

/** A status as its shape and word; the reason, in one clause, stands below. */
export function StatusWord({ status, reason }: { readonly status: Status; readonly reason?: string | null }) {
  const { word, icon, tone } = STATUSES[status]
  return (
    <div className={styles.whole}>
      <span className={`${styles.status} ${styles[tone]}`}>
        <Icon name={icon} />
        {word}
      </span>
      {reason && <div className={styles.reason}>{reason}</div>}
    </div>
  )
}
