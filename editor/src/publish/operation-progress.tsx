import { Button } from '@mantine/core'
import type { OperationBody, OperationStep } from '@millrace/contracts'
import { Link } from 'react-router'
import { type Message, msg, t } from '../i18n/t.ts'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import { useDeployment } from '../workspace/pipeline-queries.ts'
import { useWorkspace } from '../workspace/workspace.ts'
import { DrainQuestion } from './drain-question.tsx'
import styles from './publish.module.css'

/** What the progress of an operation may be told. */
export interface OperationProgressProps {
  readonly operationId: string
  readonly onClose: () => void
}

/** Follows an operation step by step, and says in words how it ended. */
export function OperationProgress({ operationId, onClose }: OperationProgressProps) {
  const { pipelineId } = useWorkspace()
  const { data } = useDeployment(pipelineId)
  const operation = data?.operation?.id === operationId ? data.operation : null
  return (
    <div className={styles.progress}>
      <OperationSteps operation={operation} />
      {data?.question && <DrainQuestion unread={data.question.unread} />}
      {operation && <Outcome operation={operation} />}
      <div className={styles.buttons}>
        <Button variant="default" onClick={onClose}>
          {t('Close')}
        </Button>
        <Button component={Link} to={`/pipelines/${pipelineId}/monitor`} onClick={onClose}>
          {t('Open Monitor')}
        </Button>
      </div>
      <p className="caption">{t('You may close this: it goes on by itself, and Monitor shows it too.')}</p>
    </div>
  )
}

/** The steps of an operation with their states. */
export function OperationSteps({ operation }: { readonly operation: OperationBody | null }) {
  if (operation === null) return <p role="status">{t('Starting')}</p>
  return (
    <ol className={styles.steps} aria-label={t('Steps')}>
      {operation.steps.map((step) => (
        <Step key={step.name} step={step} />
      ))}
    </ol>
  )
}

const STEP_LOOKS: Readonly<
  Record<OperationStep['state'], { readonly icon: IconName; readonly word: Message }>
> = {
  waiting: { icon: 'idle', word: msg('waits') },
  running: { icon: 'arrow', word: msg('under way') },
  done: { icon: 'ok', word: msg('done') },
  failed: { icon: 'err', word: msg('failed') },
}

function Step({ step: { label, state, detail } }: { readonly step: OperationStep }) {
  const { icon, word } = STEP_LOOKS[state]
  return (
    <li className={styles[state]} aria-current={state === 'running' ? 'step' : undefined}>
      <Icon name={icon} />
      <div className="grow">
        {label}
        {detail && <div className="caption">{detail}</div>}
      </div>
      <span className="caption">{t(word)}</span>
    </li>
  )
}

const VERBS: Readonly<Record<OperationBody['kind'], Message>> = {
  publish: msg('is live'),
  start: msg('has started'),
  stop: msg('has stopped'),
  replay: msg('replays'),
  'roll-back': msg('is live again'),
  continue: msg('goes on'),
}

/** How an operation ended; nothing while it goes on. */
export function Outcome({ operation }: { readonly operation: OperationBody }) {
  const { kind, version, outcome, steps } = operation
  const subject = version === null ? t('The pipeline') : t('Version {version}', { version })
  const why = steps.find(({ state }) => state === 'failed')?.detail
  if (outcome === null) return null
  if (outcome === 'done') {
    return <Notice tone="ok">{t('{subject} {verb}.', { subject, verb: t(VERBS[kind]) })}</Notice>
  }
  return (
    <Notice tone="err" urgent>
      {outcome === 'rolled-back'
        ? t('{subject} did not run well, so the version before runs again.', { subject })
        : t('It did not work, and what ran before could not be brought back. Look at Monitor.')}{' '}
      {why}
    </Notice>
  )
}
