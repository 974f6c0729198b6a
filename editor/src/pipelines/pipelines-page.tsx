import { Button, SegmentedControl, TextInput } from '@mantine/core'
import type { PipelineRow, Template } from '@millrace/contracts'
import { useState } from 'react'
import { Link } from 'react-router'
import { PageError } from '../errors/page-error.tsx'
import { counted } from '../format/numbers.ts'
import { useLanguage } from '../i18n/language.ts'
import { type Message, msg, t } from '../i18n/t.ts'
import { PageHeader } from '../shell/page-header.tsx'
import { TourOffer } from '../tour/tour-strip.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Icon } from '../ui/icon.tsx'
import { CreateDialog } from './create-dialog.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { hasDraft, needsYou, needsYouFirst } from './health.ts'
import { usePipelines } from './pipeline-queries.ts'
import { PipelineTable } from './pipeline-table.tsx'
import styles from './pipelines.module.css'
import { TemplateCards } from './templates.tsx'
import { useRateHistory } from './use-rate-history.ts'

const FILTERS = {
  all: { label: msg('All'), keeps: () => true },
  'need-you': { label: msg('Need you'), keeps: needsYou },
  drafts: { label: msg('With drafts'), keeps: hasDraft },
} as const satisfies { readonly [name: string]: { label: Message; keeps: (row: PipelineRow) => boolean } }

type Filter = keyof typeof FILTERS

/** What an analyst sees first: which pipelines there are and whether one needs her. */
export function PipelinesPage() {
  useLanguage()
  const { data: rows, error, refetch, dataUpdatedAt } = usePipelines()
  const history = useRateHistory(rows, dataUpdatedAt)
  const [filter, setFilter] = useState<Filter>('all')
  const [search, setSearch] = useState('')
  const [creating, setCreating] = useState(false)
  const [deleting, setDeleting] = useState<PipelineRow | null>(null)
  if (error && rows === undefined) return <PageError error={error} onRetry={() => void refetch()} />
  const shown = needsYouFirst(rows ?? []).filter((row) => FILTERS[filter].keeps(row) && matches(row, search))
  return (
    <>
      <PageHeader
        title={t('Pipelines')}
        summary={rows && <Summary rows={rows} />}
        actions={
          <Button size="md" leftSection={<Icon name="plus" />} onClick={() => setCreating(true)}>
            {t('New pipeline')}
          </Button>
        }
      />
      <TourOffer />
      {rows && rows.length > 0 && (
        <>
          <div className={styles.filters}>
            <TextInput
              aria-label={t('Search pipelines')}
              placeholder={t('Name of a pipeline')}
              size="md"
              leftSection={<Icon name="search" />}
              className={styles.search}
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
            <SegmentedControl
              aria-label={t('Which pipelines')}
              value={filter}
              onChange={(value) => setFilter(value as Filter)}
              data={Object.entries(FILTERS).map(([value, { label, keeps }]) => ({
                value,
                label: (
                  <span className="num">
                    {t(label)} <span className="caption">{rows.filter(keeps).length}</span>
                  </span>
                ),
              }))}
            />
            <span className="grow" />
            <span className="caption">{t('Sorted by: needs you first')}</span>
          </div>
          {shown.length > 0 ? (
            <PipelineTable rows={shown} history={history} onDelete={setDeleting} />
          ) : (
            <div className="card">
              <EmptyState icon="search" title={t('No pipeline fits')}>
                {search === ''
                  ? t('None is in this group.')
                  : t('None in this group has “{search}” in its name.', { search })}
              </EmptyState>
            </div>
          )}
        </>
      )}
      {rows?.length === 0 && <FirstPipeline onCreate={() => setCreating(true)} />}
      {rows && (
        <section aria-label={t('Start from a template')}>
          <h2 className={styles.heading}>{t('Start from a template')}</h2>
          <TemplateCards keeps={isShown} />
          <Link to="/templates">{t('All templates')}</Link>
        </section>
      )}
      {creating && <CreateDialog template={null} onClose={() => setCreating(false)} />}
      {deleting && <DeleteDialog row={deleting} onClose={() => setDeleting(null)} />}
    </>
  )
}

/** The demo, and one of each kind. */
function isShown({ id }: Template): boolean {
  return SHOWN_TEMPLATES.includes(id)
}

const SHOWN_TEMPLATES: readonly string[] = [
  'orders-by-region',
  'suspicious-payments',
  'click-to-order',
  'top-products',
]

function Summary({ rows }: { readonly rows: readonly PipelineRow[] }) {
  const running = rows.filter(({ deployment }) => deployment.state === 'running').length
  const drafts = rows.filter(hasDraft).length
  const needing = rows.filter(needsYou).length
  return (
    <>
      {t('{pipelines}, {running} running, {drafts} with a draft that is not live.', {
        pipelines: counted(rows.length, 'pipeline'),
        running,
        drafts,
      })}{' '}
      {needing > 0 && (
        <b className={styles.need}>
          {needing === 1 ? t('1 needs you.') : t('{needing} need you.', { needing })}
        </b>
      )}
    </>
  )
}

function FirstPipeline({ onCreate }: { readonly onCreate: () => void }) {
  return (
    <div className="card">
      <EmptyState
        icon="flow"
        title={t('No pipeline yet')}
        action={<Button onClick={onCreate}>{t('New pipeline')}</Button>}
      >
        {t(
          'A pipeline reads events from a topic, filters and enriches them while they pass, and writes the result to another topic or to Elasticsearch. Begin with an empty canvas, or with a template below that already works.',
        )}
      </EmptyState>
    </div>
  )
}

function matches(row: PipelineRow, search: string): boolean {
  return row.name.toLowerCase().includes(search.trim().toLowerCase())
}
