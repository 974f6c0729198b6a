import type { OperationBody } from '@millrace/contracts'
import type { Deployment, Operation, Prisma, PrismaClient } from '../generated/prisma/client.ts'
import { randomId } from '../random-id.ts'
import { storableText } from '../storable-text.ts'
import { lockDeployment, type Move, moved } from './deployment-row.ts'
import { appendSteps } from './freeze.ts'
import { RECOVERY_STEPS } from './step-table.ts'

type Tx = Prisma.TransactionClient
type Outcome = NonNullable<OperationBody['outcome']>

/** Where a step stands in its operation. */
export interface StepPlace {
  readonly operationId: string
  readonly position: number
}

/**
 * Ends a step and makes the next one due, or ends the operation; all in one transaction. Does nothing where the step
 * has ended, or where the operation no longer has the word.
 */
export async function completeStep(
  prisma: PrismaClient,
  place: StepPlace,
  detail: string,
  commit?: (tx: Tx) => Promise<void>,
): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const current = await currentStep(tx, place)
    if (current === null) return
    await commit?.(tx)
    await tx.operationStep.update({
      where: stepKey(place),
      data: { state: 'done', detail: storableText(detail) },
    })
    const next = { operationId: place.operationId, position: place.position + 1 }
    const hasNext = (await tx.operationStep.count({ where: next })) > 0
    if (hasNext) await tx.outboxRow.create({ data: next })
    else await endOperation(tx, current)
  })
}

/**
 * Takes note that a step has failed for good, and begins what puts things right: nothing where the new generation is
 * not in force, the way back to the version before where there is one, else a stop.
 */
export async function failStep(prisma: PrismaClient, place: StepPlace, why: string): Promise<void> {
  const reason = storableText(why)
  await prisma.$transaction(async (tx) => {
    const current = await currentStep(tx, place)
    if (current === null) return
    const { operation, deployment } = current
    await tx.operationStep.update({ where: stepKey(place), data: { state: 'failed', detail: reason } })
    await tx.operation.update({
      where: { id: operation.id },
      data: { failure: operation.failure ?? reason, unread: null },
    })
    const failed = { ...current, operation: { ...operation, failure: operation.failure ?? reason } }
    const recovery = recoveryOf(operation, deployment)
    if (recovery === 'end') return endOperation(tx, failed)
    if (recovery === 'attention') return endInAttention(tx, failed, reason)
    await tx.operation.update({
      where: { id: operation.id },
      data: { failedGeneration: operation.generation },
    })
    if (recovery === 'stop') await move(tx, deployment, { to: 'stopping', reason })
    const steps = await tx.operationStep.count({ where: { operationId: operation.id } })
    await appendSteps(tx, operation.id, steps, RECOVERY_STEPS[recovery])
  })
}

/** Ends an operation that another one replaces. */
export async function supersede(tx: Tx, operationId: string, reason: string): Promise<void> {
  await tx.operation.updateMany({
    where: { id: operationId, endedAt: null },
    data: { endedAt: new Date(), outcome: 'failed', failure: reason, unread: null },
  })
}

/** Puts a drain that does not end to the user, or takes the question back. */
export async function askDrain(
  prisma: PrismaClient,
  operation: Operation,
  unread: number | null,
): Promise<void> {
  if (operation.unread === unread) return
  await prisma.$transaction(async (tx) => {
    const deployment = await lockDeployment(tx, operation.deploymentId)
    if (deployment.operationId !== operation.id) return
    await tx.operation.update({ where: { id: operation.id }, data: { unread } })
    const reason = 'the version before cannot work off its records: choose what to do'
    const under = operation.previousState === 'stopped' ? 'starting' : 'publishing'
    await move(tx, deployment, unread === null ? { to: under, reason: null } : { to: 'attention', reason })
  })
}

/** Writes into the history of a deployment. */
export async function remember(
  tx: Tx,
  deploymentId: string,
  event: { readonly kind: string; readonly message: string },
): Promise<void> {
  await tx.statusEvent.create({ data: { deploymentId, id: randomId(), at: new Date(), ...event } })
}

interface Current {
  readonly operation: Operation
  readonly deployment: Deployment
}

