import { UnstyledButton } from '@mantine/core'
import { useReactFlow, useStore } from '@xyflow/react'
import type { PropsWithChildren } from 'react'
import { t } from '../i18n/t.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { motionMs } from '../ui/motion.ts'
import styles from './zoom-tools.module.css'

/** How the canvas is brought into view: three nodes are not blown up, and no tool at the lower edge covers one. */
export const FIT = { padding: { top: 0.12, x: 0.12, bottom: '108px' }, maxZoom: 1 } as const

/** Zoom and fit, at the lower left of the canvas, with more tools of the page behind them. */
export function ZoomTools({ children }: PropsWithChildren) {
  const zoom = useStore(({ transform }) => transform[2])
  const flow = useReactFlow()
  const duration = motionMs(160)
  return (
    <div className={styles.tools} role="toolbar" aria-label={t('Canvas tools')}>
      <Tool icon="minus" label={t('Zoom out')} onClick={() => void flow.zoomOut({ duration })} />
      <span className={styles.zoom}>
        {Math.round(zoom * 100)}
        {' %'}
      </span>
      <Tool icon="plus" label={t('Zoom in')} onClick={() => void flow.zoomIn({ duration })} />
      <Tool
        icon="fit"
        label={t('Fit everything into view')}
        onClick={() => void flow.fitView({ ...FIT, duration })}
      />
      {children}
    </div>
  )
}

/** What a tool may be told. */
export interface ToolProps {
  readonly icon: IconName
  readonly label: string
  /** For a tool that is on or off. */
  readonly isPressed?: boolean
  readonly onClick: () => void
}

/** A button of the canvas tools. */
export function Tool({ icon, label, isPressed, onClick }: ToolProps) {
  return (
    <UnstyledButton
      className={styles.tool}
      aria-label={label}
      aria-pressed={isPressed}
      title={label}
      onClick={onClick}
    >
      <Icon name={icon} />
    </UnstyledButton>
  )
}
