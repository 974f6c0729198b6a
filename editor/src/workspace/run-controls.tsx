import { ActionIcon, Button, Menu } from '@mantine/core'
import type { DeploymentBody } from '@millrace/contracts'
import { useState } from 'react'
import { t } from '../i18n/t.ts'
import { healthOf } from '../pipelines/health.ts'
import { Icon } from '../ui/icon.tsx'
import { StatusWord } from '../ui/status-word.tsx'
import { isMoving, useDeployment } from './pipeline-queries.ts'
import { ReplayDialog, StartDialog, StopDialog } from './run-dialogs.tsx'
import { useFacts, useWorkspace } from './workspace.ts'

type Dialog = 'start' | 'stop' | 'replay'

/** How the deployment stands, and what can be done with it. */
export function RunControls() {
  const { pipelineId } = useWorkspace()
  const { data } = useDeployment(pipelineId)
  const hasVersion = useFacts(({ live }) => live !== null)
  const [dialog, setDialog] = useState<Dialog | null>(null)
  if (data === undefined || !hasVersion) return null
  const close = () => setDialog(null)
  return (
    <>
      <StatusWord status={healthOf(data).status} />
      <MainButton deployment={data} onOpen={setDialog} />
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="default" size="sm" aria-label={t('More ways to run it')}>
            <Icon name="more" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setDialog('replay')}>{t('Replay from a time…')}</Menu.Item>
          <Menu.Item onClick={() => setDialog('start')}>{t('Start as a fresh run…')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === 'start' && <StartDialog onClose={close} />}
      {dialog === 'stop' && <StopDialog onClose={close} />}
      {dialog === 'replay' && <ReplayDialog onClose={close} />}
    </>
  )
}

interface MainButtonProps {
  readonly deployment: DeploymentBody
  readonly onOpen: (dialog: Dialog) => void
}

function MainButton({ deployment, onOpen }: MainButtonProps) {
  const isStopped = deployment.state === 'stopped'
  return (
    <Button
      size="sm"
      variant="default"
      disabled={isMoving(deployment)}
      leftSection={<Icon name={isStopped ? 'play' : 'pause'} size={14} />}
      onClick={() => onOpen(isStopped ? 'start' : 'stop')}
    >
      {isStopped ? t('Start…') : t('Stop…')}
    </Button>
  )
}
