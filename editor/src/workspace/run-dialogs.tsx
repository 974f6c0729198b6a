import { Button, Modal, Radio } from '@mantine/core'
import type { ContinueFrom } from '@millrace/contracts'
import { type ReactNode, useState } from 'react'
import { wordsOf } from '../http/api-error.ts'
import { type Message, msg, t } from '../i18n/t.ts'
import { Notice } from '../ui/notice.tsx'
import { type DeploymentCommand, useCommand } from './pipeline-queries.ts'
import { type StartFrom, StartPosition, TimeField } from './start-position.tsx'
import styles from './workspace.module.css'
import { useWorkspace } from './workspace.ts'

interface DialogProps {
  readonly onClose: () => void
}

/** Starts the newest version as a fresh run. */
export function StartDialog({ onClose }: DialogProps) {
  const [start, setStart] = useState<StartFrom>({ kind: 'latest' })
  return (
    <CommandDialog title={t('Start')} verb={t('Start')} command="start" body={{ start }} onClose={onClose}>
      <p className="second">
        {t('The newest version starts as a fresh run: with empty state, reading from where you say.')}
      </p>
      <StartPosition value={start} onChange={setStart} />
    </CommandDialog>
  )
}

/** Stops the pipeline. */
export function StopDialog({ onClose }: DialogProps) {
  return (
    <CommandDialog
      title={t('Stop this pipeline?')}
      verb={t('Stop')}
      command="stop"
      body={{}}
      isGrave
      onClose={onClose}
    >
      <p className="second">
        {t(
          'It commits what it has done and stops reading. Events wait in their topics; nothing is lost. The next start is a fresh run.',
        )}
      </p>
    </CommandDialog>
  )
}

/** Runs again from a time. */
export function ReplayDialog({ onClose }: DialogProps) {
  const [time, setTime] = useState<number | null>(null)
  return (
    <CommandDialog
      title={t('Replay from a time')}
      verb={t('Replay')}
      command="replay"
      body={{ time }}
      isReady={time !== null}
      onClose={onClose}
    >
      <p className="second">
        {t(
          'A fresh run reads again from that time. Documents in Elasticsearch with the same id are overwritten by the newer run; topics get the results a second time.',
        )}
      </p>
      <TimeField label={t('Read from')} value={time} onChange={setTime} />
    </CommandDialog>
  )
}

const PLACES = [
  { from: 'earliest', label: msg('From the oldest event that is there') },
  { from: 'latest', label: msg('Only events from now on') },
] as const satisfies readonly { from: ContinueFrom; label: Message }[]

/** Answers the question how to go on in a topic that is not what was read any more. */
export function ContinueDialog({ onClose }: DialogProps) {
  const [from, setFrom] = useState<ContinueFrom>('earliest')
  return (
    <CommandDialog title={t('Go on')} verb={t('Go on')} command="continue" body={{ from }} onClose={onClose}>
      <p className="second">
        {t(
          'The running version goes on with its state. What is gone stays missing in its results. Topics that are as they were are read on without a gap.',
        )}
      </p>
      <Radio.Group
        label={t('Read the topic that changed')}
        value={from}
        onChange={(value) => setFrom(value as ContinueFrom)}
      >
        <div className={styles.choices}>
          {PLACES.map((place) => (
            <Radio key={place.from} value={place.from} label={t(place.label)} size="sm" />
          ))}
        </div>
      </Radio.Group>
    </CommandDialog>
  )
}

interface CommandDialogProps extends DialogProps {
  readonly title: string
  readonly verb: string
  readonly command: DeploymentCommand
  readonly body: object
  readonly isGrave?: boolean
  readonly isReady?: boolean
  readonly children: ReactNode
}

function CommandDialog({
  title,
  verb,
  command,
  body,
  isGrave,
  isReady = true,
  onClose,
  children,
}: CommandDialogProps) {
  const { pipelineId } = useWorkspace()
  const run = useCommand(pipelineId, command)
  return (
    <Modal opened onClose={onClose} title={title}>
      <div className={styles.dialog}>
        {children}
        {run.error && (
          <Notice tone="err" urgent>
            {wordsOf(run.error)}
          </Notice>
        )}
        <div className={styles.buttons}>
          <Button variant="default" onClick={onClose}>
            {t('Cancel')}
          </Button>
          <Button
            color={isGrave ? 'err' : undefined}
            loading={run.isPending}
            disabled={!isReady}
            onClick={() => run.mutate(body, { onSuccess: onClose })}
          >
            {verb}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
