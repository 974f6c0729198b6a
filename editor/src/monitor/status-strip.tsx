import { Button } from '@mantine/core'
import type { DeploymentSummary, ProblemBody } from '@millrace/contracts'
import { useState } from 'react'
import { counted, formatTenth } from '../format/numbers.ts'
import { formatClock, formatDuration } from '../format/times.ts'
import { type Message, msg, t } from '../i18n/t.ts'
import { DrainQuestion } from '../publish/drain-question.tsx'
import { OperationSteps, Outcome } from '../publish/operation-progress.tsx'
import { Chip } from '../ui/chip.tsx'
import { Notice } from '../ui/notice.tsx'
import { useNow } from '../ui/use-now.ts'
import { isMoving, useDeployment } from '../workspace/pipeline-queries.ts'
import { ContinueDialog } from '../workspace/run-dialogs.tsx'
import { useFacts, useView, useWorkspace } from '../workspace/workspace.ts'
import { isSilent } from './live-store.ts'
import styles from './monitor.module.css'
import { useLive } from './monitor-context.ts'

const STATES: { readonly [state in DeploymentSummary['state']]: Message } = {
  stopped: msg('stopped'),
  starting: msg('starting'),
  running: msg('running'),
  publishing: msg('publishing'),
  stopping: msg('stopping'),
  attention: msg('attention'),
}

/** Above the canvas: how fresh the figures are, what is going on, and every problem in words. */
export function StatusStrip() {
  return (
    <section className={styles.strip} aria-label={t('State')}>
      <Freshness />
      <Operation />
      <Problems />
    </section>
  )
}

function Freshness() {
  const now = useNow(1_000)
  const heardAt = useLive((state) => state.heardAt)
  const isConnected = useLive((state) => state.isConnected)
  const frame = useLive((state) => state.now?.frame)
  const isStale = isSilent({ heardAt }, now)
  return (
    <div className={styles.freshness}>
      {heardAt === null ? (
        <Chip small icon="clock">
          {isConnected ? t('Waiting for figures') : t('Connecting')}
        </Chip>
      ) : isStale ? (
        <Chip small tone="warn" icon="warn">
          {t('No data since {heardAt}', { heardAt: formatClock(heardAt) })}
        </Chip>
      ) : (
        <Chip small tone="ok" icon="live">
          {t('Live {heardAt}', { heardAt: formatClock(heardAt) })}
        </Chip>
      )}
      {frame && (
        <span className="caption">
          {t('v{version} {state} for {now} · {executors} · {commits}', {
            version: frame.deployment.version,
            state: t(STATES[frame.deployment.state]),
            now: formatDuration(now - frame.deployment.since),
            executors: counted(frame.executors, 'executor'),
            commits: wordsOfCommits(frame.commits),
          })}
        </span>
      )}
      <span className="grow" />
      <EdgeLegend />
    </div>
  )
}

function wordsOfCommits({
  perSecond,
  meanMs,
}: {
  readonly perSecond: number
  readonly meanMs: number | null
}): string {
  const rate = formatTenth(perSecond)
  return meanMs === null
    ? t('{rate} commits per second', { rate })
    : t('{rate} commits per second, {length} each', { rate, length: formatDuration(meanMs) })
}

function EdgeLegend() {
  return (
    <span className={styles.legend}>
      <span>
        <i className={styles.lineFlow} /> {t('flowing, width is the rate')}
      </span>
      <span>
        <i className={styles.lineQuiet} /> {t('no events')}
      </span>
    </span>
  )
}

function Operation() {
  const { pipelineId } = useWorkspace()
  const { data } = useDeployment(pipelineId)
  const operation = data?.operation ?? null
  if (operation === null) return null
  return (
    <>
      {data?.question && <DrainQuestion unread={data.question.unread} />}
      {isMoving(data) && (
        <div className={styles.operation}>
          <OperationSteps operation={operation} />
        </div>
      )}
      {operation.outcome !== null && operation.outcome !== 'done' && <Outcome operation={operation} />}
    </>
  )
}

function Problems() {
  const problems = useLive((state) => state.now?.frame.problems)
  const [isAnswering, setAnswering] = useState(false)
  if (!problems || problems.length === 0) return null
  return (
    <>
      {problems.map((problem) => (
        <ProblemNotice
          key={`${problem.code} ${problem.nodeId}`}
          problem={problem}
          onAnswer={() => setAnswering(true)}
        />
      ))}
      {isAnswering && <ContinueDialog onClose={() => setAnswering(false)} />}
    </>
  )
}

interface ProblemNoticeProps {
  readonly problem: ProblemBody
  readonly onAnswer: () => void
}

function ProblemNotice({ problem, onAnswer }: ProblemNoticeProps) {
  const { nodeId, message, since, resumes, continues } = problem
  const { view } = useWorkspace()
  const selected = useView(({ nodes }) => nodes)
  const live = useFacts((facts) => facts.live)
  const label = live?.graph.nodes.find(({ id }) => id === nodeId)?.label
  return (
    <Notice
      tone={resumes ? 'warn' : 'err'}
      urgent={!resumes}
      action={
        <>
          {continues && (
            <Button size="sm" variant="default" onClick={onAnswer}>
              {t('Go on…')}
            </Button>
          )}
          {nodeId !== null && !selected.has(nodeId) && (
            <button type="button" className={styles.link} onClick={() => view.select([nodeId])}>
              {t('Show')}
            </button>
          )}
        </>
      }
    >
      {label && <b>{label}: </b>}
      {message} <span className="caption">{t('since {since}', { since: formatClock(since) })}</span>
      {resumes ? ` ${t('It goes on by itself once this is over.')}` : ''}
    </Notice>
  )
}
