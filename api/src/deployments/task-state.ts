import {
  EXECUTOR_TIMEOUT_MS,
  type ExecutorHeartbeat,
  PROBLEMS,
  REPORT_TIMEOUT_MS,
  redisKeys,
  type Switchover,
  type TaskReport,
} from '@millrace/contracts'
import type { DeploymentPlan } from '@millrace/engine'
import type { Redis } from 'ioredis'
import { plannedTasks } from './internal-topics.ts'

/** What executors said lately about a deployment. */
export interface TaskState {
  /** Reports that are not too old to mean anything. */
  readonly reports: readonly TaskReport[]
  readonly switchover: Switchover | null
}

/** Reads what executors say about a deployment. */
export async function readTaskState(redis: Redis, deployment: string, now: number): Promise<TaskState> {
  const [tasks, switchover] = await Promise.all([
    redis.hgetall(redisKeys.tasks(deployment)),
    redis.get(redisKeys.switchover(deployment)),
  ])
  const reports = Object.values(tasks).map((text) => JSON.parse(text) as TaskReport)
  return {
    reports: reports.filter(({ at }) => now - at < REPORT_TIMEOUT_MS),
    switchover: switchover === null ? null : (JSON.parse(switchover) as Switchover),
  }
}

/** Executors that gave a sign of life lately, by the clock of Redis, which their heartbeats use. */
export async function readExecutors(redis: Redis): Promise<ExecutorHeartbeat[]> {
  const [found, [seconds]] = await Promise.all([redis.hgetall(redisKeys.executors), redis.time()])
  const heartbeats = Object.values(found).map((text) => JSON.parse(text) as ExecutorHeartbeat)
  return heartbeats.filter(({ at }) => Number(seconds) * 1_000 - at < EXECUTOR_TIMEOUT_MS)
}

/** How far the tasks of a generation are. */
export interface Progress {
  readonly expected: number
  readonly running: number
  /** Reports of tasks that wait for a person. */
  readonly stopped: readonly TaskReport[]
}

/** Counts the tasks of a generation by what they report. */
export function progressOf(
  plan: DeploymentPlan,
  generation: number,
  reports: readonly TaskReport[],
): Progress {
  const expected = new Set(
    plannedTasks(plan).flatMap(({ stage, tasks }) =>
      Array.from({ length: tasks }, (_, i) => `${stage}/${i}`),
    ),
  )
  const own = reports.filter(
    (report) => report.generation === generation && expected.has(`${report.stage}/${report.partition}`),
  )
  return {
    expected: expected.size,
    running: own.filter(({ state }) => state === 'running').length,
    stopped: own.filter(needsPerson),
  }
}

/** True for a task that will not go on by itself. */
export function needsPerson({ state, problem }: TaskReport): boolean {
  return state === 'stopped' && (problem === null || !PROBLEMS[problem.code]?.resumes)
}

/** Keys of the leases that hold a deployment's tasks. */
export function leaseKeys(deployment: string, plan: DeploymentPlan): string[] {
  const tasks = plannedTasks(plan).flatMap((task) =>
    Array.from({ length: task.tasks }, (_, i) => redisKeys.lease(deployment, task.stage, i)),
  )
  return [redisKeys.deploymentLease(deployment), ...tasks]
}
