import { MAX_EXECUTORS, type RunSettingsBody } from '@millrace/contracts'
import { AppError } from '../errors.ts'
import { isRedisDown } from '../http/outages.ts'
import type { Control } from './control.ts'
import { lockDeployment } from './deployment-row.ts'
import { projectDeployment } from './desired.ts'
import { worldIssue } from './issue-codes.ts'
import { remember } from './operations.ts'
import { findSubject } from './requests.ts'

/**
 * Changes how a pipeline runs, now and after every publish. Executors follow within a second or two, task by task; no
 * state moves. While Redis is away the reconciler tells them later.
 *
 * @throws AppError `not_found`, `settings_invalid` with an issue
 */
export async function changeSettings(
  control: Control,
  pipelineId: string,
  { maxExecutors }: RunSettingsBody,
  by: string,
): Promise<RunSettingsBody> {
  requireRange(maxExecutors)
  const { deployment } = await findSubject(control, pipelineId)
  await control.prisma.$transaction(async (tx) => {
    const seen = await lockDeployment(tx, deployment.id)
    if (seen.maxExecutors === maxExecutors) return
    await tx.deployment.update({
      where: { id: seen.id },
      data: { maxExecutors, sequence: { increment: 1 } },
    })
    const message = `${by} lets the pipeline run on ${wordsOf(maxExecutors)}.`
    await remember(tx, seen.id, { kind: 'settings', message })
  })
  await tellExecutors(control, deployment.id)
  return { maxExecutors }
}

function requireRange(maxExecutors: number | null): void {
  const isInRange =
    maxExecutors === null ||
    (Number.isInteger(maxExecutors) && maxExecutors >= 1 && maxExecutors <= MAX_EXECUTORS)
  if (isInRange) return
  const message = `A pipeline runs on 1 to ${MAX_EXECUTORS} executors, or on all that there are; ${maxExecutors} is not possible.`
  const issues = [worldIssue('executors_out_of_range', null, ['maxExecutors'], message)]
  throw new AppError('settings_invalid', message, { body: { issues } })
}

function wordsOf(maxExecutors: number | null): string {
  if (maxExecutors === null) return 'all executors'
  return maxExecutors === 1 ? 'one executor' : `at most ${maxExecutors} executors`
}

async function tellExecutors({ redis, prisma, log }: Control, deployment: string): Promise<void> {
  try {
    await projectDeployment(redis, prisma, deployment)
  } catch (error) {
    if (!isRedisDown(error)) throw error
    log.warn({ deployment }, 'Redis is away: executors hear of the new settings once it is back')
  }
}
