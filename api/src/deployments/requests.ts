import type { Answer, Publish, StartFrom } from '@millrace/contracts'
import { AppError } from '../errors.ts'
import type { Deployment, Draft, Prisma } from '../generated/prisma/client.ts'
import { catalogueVersion, checksumOf, readDocument } from '../pipelines/documents.ts'
import { requireGreenTests } from '../tests/tested-graph.ts'
import type { Control } from './control.ts'
import { lockDeployment, moved } from './deployment-row.ts'
import { beginOperation, freeze, requireIdle, type Started } from './freeze.ts'
import { failStep, supersede } from './operations.ts'
import { isError, lookAhead, type Outlook } from './outlook.ts'
import type { GenerationPlan } from './plan-generation.ts'

/** Who asks, by the name that history shows. */
type By = string

/** The deployment of a pipeline with its draft. */
export interface Subject {
  readonly deployment: Deployment
  readonly draft: Draft
}

/** @throws AppError `not_found` */
export async function findSubject({ prisma }: Pick<Control, 'prisma'>, pipelineId: string): Promise<Subject> {
  const found = await prisma.pipeline.findUnique({
    where: { id: pipelineId },
    include: { deployment: true, draft: true },
  })
  if (!found?.deployment || !found.draft) throw new AppError('not_found', 'There is no such pipeline.')
  return { deployment: found.deployment, draft: found.draft }
}

/** The number that the next published version gets. */
export async function nextVersion({ prisma }: Pick<Control, 'prisma'>, pipelineId: string): Promise<number> {
  const { _max } = await prisma.version.aggregate({ where: { pipelineId }, _max: { version: true } })
  return (_max.version ?? 0) + 1
}

/**
 * Publishes the draft: over what runs, or as a fresh run where nothing does.
 *
 * @throws AppError `draft_changed`, `operation_running`, `start_needed`, `start_not_allowed`, `pipeline_invalid`,
 *   `state_not_acknowledged`, `tests_failed`, `changed_meanwhile`
 */
export async function publish(
  control: Control,
  pipelineId: string,
  { revision, acknowledgeEmpty, start }: Publish,
  requestedBy: By,
): Promise<Started> {
  const { deployment, draft } = await findSubject(control, pipelineId)
  requireRevision(draft, revision)
  requireIdle(deployment)
  const isFreshRun = startsAfresh(deployment, start)
  const graph = readDocument(draft.graph, control.catalogue)
  const outlook = await lookAhead(control, deployment, graph, isFreshRun)
  const planned = requirePlan(outlook)
  if (!isFreshRun) requireAcknowledged(planned, acknowledgeEmpty)
  await requireGreenTests(graph)
  const version = await nextVersion(control, pipelineId)
  const prepare = async (tx: Prisma.TransactionClient) => {
    requireRevision(await tx.draft.findUniqueOrThrow({ where: { pipelineId } }), revision)
    await tx.version.create({
      data: {
        pipelineId,
        version,
        graph: draft.graph,
        checksum: checksumOf(graph),
        catalogue: catalogueVersion(control.catalogue),
        plan: JSON.stringify(planned.plan),
        publishedAt: new Date(),
        publishedBy: requestedBy,
      },
    })
  }
  return freeze(control, {
    kind: 'publish',
    outlook,
    planned,
    version,
    prepare,
    start: start ?? null,
    requestedBy,
  })
}

/**
 * Runs the version that ran last as a fresh run, from where `start` says.
 *
 * @throws AppError `not_published`, `operation_running`, `pipeline_invalid`, `changed_meanwhile`
 */
export async function startAfresh(
  control: Control,
  pipelineId: string,
  kind: 'start' | 'replay',
  start: StartFrom,
  requestedBy: By,
): Promise<Started> {
  const { deployment } = await findSubject(control, pipelineId)
  requireIdle(deployment)
  const version = requirePublished(deployment)
  const graph = await versionGraph(control, pipelineId, version)
  const outlook = await lookAhead(control, deployment, graph, true)
  return freeze(control, { kind, outlook, planned: requirePlan(outlook), version, start, requestedBy })
}

/**
 * Puts an older version in force over what runs. State does not go back.
 *
 * @throws AppError `not_found`, `not_running`, `operation_running`, `pipeline_invalid`, `state_not_acknowledged`,
 *   `changed_meanwhile`
 */
export async function rollBack(
  control: Control,
  pipelineId: string,
  { version, acknowledgeEmpty }: { readonly version: number; readonly acknowledgeEmpty: readonly string[] },
  requestedBy: By,
): Promise<Started> {
  const { deployment } = await findSubject(control, pipelineId)
  requireIdle(deployment)
  if (deployment.state === 'stopped') {
    throw new AppError('not_running', 'The pipeline is stopped: nothing runs that could be rolled back.')
  }
  const graph = await versionGraph(control, pipelineId, version)
  const outlook = await lookAhead(control, deployment, graph, false)
  const planned = requirePlan(outlook)
  requireAcknowledged(planned, acknowledgeEmpty)
  return freeze(control, { kind: 'roll-back', outlook, planned, version, start: null, requestedBy })
}

