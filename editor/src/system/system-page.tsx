import type { SystemBody } from '@millrace/contracts'
import { useQuery } from '@tanstack/react-query'
import { PageError } from '../errors/page-error.tsx'
import { formatAgo } from '../format/times.ts'
import { request } from '../http/request.ts'
import { useLanguage } from '../i18n/language.ts'
import { rich } from '../i18n/rich.tsx'
import { t } from '../i18n/t.ts'
import { PageHeader } from '../shell/page-header.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { StatusWord } from '../ui/status-word.tsx'
import { useNow } from '../ui/use-now.ts'
import styles from './system.module.css'

/** The servers behind Millrace and the executors that run the pipelines. */
export function SystemPage() {
  useLanguage()
  const { data, error, refetch } = useQuery({
    queryKey: ['system'],
    queryFn: ({ signal }) => request<SystemBody>('/system', { signal }),
    refetchInterval: 3_000,
  })
  if (error && data === undefined) return <PageError error={error} onRetry={() => void refetch()} />
  const failing = data?.services.filter(({ ok }) => !ok).length ?? 0
  return (
    <>
      <PageHeader
        title={t('System')}
        summary={
          data &&
          (failing === 0
            ? t('All servers answer.')
            : t('{failing} of {services} servers do not answer.', {
                failing,
                services: data.services.length,
              }))
        }
      />
      {data && (
        <>
          <Services services={data.services} />
          <Executors executors={data.executors} />
        </>
      )}
    </>
  )
}

function Services({ services }: Pick<SystemBody, 'services'>) {
  return (
    <section aria-label={t('Servers')}>
      <h2 className={styles.heading}>{t('Servers')}</h2>
      <div className={`card ${styles.scroll}`}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th>{t('Server')}</th>
              <th>{t('State')}</th>
              <th>{t('What it says')}</th>
            </tr>
          </thead>
          <tbody>
            {services.map(({ name, ok, message }) => (
              <tr key={name}>
                <td className="strong">{name}</td>
                <td>
                  <StatusWord status={ok ? 'healthy' : 'failed'} />
                </td>
                <td className="second">{message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Executors({ executors }: Pick<SystemBody, 'executors'>) {
  const now = useNow(1_000)
  return (
    <section aria-label={t('Executors')}>
      <h2 className={styles.heading}>{t('Executors')}</h2>
      <div className={`card ${styles.scroll}`}>
        {executors.length === 0 ? (
          <EmptyState icon="warn" title={t('No executor is running')}>
            {rich('Published pipelines wait until one starts. {code} brings two.', {
              code: <code>npm start</code>,
            })}
          </EmptyState>
        ) : (
          <table className={styles.table}>
            <thead>
              <tr>
                <th>{t('Executor')}</th>
                <th>{t('State')}</th>
                <th className="right">{t('Tasks')}</th>
                <th>{t('Started')}</th>
              </tr>
            </thead>
            <tbody>
              {executors.map(({ id, startedAt, tasks, leaving }) => (
                <tr key={id}>
                  <td className="mono">{id}</td>
                  <td>
                    <StatusWord
                      status={leaving ? 'stopping' : 'active'}
                      reason={leaving ? t('hands over its tasks') : null}
                    />
                  </td>
                  <td className="right num">{tasks}</td>
                  <td className="second">{formatAgo(startedAt, now)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </section>
  )
}
