import { Button } from '@mantine/core'
import type { OperationBody, OperationStep } from '@millrace/contracts'
import { Link } from 'react-router'
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
          Close
        </Button>
        <Button component={Link} to={`/pipelines/${pipelineId}/monitor`} onClick={onClose}>
          Open Monitor
        </Button>
      </div>
      <p className="caption">You may close this: it goes on by itself, and Monitor shows it too.</p>
    </div>
  )
}

/** The steps of an operation with their states. */
export function OperationSteps({ operation }: { readonly operation: OperationBody | null }) {
  if (operation === null) return <p role="status">Starting</p>
  return (
    <ol className={styles.steps} aria-label="Steps">
      {operation.steps.map((step) => (
        <Step key={step.name} step={step} />
      ))}
    </ol>
  )
}

const STEP_LOOKS: Readonly<
  Record<OperationStep['state'], { readonly icon: IconName; readonly word: string }>
> = {
  waiting: { icon: 'idle', word: 'waits' },
  running: { icon: 'arrow', word: 'under way' },
  done: { icon: 'ok', word: 'done' },
  failed: { icon: 'err', word: 'failed' },
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
      <span className="caption">{word}</span>
    </li>
  )
}

const VERBS: Readonly<Record<OperationBody['kind'], string>> = {
  publish: 'is live',
  start: 'has started',
  stop: 'has stopped',
  replay: 'replays',
  'roll-back': 'is live again',
  continue: 'goes on',
}

/** How an operation ended; nothing while it goes on. */
export function Outcome({ operation }: { readonly operation: OperationBody }) {
  const { kind, version, outcome, steps } = operation
  const subject = version === null ? 'The pipeline' : `Version ${version}`
  const why = steps.find(({ state }) => state === 'failed')?.detail
  if (outcome === null) return null
  if (outcome === 'done') {
    return (
      <Notice tone="ok">
        {subject} {VERBS[kind]}.
      </Notice>
    )
  }
  return (
    <Notice tone="err" urgent>
      {outcome === 'rolled-back'
        ? `${subject} did not run well, so the version before runs again.`
        : `It did not work, and what ran before could not be brought back. Look at Monitor.`}{' '}
      {why}
    </Notice>
  )
}
