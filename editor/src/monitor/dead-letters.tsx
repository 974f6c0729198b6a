import type { DeadLetters } from '@millrace/contracts'
import { useQuery } from '@tanstack/react-query'
import { formatBytes, formatCount } from '../format/numbers.ts'
import { formatMoment } from '../format/times.ts'
import { wordsOf } from '../http/api-error.ts'
import { request, segment } from '../http/request.ts'
import { t } from '../i18n/t.ts'
import { Chip } from '../ui/chip.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { JsonText } from '../ui/json-text.tsx'
import { Notice } from '../ui/notice.tsx'
import { useNow } from '../ui/use-now.ts'
import { useWorkspace } from '../workspace/workspace.ts'
import styles from './monitor.module.css'

const LIMIT = 50

/** The newest events that could not be handled: of one node, or (null) of all. */
export function DeadLettersList({ nodeId }: { readonly nodeId: string | null }) {
  const { pipelineId } = useWorkspace()
  const now = useNow()
  const { data, error } = useQuery({
    queryKey: ['pipeline', pipelineId, 'dead-letters'],
    queryFn: ({ signal }) =>
      request<DeadLetters>(`/pipelines/${segment(pipelineId)}/dead-letters?limit=${LIMIT}`, { signal }),
    refetchInterval: 10_000,
  })
  if (error) return <Notice tone="err">{wordsOf(error)}</Notice>
  if (data === undefined) return <p className="caption">{t('Loading')}</p>
  const letters = data.letters.filter((letter) => nodeId === null || letter.nodeId === nodeId)
  if (letters.length === 0) return <NoLetters isFiltered={data.letters.length > 0} />
  return (
    <>
      <p className="caption">
        {t(
          'The newest of {total} events that could not be handled. They are kept with their original bytes.',
          { total: formatCount(data.total) },
        )}
      </p>
      <ol className={styles.letters}>
        {letters.map(({ at, code, message, source, preview, bytes }) => (
          <li key={`${source} ${at} ${code}`} className={styles.letter}>
            <div className="row">
              <Chip small tone="err" icon="err">
                {code}
              </Chip>
              <span className="grow">{message}</span>
              <span className="caption nowrap">{formatMoment(at, now)}</span>
            </div>
            <div className="caption">
              {source ?? t('made by the pipeline')}
              {' · '}
              {formatBytes(bytes)}
            </div>
            {preview === null ? (
              <p className="caption">{t('These bytes are no text.')}</p>
            ) : (
              <JsonText text={preview} />
            )}
          </li>
        ))}
      </ol>
    </>
  )
}

function NoLetters({ isFiltered }: { readonly isFiltered: boolean }) {
  return (
    <EmptyState icon="ok" title={t('No dead letters')}>
      {isFiltered
        ? t('Among the newest dead letters of this pipeline none is of this node.')
        : t(
            'Every event could be handled. One that is no JSON, or makes an expression fail, would stand here with its reason.',
          )}
    </EmptyState>
  )
}
