import { MiniMap, type Node } from '@xyflow/react'
import { t } from '../i18n/t.ts'
import styles from './overview.module.css'

/** How a node is: it has a mistake or loses events, waits for something, works, or has nothing to do. */
export type Health = 'failing' | 'waiting' | 'active' | 'idle'

/** Design tokens; what fails also has a thick edge, so that it is not told by colour alone. */
const COLOURS: Readonly<Record<Health, string>> = {
  failing: 'var(--err)',
  waiting: 'var(--warn)',
  active: 'var(--ok)',
  idle: 'var(--line2)',
}

/** What the overview may be told. */
export interface OverviewProps<Element extends Node> {
  readonly healthOf: (element: Element) => Health
  /** Elements that are drawn as ground for others. */
  readonly isGround?: (element: Element) => boolean
}

/** The whole pipeline in small, at the lower right of the canvas, coloured by health. */
export function Overview<Element extends Node>({ healthOf, isGround }: OverviewProps<Element>) {
  const colourOf = (element: Element) => {
    if (isGround?.(element)) return 'var(--mute-soft)'
    const health = healthOf(element)
    return element.selected && health !== 'failing' ? 'var(--accent)' : COLOURS[health]
  }
  return (
    <MiniMap<Element>
      pannable
      zoomable
      ariaLabel={t('Overview of the pipeline')}
      style={{ width: 132, height: 84 }}
      nodeBorderRadius={12}
      nodeColor={colourOf}
      nodeClassName={(element) => (healthOf(element) === 'failing' ? `${styles.failing}` : '')}
      className={styles.overview as string}
    />
  )
}
