import { Button } from '@mantine/core'
import { wordsOf } from '../http/api-error.ts'
import { t } from '../i18n/t.ts'
import { EmptyState } from '../ui/empty-state.tsx'

/** Stands for a page that could not be loaded. */
export function PageError({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  return (
    <main role="alert">
      <EmptyState
        icon="err"
        title={t('This page could not be loaded')}
        action={
          onRetry && (
            <Button variant="default" onClick={onRetry}>
              {t('Try again')}
            </Button>
          )
        }
      >
        {wordsOf(error)}
      </EmptyState>
    </main>
  )
}
