import { Button } from '@mantine/core'
import type { ProblemBody } from '@millrace/contracts'
import { useState } from 'react'
import { counted } from '../format/numbers.ts'
import { formatClock, formatDuration } from '../format/times.ts'
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

/** Above the canvas: how fresh the figures are, what is going on, and every problem in words. */
export function StatusStrip() {
  return (
    <section className={styles.strip} aria-label="State">
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
          {isConnected ? 'Waiting for figures' : 'Connecting'}
        </Chip>
      ) : isStale ? (
        <Chip small tone="warn" icon="warn">
          No data since {formatClock(heardAt)}
        </Chip>
      ) : (
        <Chip small tone="ok" icon="live">
          Live {formatClock(heardAt)}
        </Chip>
      )}
      {frame && (
        <span className="caption">
          v{frame.deployment.version} {frame.deployment.state} for{' '}
          {formatDuration(now - frame.deployment.since)} · {counted(frame.executors, 'executor')} ·{' '}
          {wordsOfCommits(frame.commits)}
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
  const length = meanMs === null ? '' : `, ${formatDuration(meanMs)} each`
  return `${Math.round(perSecond * 10) / 10} commits per second${length}`
}

function EdgeLegend() {
  return (
    <span className={styles.legend}>
      <span>
        <i className={styles.lineFlow} /> flowing, width is the rate
      </span>
      <span>
        <i className={styles.lineQuiet} /> no events
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
              Go on…
            </Button>
          )}
          {nodeId !== null && !selected.has(nodeId) && (
            <button type="button" className={styles.link} onClick={() => view.select([nodeId])}>
              Show
            </button>
          )}
        </>
      }
    >
      {label && <b>{label}: </b>}
      {message} <span className="caption">since {formatClock(since)}</span>
      {resumes ? ' It goes on by itself once this is over.' : ''}
    </Notice>
  )
}
