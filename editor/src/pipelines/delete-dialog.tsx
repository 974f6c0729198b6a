import { Button, Modal } from '@mantine/core'
import type { PipelineRow } from '@millrace/contracts'
import { wordsOf } from '../http/api-error.ts'
import { t } from '../i18n/t.ts'
import { Notice } from '../ui/notice.tsx'
import { useDeletePipeline } from './pipeline-queries.ts'
import styles from './pipelines.module.css'

/** Asks before a pipeline is deleted, and says what goes with it. */
export function DeleteDialog({ row, onClose }: { readonly row: PipelineRow; readonly onClose: () => void }) {
  const remove = useDeletePipeline()
  const isRunning = row.deployment.state !== 'stopped'
  return (
    <Modal opened onClose={onClose} title={t('Delete {name}?', { name: row.name })}>
      <div className={styles.form}>
        <p className="second">
          {t(
            'Its draft, its versions and its state are deleted for good. Topics and documents that it wrote stay.',
          )}
        </p>
        {isRunning && <Notice tone="warn">{t('It is running. Stop it first, then delete it.')}</Notice>}
        {remove.error && (
          <Notice tone="err" urgent>
            {wordsOf(remove.error)}
          </Notice>
        )}
        <div className={styles.buttons}>
          <Button variant="default" size="md" onClick={onClose} data-autofocus>
            {t('Keep it')}
          </Button>
          <Button
            color="err"
            size="md"
            loading={remove.isPending}
            disabled={isRunning}
            onClick={() => remove.mutate(row.id, { onSuccess: onClose })}
          >
            {t('Delete')}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
