import { Modal } from '@mantine/core'
import type { PublishPlan } from '@millrace/contracts'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { wordsOf } from '../http/api-error.ts'
import { request, segment } from '../http/request.ts'
import { t } from '../i18n/t.ts'
import { Notice } from '../ui/notice.tsx'
import { useSaving, useWorkspace } from '../workspace/workspace.ts'
import { OperationProgress } from './operation-progress.tsx'
import { PlanView } from './plan-view.tsx'
import styles from './publish.module.css'

/** Shows what publishing would do, publishes, and follows it to its end. */
export function PublishDialog({ onClose }: { readonly onClose: () => void }) {
  const [operation, setOperation] = useState<string | null>(null)
  return (
    <Modal opened onClose={onClose} title={t('Publish')} size={1080}>
      {operation === null ? (
        <SavedPlan onClose={onClose} onStarted={setOperation} />
      ) : (
        <OperationProgress operationId={operation} onClose={onClose} />
      )}
    </Modal>
  )
}

interface SavedPlanProps {
  readonly onClose: () => void
  readonly onStarted: (operation: string) => void
}

/** Saves the draft first: what is published is what the server has. */
function SavedPlan({ onClose, onStarted }: SavedPlanProps) {
  const { saver, pipelineId } = useWorkspace()
  const [isSaved, setSaved] = useState<boolean | null>(null)
  const message = useSaving((state) => state.message)
  const revision = useSaving((state) => state.revision)
  useEffect(() => {
    void saver.flush().then(setSaved)
  }, [saver])
  const plan = useQuery({
    queryKey: ['pipeline', pipelineId, 'publish-plan', revision],
    queryFn: ({ signal }) =>
      request<PublishPlan>(`/pipelines/${segment(pipelineId)}/publish-plan`, { signal }),
    enabled: isSaved === true,
    gcTime: 0,
  })
  if (isSaved === false) {
    return (
      <Notice tone="err" urgent>
        {t('The draft is not saved, so it cannot be published. {message}', { message })}
      </Notice>
    )
  }
  if (plan.error) {
    return (
      <Notice tone="err" urgent>
        {wordsOf(plan.error)}
      </Notice>
    )
  }
  if (plan.data === undefined) {
    return (
      <p className={styles.loading} role="status">
        {t('Looking at what publishing would change')}
      </p>
    )
  }
  return <PlanView plan={plan.data} revision={revision} onClose={onClose} onStarted={onStarted} />
}
