import { counted } from '@millrace/graph'
import { PATIENCE } from '../control.ts'
import { projectDeployment } from '../desired.ts'
import type { PlannedGeneration } from '../generations.ts'
import { askDrain } from '../operations.ts'
import { progressOf, readExecutors, readTaskState, type TaskState } from '../task-state.ts'
import { type Step, StepFailure, type StepResult, type Work } from './step.ts'

/** Waits until every task of the new generation reports that it runs. */
export const verify: Step = {
  patienceMs: PATIENCE.start,
  async run(work) {
    const { control, deployment } = work
    const generation = await work.generation()
    await projectDeployment(control.redis, control.prisma, deployment.id)
    const state = await readTaskState(control.redis, deployment.id, Date.now())
    if (isDraining(generation, state)) return waitForDrain(work, state)
    return waitForTasks(work, generation, state)
  },
}

function isDraining({ generation, facts }: PlannedGeneration, { switchover }: TaskState): boolean {
  return facts.drains !== null && switchover?.generation === generation && switchover.phase === 'drain'
}

async function waitForDrain(
  { control, operation, startedAt }: Work,
  { switchover }: TaskState,
): Promise<StepResult> {
  const unread = switchover?.unread ?? 0
  const since = Math.max(startedAt, operation.answeredAt?.getTime() ?? 0)
  const isLate = Date.now() - since > control.patience.drain
  await askDrain(control.prisma, operation, isLate ? unread : null)
  const asked = isLate ? ': it waits for your answer' : ''
  return {
    done: false,
    detail: `the version before has ${counted(unread, 'record')} left to work off${asked}`,
  }
}

async function waitForTasks(
  work: Work,
  generation: PlannedGeneration,
  state: TaskState,
): Promise<StepResult> {
  const { control, operation, startedAt } = work
  await askDrain(control.prisma, operation, null)
  const { expected, running, stopped } = progressOf(
    generation.spec.plan,
    generation.generation,
    state.reports,
  )
  const [problem] = stopped
  if (problem) throw new StepFailure(problem.problem?.message ?? `The task ${problem.stage} stopped.`)
  if (running === expected)
    return { done: true, detail: `${counted(expected, 'task')} ${expected === 1 ? 'runs' : 'run'}` }
  const { switchover } = state
  const mayRunSince = switchover?.generation === generation.generation ? switchover.since : 0
  if (Date.now() - Math.max(startedAt, mayRunSince) > control.patience.start) {
    throw new StepFailure(await whyNotRunning(work, expected - running, state))
  }
  return { done: false, detail: `${running} of ${counted(expected, 'task')} running` }
}

async function whyNotRunning({ control }: Work, missing: number, { reports }: TaskState): Promise<string> {
  const executors = await readExecutors(control.redis)
  if (executors.length === 0) return 'No executor is there to run it.'
  const why = reports.find(({ problem }) => problem !== null)?.problem?.message
  return `${counted(missing, 'task')} did not start within ${control.patience.start / 1_000} s.${why ? ` One says: ${why}` : ''}`
}
