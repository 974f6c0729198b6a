import { Button, Checkbox } from '@mantine/core'
import type { PublishPlan, StartFrom } from '@millrace/contracts'
import { useState } from 'react'
import { counted } from '../format/numbers.ts'
import { wordsOf } from '../http/api-error.ts'
import { rich } from '../i18n/rich.tsx'
import { t } from '../i18n/t.ts'
import { Icon } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import { useCommand, useDeployment } from '../workspace/pipeline-queries.ts'
import { StartPosition } from '../workspace/start-position.tsx'
import { useWorkspace } from '../workspace/workspace.ts'
import type { PlanViewProps } from './plan-view.tsx'
import styles from './publish.module.css'

/** The checks, what must be acknowledged, and the button. */
export function ReadyCard({ plan, revision, onClose, onStarted }: PlanViewProps) {
  const { pipelineId } = useWorkspace()
  const { data: deployment } = useDeployment(pipelineId)
  const publish = useCommand(pipelineId, 'publish')
  const [known, setKnown] = useState<ReadonlySet<string>>(new Set())
  const [start, setStart] = useState<StartFrom>({ kind: 'latest' })
  const starts = deployment?.state === 'stopped' || plan.liveVersion === null
  const emptied = starts ? [] : plan.state.filter(({ fate }) => fate === 'empty')
  const errors = plan.issues.filter(({ severity }) => severity === 'error')
  const isReady =
    deployment !== undefined && errors.length === 0 && emptied.every(({ nodeId }) => known.has(nodeId))
  const send = () => {
    const body = { revision, acknowledgeEmpty: [...known], ...(starts && { start }) }
    publish.mutate(body, { onSuccess: ({ operation }) => onStarted(operation) })
  }
  return (
    <section className={`card ${styles.box} ${styles.ready}`} aria-labelledby="ready-title">
      <h3 id="ready-title">{errors.length === 0 ? t('Ready to publish') : t('Not ready to publish')}</h3>
      <Issues issues={plan.issues} onClose={onClose} />
      <Tests tests={plan.tests} />
      {starts && errors.length === 0 && <StartPosition value={start} onChange={setStart} />}
      {emptied.map(({ nodeId, label }) => (
        <Checkbox
          key={nodeId}
          size="sm"
          className={styles.acknowledge}
          label={rich('I know that {label} starts with empty state.', { label: <b>{label}</b> })}
          checked={known.has(nodeId)}
          onChange={(event) => setKnown(toggled(known, nodeId, event.currentTarget.checked))}
        />
      ))}
      {publish.error && (
        <Notice tone="err" urgent>
          {wordsOf(publish.error)}
        </Notice>
      )}
      <Button
        size="md"
        fullWidth
        leftSection={<Icon name="up" />}
        disabled={!isReady}
        loading={publish.isPending}
        onClick={send}
      >
        {t('Publish v{nextVersion}', { nextVersion: plan.nextVersion })}
      </Button>
      <p className="small second">{whatHappens(plan, starts)}</p>
    </section>
  )
}

/** How the tests of the pipeline went; those that fail stand among the issues. */
function Tests({ tests: { passed, failed } }: { readonly tests: PublishPlan['tests'] }) {
  if (passed + failed === 0) return null
  return (
    <ul className={styles.checks}>
      <li>
        <Icon name={failed === 0 ? 'check' : 'err'} className={failed === 0 ? styles.ok : styles.err} />
        {failed === 0
          ? t('{tests} green', { tests: counted(passed, 'test') })
          : t('{failed} of {tests} red', { failed, tests: counted(passed + failed, 'test') })}
      </li>
    </ul>
  )
}

function whatHappens({ drains, liveVersion, nextVersion }: PublishPlan, starts: boolean): string {
  if (starts)
    return t(
      'Version {nextVersion} starts as a fresh run. If it does not come up, nothing is left running.',
      { nextVersion },
    )
  const drain = drains
    ? t(
        'Version {liveVersion} first empties its internal topics: for some seconds there is no output, then the lag is caught up.',
        { liveVersion },
      )
    : t('Version {nextVersion} goes on where version {liveVersion} stops.', { nextVersion, liveVersion })
  return t('{drain} If it does not run well, version {liveVersion} comes back.', { drain, liveVersion })
}

function toggled(set: ReadonlySet<string>, member: string, isIn: boolean): ReadonlySet<string> {
  const next = new Set(set)
  if (isIn) next.add(member)
  else next.delete(member)
  return next
}

/** What stands in the way, and what to think about; a click leads to the place. */
function Issues({
  issues,
  onClose,
}: {
  readonly issues: PublishPlan['issues']
  readonly onClose: () => void
}) {
  const { view } = useWorkspace()
  const errors = issues.filter(({ severity }) => severity === 'error').length
  return (
    <ul className={styles.checks}>
      <li>
        <Icon name={errors === 0 ? 'check' : 'err'} className={errors === 0 ? styles.ok : styles.err} />
        {errors === 0 ? t('Pipeline and connections are in order') : counted(errors, 'problem')}
      </li>
      {issues.map(({ code, severity, nodeId, path, message }) => (
        <li key={`${code} ${nodeId} ${path.join('/')} ${message}`}>
          <Icon
            name={severity === 'error' ? 'err' : 'warn'}
            className={severity === 'error' ? styles.err : styles.warn}
          />
          {nodeId === null ? (
            <span>{message}</span>
          ) : (
            <button
              type="button"
              className={styles.link}
              onClick={() => {
                view.reveal(nodeId, path)
                onClose()
              }}
            >
              {message}
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}
