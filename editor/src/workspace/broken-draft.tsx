import { Button } from '@mantine/core'
import type { PipelineBody } from '@millrace/contracts'
import type { Issue } from '@millrace/graph'
import { Link } from 'react-router'
import { t } from '../i18n/t.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import styles from './workspace.module.css'

/** Stands for a draft that cannot be opened, with what is wrong with it. The draft itself stays as it is. */
export function BrokenDraft({
  pipeline,
  issues,
}: {
  readonly pipeline: PipelineBody
  readonly issues: readonly Issue[]
}) {
  return (
    <main className={styles.broken} role="alert">
      <EmptyState
        icon="err"
        title={t('{name} cannot be opened', { name: pipeline.name })}
        action={
          <Button component={Link} to="/pipelines" variant="default">
            {t('Back to the pipelines')}
          </Button>
        }
      >
        {t('Its draft does not have the shape of a pipeline that this Millrace knows. Nothing was changed.')}
        {pipeline.live &&
          ` ${t('Version {version} is not touched by this.', { version: pipeline.live.version })}`}
        <ul className={styles.issues}>
          {issues.slice(0, 20).map(({ code, path, message }) => (
            <li key={`${code} ${path.join('/')}`}>{message}</li>
          ))}
        </ul>
      </EmptyState>
    </main>
  )
}
