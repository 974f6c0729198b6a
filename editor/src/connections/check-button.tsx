import { Button } from '@mantine/core'
import { wordsOf } from '../http/api-error.ts'
import { t } from '../i18n/t.ts'
import { Icon } from '../ui/icon.tsx'
import { useCheckConnection } from './connection-queries.ts'
import styles from './connections.module.css'

/** Asks the server behind a connection whether it answers, and says in words what came of it. */
export function CheckButton({ id }: { readonly id: string }) {
  const check = useCheckConnection()
  const isOk = check.data?.ok === true
  const words = check.error ? wordsOf(check.error) : check.data?.message
  return (
    <>
      <p className={`${styles.answer} ${isOk ? styles.ok : styles.bad}`} role="status">
        {words && (
          <>
            <Icon name={isOk ? 'ok' : 'err'} size={14} />
            {words}
          </>
        )}
      </p>
      <Button size="sm" variant="light" loading={check.isPending} onClick={() => check.mutate(id)}>
        {t('Check')}
      </Button>
    </>
  )
}
