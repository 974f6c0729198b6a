import { ActionIcon, Menu } from '@mantine/core'
import type { PipelineRow } from '@millrace/contracts'
import { Link } from 'react-router'
import { counted, formatCount, formatRate } from '../format/numbers.ts'
import { formatAgo } from '../format/times.ts'
import { t } from '../i18n/t.ts'
import { Chip } from '../ui/chip.tsx'
import { Icon } from '../ui/icon.tsx'
import { Sparkline } from '../ui/sparkline.tsx'
import { StatusWord } from '../ui/status-word.tsx'
import { useNow } from '../ui/use-now.ts'
import { healthOf } from './health.ts'
import styles from './pipelines.module.css'

/** What the table of pipelines may be told. */
export interface PipelineTableProps {
  readonly rows: readonly PipelineRow[]
  readonly history: ReadonlyMap<string, readonly (number | null)[]>
  readonly onDelete: (row: PipelineRow) => void
}

/** Pipelines with health, throughput and lag. */
export function PipelineTable({ rows, history, onDelete }: PipelineTableProps) {
  const now = useNow()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={`card ${styles.scroll}`} aria-label={t('Pipelines')} tabIndex={0}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>{t('Pipeline')}</th>
            <th>{t('Health')}</th>
            <th>{t('Throughput in')}</th>
            <th className="right">{t('Lag, events')}</th>
            <th>{t('Live version')}</th>
            <th>
              <span className="visually-hidden">{t('More')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.id} row={row} rates={history.get(row.id) ?? []} now={now} onDelete={onDelete} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface RowProps {
  readonly row: PipelineRow
  readonly rates: readonly (number | null)[]
  readonly now: number
  readonly onDelete: (row: PipelineRow) => void
}

function Row({ row, rates, now, onDelete }: RowProps) {
  const { status, reason } = healthOf(row.deployment)
  const tone = status === 'failed' ? 'err' : status === 'warning' ? 'warn' : 'neutral'
  return (
    <tr>
      <td>
        <Link to={`/pipelines/${row.id}`} className={styles.name}>
          {row.name}
        </Link>
        <div className="caption">
          {t('{nodes} · edited {updatedAt}', {
            nodes: counted(row.nodes, 'node'),
            updatedAt: formatAgo(row.updatedAt, now),
          })}
        </div>
      </td>
      <td>
        <StatusWord status={status} reason={reason} />
      </td>
      <td>
        {row.rate === null ? (
          <span className="caption">
            {status === 'draft' || status === 'stopped' ? t('not running') : t('no figures yet')}
          </span>
        ) : (
          <div className="row">
            <Sparkline values={rates} tone={tone} />
            <span className={`num ${styles.rate}`}>
              {formatRate(row.rate)}
              <span className="caption">/s</span>
            </span>
          </div>
        )}
      </td>
      <td className="right num">
        {row.lag === null ? <span className="caption">–</span> : formatCount(row.lag)}
      </td>
      <td>
        <LiveVersion row={row} now={now} />
      </td>
      <td className="right">
        <RowMenu row={row} onDelete={onDelete} />
      </td>
    </tr>
  )
}

function LiveVersion({ row, now }: { readonly row: PipelineRow; readonly now: number }) {
  const { version, since } = row.deployment
  return (
    <>
      {version === null ? (
        <span className="caption">{t('never published')}</span>
      ) : (
        <span className="row nowrap">
          <Chip small>v{version}</Chip>
          <span className="caption">{t('since {since}', { since: formatAgo(since, now) })}</span>
        </span>
      )}
      <DraftMark row={row} />
    </>
  )
}

function DraftMark({ row }: { readonly row: PipelineRow }) {
  const problems = row.errors > 0 ? `, ${counted(row.errors, 'problem')}` : ''
  if (row.unpublished && row.deployment.version !== null) {
    return <Mark text={t('changes not published{problems}', { problems })} />
  }
  return row.deployment.version === null ? <Mark text={t('draft{problems}', { problems })} /> : null
}

function Mark({ text }: { readonly text: string }) {
  return (
    <div className={styles.mark}>
      <Icon name="half" size={12} />
      {text}
    </div>
  )
}

function RowMenu({ row, onDelete }: Pick<RowProps, 'row' | 'onDelete'>) {
  return (
    <Menu position="bottom-end" width={160}>
      <Menu.Target>
        <ActionIcon variant="subtle" size="sm" aria-label={t('More for {name}', { name: row.name })}>
          <Icon name="more" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to={`/pipelines/${row.id}/monitor`}>
          {t('Monitor')}
        </Menu.Item>
        <Menu.Item component={Link} to={`/pipelines/${row.id}/history`}>
          {t('History')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item color="err" onClick={() => onDelete(row)}>
          {t('Delete…')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
