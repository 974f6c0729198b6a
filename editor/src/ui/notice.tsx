import type { ReactNode } from 'react'
import type { Tone } from './chip.tsx'
import { Icon, type IconName } from './icon.tsx'
import styles from './notice.module.css'

const ICONS: Record<Tone, IconName> = { neutral: 'info', ok: 'ok', warn: 'warn', err: 'err', accent: 'info' }

/** What a notice may be told. */
export interface NoticeProps {
  readonly tone: Tone
  readonly children: ReactNode
  readonly action?: ReactNode
  /** Read out at once by screen readers. */
  readonly urgent?: boolean
}

/** A sentence that must be seen, with what can be done about it. */
export function Notice({ tone, children, action, urgent = false }: NoticeProps) {
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={urgent ? 'alert' : 'status'}>
      <span className={styles.icon}>
        <Icon name={ICONS[tone]} />
      </span>
      <div className="grow">{children}</div>
      {action && <div className="row">{action}</div>}
    </div>
  )
}
