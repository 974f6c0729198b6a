import { Button, Modal } from '@mantine/core'
import { useCallback, useEffect, useRef } from 'react'
import { type BlockerFunction, useBlocker } from 'react-router'
import { t } from '../i18n/t.ts'
import styles from './workspace.module.css'
import { useSaving, useWorkspace } from './workspace.ts'

/** Saves before the page is left, and asks where that does not work. */
export function LeaveGuard() {
  const { saver, pipelineId } = useWorkspace()
  const message = useSaving((state) => state.message)
  const leaves = useCallback<BlockerFunction>(
    ({ nextLocation }) =>
      saver.getState().phase !== 'saved' && !isWithin(nextLocation.pathname, `/pipelines/${pipelineId}`),
    [saver, pipelineId],
  )
  const blocker = useBlocker(leaves)
  const asked = useRef(blocker)
  asked.current = blocker
  useEffect(() => {
    if (blocker.state !== 'blocked') return
    void saver.flush().then((saved) => {
      if (saved && asked.current.state === 'blocked') asked.current.proceed()
    })
  }, [blocker.state, saver])
  useEffect(() => {
    const guard = (event: BeforeUnloadEvent) => {
      saver.keepBackup()
      if (saver.getState().phase !== 'saved') event.preventDefault()
    }
    const back = () => saver.retry()
    window.addEventListener('beforeunload', guard)
    window.addEventListener('online', back)
    return () => {
      window.removeEventListener('beforeunload', guard)
      window.removeEventListener('online', back)
    }
  }, [saver])
  return (
    <Modal
      opened={blocker.state === 'blocked'}
      onClose={() => blocker.state === 'blocked' && blocker.reset()}
      title={t('Not everything is saved')}
    >
      <p className="second">
        {message ?? t('The last edits are being sent.')}{' '}
        {t(
          'If you leave now, your last edits stay in this browser and are offered when you open the pipeline here again.',
        )}
      </p>
      <div className={styles.buttons}>
        <Button
          variant="default"
          onClick={() => blocker.state === 'blocked' && blocker.reset()}
          data-autofocus
        >
          {t('Stay')}
        </Button>
        <Button color="err" onClick={() => blocker.state === 'blocked' && blocker.proceed()}>
          {t('Leave')}
        </Button>
      </div>
    </Modal>
  )
}

function isWithin(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}/`)
}
