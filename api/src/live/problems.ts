import {
  canContinue,
  type ExecutorHeartbeat,
  PROBLEMS,
  type ProblemBody,
  type TaskReport,
} from '@millrace/contracts'
import { counted } from '@millrace/graph'
import type { Progress } from '../deployments/task-state.ts'

/** What is known of a deployment that should run. */
export interface Situation {
  readonly now: number
  /** When it began to be as it is, epoch ms: tasks need a moment to start. */
  readonly since: number
  readonly progress: Progress
  readonly reports: readonly TaskReport[]
  readonly executors: readonly ExecutorHeartbeat[]
}

/** Tasks that do not run are no problem before this time has passed. */
const PATIENCE_MS = 15_000

/** What is wrong with a deployment that should run, in words: each thing once, however many tasks say it. */
export function findProblems(situation: Situation): ProblemBody[] {
  const reported = reportedProblems(situation.reports)
  return [...missingTasks(situation, reported), ...reported]
}

/** The problems that tasks report, each with the time when the first of them had it. */
function reportedProblems(reports: readonly TaskReport[]): ProblemBody[] {
  const problems = reports.flatMap(({ problem }) => (problem === null ? [] : [problem]))
  const same = Map.groupBy(problems, ({ code, nodeId }) => `${code}\n${nodeId ?? ''}`)
  return [...same.values()].flatMap((group) => {
    const first = group.reduce((oldest, problem) => (problem.since < oldest.since ? problem : oldest))
    const { code, nodeId, message, since } = first
    const others = group.length - 1
    const more = others > 0 ? ` (and ${counted(others, 'more task')})` : ''
    const resumes = PROBLEMS[code]?.resumes ?? false
    const answer = canContinue(first) ? { continues: true as const } : {}
    return [{ code, nodeId, message: message + more, since, resumes, ...answer }]
  })
}

function missingTasks(
  { now, since, progress, executors }: Situation,
  reported: readonly ProblemBody[],
): ProblemBody[] {
  if (executors.length === 0) {
    const message = 'No executor is running, so nothing is processed. It goes on when one is started.'
    return [{ code: 'no_executor', nodeId: null, message, since, resumes: true }]
  }
  const missing = progress.expected - progress.running
  if (missing === 0 || reported.length > 0 || now - since < PATIENCE_MS) return []
  const message = `${missing} of ${counted(progress.expected, 'task')} ${missing === 1 ? 'is' : 'are'} not running. What is missing starts again by itself.`
  return [{ code: 'tasks_missing', nodeId: null, message, since, resumes: true }]
}
