import { Button, NumberInput } from '@mantine/core'
import { MAX_EXECUTORS } from '@millrace/contracts'
import { useState } from 'react'
import { wordsOf } from '../http/api-error.ts'
import { t } from '../i18n/t.ts'
import { Notice } from '../ui/notice.tsx'
import { useChangeSettings } from '../workspace/pipeline-queries.ts'
import styles from './monitor.module.css'

interface ExecutorLimitProps {
  readonly pipelineId: string
  /** What holds now; null: all executors. */
  readonly maxExecutors: number | null
}

/** How many executors may carry the pipeline: a setting that holds at once, without a new version. */
export function ExecutorLimit({ pipelineId, maxExecutors }: ExecutorLimitProps) {
  const [entered, setEntered] = useState<number | null | undefined>(undefined)
  const change = useChangeSettings(pipelineId)
  const value = entered === undefined ? maxExecutors : entered
  return (
    <form
      className={styles.limit}
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate({ maxExecutors: value }, { onSuccess: () => setEntered(undefined) })
      }}
    >
      <NumberInput
        label={t('Executors at most')}
        description={t(
          '1 to {MAX_EXECUTORS}; empty: all that there are. Holds at once, without a new version.',
          { MAX_EXECUTORS },
        )}
        placeholder={t('all')}
        value={value ?? ''}
        allowDecimal={false}
        onChange={(next) => setEntered(next === '' ? null : Number(next))}
      />
      <Button type="submit" variant="default" disabled={value === maxExecutors} loading={change.isPending}>
        {t('Apply')}
      </Button>
      {change.error && (
        <Notice tone="err" urgent>
          {wordsOf(change.error)}
        </Notice>
      )}
    </form>
  )
}
