import type { ReactNode } from 'react'
import styles from './chip.module.css'
import { Icon, type IconName } from './icon.tsx'

/** What a chip says by its colour; the words beside it always say it too. */
export type Tone = 'neutral' | 'ok' | 'warn' | 'err' | 'accent'

/** What a chip may be told. */
export interface ChipProps {
  readonly tone?: Tone
  readonly icon?: IconName
  readonly small?: boolean
  /** Makes the chip a button. */
  readonly onClick?: () => void
  readonly children: ReactNode
}

/** A short fact on a soft ground; with `onClick` a button that leads to it. */
export function Chip({ tone = 'neutral', icon, small = false, onClick, children }: ChipProps) {
  const className = `${styles.chip} ${styles[tone]} ${small ? styles.small : ''}`
  const content = (
    <>
      {icon && <Icon name={icon} size={small ? 12 : 14} />}
      {children}
    </>
  )
  if (onClick === undefined) return <span className={className}>{content}</span>
  return (
    <button type="button" className={className} onClick={onClick}>
      {content}
    </button>
  )
}
