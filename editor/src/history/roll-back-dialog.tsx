import { Button, Checkbox } from '@mantine/core'
import type { VersionBody } from '@millrace/contracts'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, wordsOf } from '../http/api-error.ts'
import { request, segment } from '../http/request.ts'
import { t } from '../i18n/t.ts'
import { OperationProgress } from '../publish/operation-progress.tsx'
import { Notice } from '../ui/notice.tsx'
import { useCommand } from '../workspace/pipeline-queries.ts'
import { useWorkspace } from '../workspace/workspace.ts'
import styles from './history.module.css'

/** What the dialog may be told. */
export interface RollBackDialogProps {
  readonly version: number
  readonly onClose: () => void
}

/** Puts an older version in force again. Where that empties state, the api says whose, and it must be acknowledged. */
export function RollBackDialog({ version, onClose }: RollBackDialogProps) {
  const { pipelineId } = useWorkspace()
  const client = useQueryClient()
  const rollBack = useCommand(pipelineId, 'roll-back')
  const [isKnown, setKnown] = useState(false)
  const mustKnow = rollBack.error instanceof ApiError && rollBack.error.code === 'state_not_acknowledged'
  const send = async () => {
    const path = `/pipelines/${segment(pipelineId)}/versions/${version}`
    const graph = isKnown
      ? await client.fetchQuery({
          queryKey: ['pipeline', pipelineId, 'version', version],
          queryFn: () => request<VersionBody>(path),
        })
      : null
    // The words of the api name the nodes; who has read them acknowledges them all.
    rollBack.mutate({ version, acknowledgeEmpty: graph?.graph.nodes.map(({ id }) => id) ?? [] })
  }
  if (rollBack.data) return <OperationProgress operationId={rollBack.data.operation} onClose={onClose} />
  return (
    <div className={styles.dialog}>
      <p className="second">
        {t(
          'Version {version} runs again in place of the live one. Your draft stays as it is. State and positions do not go back: it goes on where the live version stops.',
          { version },
        )}
      </p>
      {rollBack.error && (
        <Notice tone={mustKnow ? 'warn' : 'err'} urgent>
          {wordsOf(rollBack.error)}
        </Notice>
      )}
      {mustKnow && (
        <Checkbox
          size="sm"
          label={t('I know that this state starts empty.')}
          checked={isKnown}
          onChange={(event) => setKnown(event.currentTarget.checked)}
        />
      )}
      <div className={styles.buttons}>
        <Button variant="default" onClick={onClose}>
          {t('Cancel')}
        </Button>
        <Button loading={rollBack.isPending} disabled={mustKnow && !isKnown} onClick={() => void send()}>
          {t('Roll back')}
        </Button>
      </div>
    </div>
  )
}
