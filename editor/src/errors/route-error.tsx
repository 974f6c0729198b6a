import { Button } from '@mantine/core'
import { Link, useRouteError } from 'react-router'
import { t } from '../i18n/t.ts'
import { EmptyState } from '../ui/empty-state.tsx'

/** Stands for a page that broke. What was typed into a draft is kept in this browser and offered again. */
export function RouteError() {
  const error = useRouteError()
  const detail = error instanceof Error ? error.message : String(error)
  return (
    <main role="alert">
      <EmptyState
        icon="err"
        title={t('This page broke')}
        action={
          <div className="row">
            <Button onClick={() => location.reload()}>{t('Load it again')}</Button>
            <Button component={Link} to="/pipelines" variant="default" reloadDocument>
              {t('Back to the pipelines')}
            </Button>
          </div>
        }
      >
        {t('It is a fault of Millrace, not yours. Edits that were not saved yet are kept in this browser.')}
        <pre style={{ whiteSpace: 'pre-wrap', marginTop: 8 }}>{detail}</pre>
      </EmptyState>
    </main>
  )
}

/** Stands for an address that leads nowhere. */
export function NotFound() {
  return (
    <EmptyState
      icon="search"
      title={t('There is nothing here')}
      action={
        <Button component={Link} to="/pipelines" variant="default">
          {t('Back to the pipelines')}
        </Button>
      }
    >
      {t('The address leads nowhere, or what it led to was deleted.')}
    </EmptyState>
  )
}
