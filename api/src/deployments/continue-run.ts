import { type ContinueFrom, canContinue } from '@millrace/contracts'
import { AppError } from '../errors.ts'
import type { Control } from './control.ts'
import { freeze, requireIdle, type Started } from './freeze.ts'
import { lookAhead } from './outlook.ts'
import { findSubject, requireAcknowledged, requirePlan, requirePublished, versionGraph } from './requests.ts'
import { readTaskState } from './task-state.ts'

/**
 * Answers the question of a pipeline whose position in a topic means nothing any more: the version that runs goes on,
 * with its state, from where `from` says in those topics, and from where it was in all others.
 *
 * @throws AppError `not_found`, `not_published`, `operation_running`, `nothing_to_answer`, `pipeline_invalid`,
 *   `state_not_acknowledged`, `changed_meanwhile`
 */
export async function continueRun(
  control: Control,
  pipelineId: string,
  from: ContinueFrom,
  requestedBy: string,
): Promise<Started> {
  const { deployment } = await findSubject(control, pipelineId)
  requireIdle(deployment)
  const version = requirePublished(deployment)
  if (deployment.state === 'stopped' || !(await isAsked(control, deployment.id))) {
    throw new AppError('nothing_to_answer', 'There is no question any more.')
  }
  const graph = await versionGraph(control, pipelineId, version)
  const outlook = await lookAhead(control, deployment, graph, false)
  const planned = requirePlan(outlook)
  requireAcknowledged(planned, [])
  const what = { kind: 'continue' as const, outlook, planned, version }
  return freeze(control, { ...what, start: null, continueFrom: from, requestedBy })
}

async function isAsked({ redis }: Control, deployment: string): Promise<boolean> {
  const { reports } = await readTaskState(redis, deployment, Date.now())
  return reports.some(({ problem }) => problem !== null && canContinue(problem))
}