/**
 * Stops what runs; an operation under way ends with it.
 *
 * @throws AppError `not_running`, `operation_running` where it is being stopped already
 */
export async function stopDeployment(
  control: Control,
  pipelineId: string,
  requestedBy: By,
): Promise<Started> {
  const subject = await findSubject(control, pipelineId)
  const started = await control.prisma.$transaction(async (tx) => {
    const deployment = await lockDeployment(tx, subject.deployment.id)
    if (deployment.state === 'stopped') throw new AppError('not_running', 'The pipeline is stopped already.')
    if (deployment.state === 'stopping') requireIdle(deployment)
    if (deployment.operationId !== null) {
      await supersede(tx, deployment.operationId, `${requestedBy} stopped the pipeline`)
    }
    const facts = { kind: 'stop' as const, version: deployment.version, generation: null, requestedBy }
    return { operation: await beginOperation(tx, deployment, facts), version: deployment.version }
  })
  control.stepIsDue()
  return started
}

/**
 * Answers the question that a publish asks while it cannot drain.
 *
 * @throws AppError `nothing_to_answer`
 */
export async function answerQuestion(
  control: Control,
  pipelineId: string,
  { answer }: Answer,
  by: By,
): Promise<Started> {
  const { deployment } = await findSubject(control, pipelineId)
  const operation = await control.prisma.operation.findFirst({
    where: { id: deployment.operationId ?? '', unread: { not: null } },
    include: { steps: { where: { state: 'running' } } },
  })
  const [step] = operation?.steps ?? []
  if (operation === null || step === undefined) {
    throw new AppError('nothing_to_answer', 'There is no question any more.')
  }
  if (answer === 'roll_back') await failStep(control.prisma, step, `${by} chose to roll back`)
  else await goOn(control, deployment, operation.id, answer === 'discard')
  control.stepIsDue()
  return { operation: operation.id, version: operation.version }
}

async function goOn(
  { prisma }: Control,
  { id }: Deployment,
  operationId: string,
  discards: boolean,
): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const deployment = await lockDeployment(tx, id)
    if (deployment.operationId !== operationId) {
      throw new AppError('nothing_to_answer', 'There is no question any more.')
    }
    await tx.operation.update({ where: { id: operationId }, data: { unread: null, answeredAt: new Date() } })
    await tx.deployment.update({
      where: { id },
      data: {
        ...moved(deployment, { to: 'publishing', reason: null }),
        ...(discards && { drainDiscard: true, sequence: { increment: 1 } }),
      },
    })
  })
}

function requireRevision(draft: Draft, revision: number): void {
  if (draft.revision === revision) return
  throw new AppError('draft_changed', 'The draft was changed since you looked at it: look again.')
}

function startsAfresh({ state, generation }: Deployment, start: StartFrom | undefined): boolean {
  const isStopped = state === 'stopped' || generation === 0
  if (isStopped && start === undefined) {
    throw new AppError('start_needed', 'The pipeline is not running: say from where it shall start.')
  }
  if (state === 'running' && start !== undefined) {
    const message = 'The pipeline is running and goes on where it is: a start position is not possible.'
    throw new AppError('start_not_allowed', message)
  }
  return start !== undefined
}

/** @throws AppError `not_published` */
export function requirePublished({ version }: Deployment): number {
  if (version !== null) return version
  throw new AppError('not_published', 'Nothing of this pipeline was published yet.')
}

/** @throws AppError `not_found` */
export async function versionGraph({ prisma, catalogue }: Control, pipelineId: string, version: number) {
  const where = { pipelineId_version: { pipelineId, version } }
  const found = await prisma.version.findUnique({ where })
  if (found === null) throw new AppError('not_found', `There is no version ${version} of this pipeline.`)
  return readDocument(found.graph, catalogue)
}

/** @throws AppError `pipeline_invalid` */
export function requirePlan({ planned, issues }: Outlook): GenerationPlan {
  const errors = issues.filter(isError)
  const [first] = errors
  if (planned !== null && first === undefined) return planned
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  const message = `The pipeline cannot run as it is: ${first?.message ?? ''}${more}`
  throw new AppError('pipeline_invalid', message, { body: { issues } })
}

/** @throws AppError `state_not_acknowledged` */
export function requireAcknowledged({ fates }: GenerationPlan, acknowledged: readonly string[]): void {
  const open = fates.filter(({ fate, nodeId }) => fate === 'empty' && !acknowledged.includes(nodeId))
  if (open.length === 0) return
  const names = open.map(({ label, reason }) => `"${label}" (${reason})`).join(', ')
  throw new AppError(
    'state_not_acknowledged',
    `State would start empty, which must be acknowledged: ${names}.`,
  )
}