/** The operation and its deployment, locked, if this step is still to be done. */
async function currentStep(tx: Tx, place: StepPlace): Promise<Current | null> {
  const found = await tx.operation.findUnique({ where: { id: place.operationId } })
  if (found === null) return null
  const deployment = await lockDeployment(tx, found.deploymentId)
  const operation = await tx.operation.findUniqueOrThrow({ where: { id: place.operationId } })
  const step = await tx.operationStep.findUnique({ where: stepKey(place) })
  const isOpen = step?.state === 'waiting' || step?.state === 'running'
  return isOpen && operation.endedAt === null && deployment.operationId === operation.id
    ? { operation, deployment }
    : null
}

type Recovery = keyof typeof RECOVERY_STEPS | 'end' | 'attention'

function recoveryOf(operation: Operation, deployment: Deployment): Recovery {
  if (operation.failure !== null || operation.kind === 'stop') return 'attention'
  const isInForce = operation.generation !== null && deployment.generation >= operation.generation
  if (!isInForce) return 'end'
  return operation.previousState === 'stopped' ? 'stop' : 'take-back'
}

/** Ends an operation whose steps are all done, or that failed before it changed anything that runs. */
async function endOperation(tx: Tx, { operation, deployment }: Current): Promise<void> {
  const outcome = outcomeOf(operation, deployment)
  await closeOperation(tx, operation, outcome)
  for (const step of finalMoves(operation, deployment)) {
    deployment.state = await move(tx, deployment, step)
  }
  await tx.deployment.update({ where: { id: deployment.id }, data: { operationId: null } })
  await remember(tx, deployment.id, { kind: outcome, message: summary(operation, outcome) })
}

async function endInAttention(tx: Tx, { operation, deployment }: Current, reason: string): Promise<void> {
  await closeOperation(tx, operation, 'failed')
  await move(tx, deployment, { to: 'attention', reason })
  await tx.deployment.update({ where: { id: deployment.id }, data: { operationId: null } })
  await remember(tx, deployment.id, { kind: 'failed', message: summary(operation, 'failed') })
}

async function closeOperation(tx: Tx, { id }: Operation, outcome: Outcome): Promise<void> {
  await tx.operation.update({ where: { id }, data: { endedAt: new Date(), outcome, unread: null } })
}

function outcomeOf({ failure, failedGeneration }: Operation, { state }: Deployment): Outcome {
  if (failure === null) return 'done'
  return failedGeneration !== null && state !== 'stopping' ? 'rolled-back' : 'failed'
}

/** The moves that lead to where the deployment stands after its operation. */
function finalMoves({ failure, previousState }: Operation, { state }: Deployment): Move[] {
  if (state === 'stopping') return [{ to: 'stopped', reason: failure }]
  if (failure === null || previousState === 'running') return [{ to: 'running', reason: null }]
  if (previousState !== 'stopped') return [{ to: 'attention', reason: failure }]
  return [
    { to: 'stopping', reason: failure },
    { to: 'stopped', reason: failure },
  ]
}

async function move(tx: Tx, deployment: Deployment, to: Move): Promise<Deployment['state']> {
  await tx.deployment.update({ where: { id: deployment.id }, data: moved(deployment, to) })
  return to.to
}

const DONE_WORDS: { readonly [kind: string]: string } = {
  publish: 'was published',
  'roll-back': 'was published again',
  continue: 'was told to go on in topics that had changed,',
  start: 'was started',
  replay: 'was started again from an earlier time',
  stop: 'was stopped',
}

function summary({ kind, version, requestedBy, failure }: Operation, outcome: Outcome): string {
  const subject = version === null ? 'The pipeline' : `Version ${version}`
  if (outcome === 'done') return `${subject} ${DONE_WORDS[kind]} by ${requestedBy}.`
  const what = outcome === 'failed' ? 'failed' : 'failed, and the version before runs again'
  return `${subject}: ${kind} by ${requestedBy} ${what}. ${failure ?? ''}`.trim()
}

function stepKey({ operationId, position }: StepPlace) {
  return { operationId_position: { operationId, position } }
}
