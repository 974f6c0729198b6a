import { redisKeys } from '@millrace/contracts'
import { type TaskIdentity, tasksOf } from '../task/task-identity.ts'
import type { DeploymentView } from './deployments.ts'

/** A task that should run now. */
export interface WantedTask {
  readonly identity: TaskIdentity
  readonly leaseKey: string
  /** True where its sources stand still. */
  readonly drains: boolean
}

/**
 * The tasks of a deployment that should run now. While a generation drains, its own tasks run; while its stages are
 * sealed, only those that the new generation has too; then the new generation's.
 */
export function wantedTasks({ desired, spec, draining, switchover }: DeploymentView): WantedTask[] {
  if (desired.state === 'stopped') return []
  if (switchover.phase === 'drain' && draining !== null)
    return tasksOf(draining).map((identity) => wanted(identity, true))
  if (switchover.phase === 'run') return tasksOf(spec).map((identity) => wanted(identity, false))
  if (draining === null) return []
  const staying = new Set(tasksOf(spec).map(({ stage }) => stage))
  return tasksOf(draining)
    .filter(({ stage }) => staying.has(stage))
    .map((identity) => wanted(identity, true))
}

function wanted(identity: TaskIdentity, drains: boolean): WantedTask {
  const { spec, stage, partition } = identity
  return { identity, drains, leaseKey: redisKeys.lease(spec.deployment, stage, partition) }
}
