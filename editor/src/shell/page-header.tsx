import type { ReactNode } from 'react'
import { useTitle } from '../ui/use-title.ts'
import styles from './page-header.module.css'

/** What a page's head may be told. */
export interface PageHeaderProps {
  readonly title: string
  readonly summary?: ReactNode
  readonly actions?: ReactNode
}

/** The head of a page: its title, one line of facts, what can be done. */
export function PageHeader({ title, summary, actions }: PageHeaderProps) {
  useTitle(title)
  return (
    <div className={styles.header}>
      <div className="grow">
        <h1>{title}</h1>
        {summary && <p className="second">{summary}</p>}
      </div>
      {actions}
    </div>
  )
}
