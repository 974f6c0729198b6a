import { Button, Modal } from '@mantine/core'
import type { ConnectionBody } from '@millrace/contracts'
import { wordsOf } from '../http/api-error.ts'
import { t } from '../i18n/t.ts'
import { Notice } from '../ui/notice.tsx'
import { useDeleteConnection } from './connection-queries.ts'
import styles from './connections.module.css'

/** What the question may be told. */
export interface DeleteConnectionDialogProps {
  readonly connection: ConnectionBody
  readonly onClose: () => void
}

/** Asks before a connection is deleted. */
export function DeleteConnectionDialog({ connection, onClose }: DeleteConnectionDialogProps) {
  const remove = useDeleteConnection()
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('Delete {label}?', { label: connection.label || connection.id })}
    >
      <div className={styles.form}>
        <p className="second">
          {t(
            'Its settings and secrets are deleted for good. Drafts that name it have a problem until another one is chosen; it cannot be deleted while a published pipeline uses it.',
          )}
        </p>
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
            onClick={() => remove.mutate(connection.id, { onSuccess: onClose })}
          >
            {t('Delete')}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
