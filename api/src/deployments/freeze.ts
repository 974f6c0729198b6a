import type { ContinueFrom, StartFrom } from '@millrace/contracts'
import { AppError } from '../errors.ts'
import type { Deployment, Prisma } from '../generated/prisma/client.ts'
import { Prisma as PrismaErrors } from '../generated/prisma/client.ts'
import { randomId } from '../random-id.ts'
import type { Control } from './control.ts'
import { lockDeployment, moved } from './deployment-row.ts'
import { generationRow } from './generations.ts'
import { incarnationsFor } from './incarnations.ts'
import type { Outlook } from './outlook.ts'
import type { GenerationPlan } from './plan-generation.ts'
import { buildSpec, specConnections, usedConnections } from './spec.ts'
import { OPERATION_STEPS, type OperationKind, type StepName } from './step-table.ts'

type Tx = Prisma.TransactionClient

/** What is put in force. */
export interface FreezeRequest {
  readonly kind: Exclude<OperationKind, 'stop'>
  readonly outlook: Outlook
  readonly planned: GenerationPlan
  /** The version that runs; a function where it is made in the same transaction. */
  readonly version: number
  /** Writes what belongs to it, e.g. the version itself. May throw to refuse. */
  readonly prepare?: (tx: Tx) => Promise<void>
  /** For a fresh run; others keep what their run began with. */
  readonly start: StartFrom | null
  /** Where to go on in topics that are not what was read any more; absent where nobody was asked. */
  readonly continueFrom?: ContinueFrom
  readonly requestedBy: string
}

/** An operation that has begun. */
export interface Started {
  readonly operation: string
  readonly version: number | null
}

/**
 * Freezes a planned generation and begins the operation that puts it in force: one transaction holds the version, the
 * generation, the operation and the outbox row of its first step (exactly-once.md P9). Executors learn of it later.
 *
 * @throws AppError `operation_running`, `changed_meanwhile`, and what `prepare` throws
 */
export async function freeze(control: Control, request: FreezeRequest): Promise<Started> {
  const { outlook, planned, version, kind } = request
  const { deployment: seen, isFreshRun } = outlook
  const connections = await specConnections(control, seen.id, version, usedConnections(outlook))
  const operation = await refuseDoubles(() =>
    control.prisma.$transaction(async (tx) => {
      const deployment = await lockDeployment(tx, seen.id)
      requireUnchanged(deployment, seen)
      await request.prepare?.(tx)
      const generation = deployment.lastGeneration + 1
      const run = isFreshRun ? deployment.lastRun + 1 : deployment.run
      const incarnations = await incarnationsFor(
        tx,
        planned.facts.deliveries,
        outlook.before,
        kind === 'replay',
      )
      const start = request.start ?? outlook.before?.spec.start ?? { kind: 'earliest' }
      const { continueFrom } = request
      const numbers = {
        ...{ version, generation, run, incarnations, start },
        ...(continueFrom && { continueFrom }),
      }
      const spec = buildSpec(outlook, planned, numbers, connections, control.replicationFactor)
      await tx.generation.create({ data: generationRow(spec, planned.facts) })
      await tx.deployment.update({
        where: { id: deployment.id },
        data: {
          lastGeneration: generation,
          lastRun: Math.max(run, deployment.lastRun),
          nextStageNumber: planned.nextStageNumber,
          partitions: outlook.partitions,
        },
      })
      return beginOperation(tx, deployment, { ...request, generation })
    }),
  )
  control.stepIsDue()
  return { operation, version }
}

/** What an operation is begun with. */
export interface OperationStart {
  readonly kind: OperationKind
  readonly version: number | null
  readonly generation: number | null
  readonly requestedBy: string
}

const BEGINNING = {
  publish: 'publishing',
  'roll-back': 'publishing',
  continue: 'publishing',
  start: 'starting',
  replay: 'starting',
  stop: 'stopping',
} as const satisfies Record<OperationKind, Deployment['state']>

/** Writes an operation with its steps and makes the first one due. The deployment must be locked. */
export async function beginOperation(
  tx: Tx,
  deployment: Deployment,
  { kind, version, generation, requestedBy }: OperationStart,
): Promise<string> {
  const id = randomId()
  const begins = deployment.state === 'stopped' && kind !== 'stop' ? 'starting' : BEGINNING[kind]
  await tx.operation.create({
    data: {
      id,
      deploymentId: deployment.id,
      kind,
      version,
      generation,
      previousGeneration: deployment.generation,
      previousState: deployment.state,
      requestedBy,
      startedAt: new Date(),
    },
  })
  await appendSteps(tx, id, 0, OPERATION_STEPS[kind])
  await tx.deployment.update({
    where: { id: deployment.id },
    data: { operationId: id, ...moved(deployment, { to: begins, reason: null }) },
  })
  return id
}

/** Adds steps to an operation and makes the first of them due. */
export async function appendSteps(
  tx: Tx,
  operationId: string,
  from: number,
  names: readonly StepName[],
): Promise<void> {
  const rows = names.map((name, i) => ({ operationId, position: from + i, name }))
  await tx.operationStep.createMany({ data: rows })
  await tx.outboxRow.create({ data: { operationId, position: from } })
}

/** @throws AppError `operation_running` */
export function requireIdle({ operationId }: Deployment): void {
  if (operationId === null) return
  const message = 'Another operation is under way. Wait until it has ended, or stop the pipeline.'
  throw new AppError('operation_running', message)
}

function requireUnchanged(deployment: Deployment, seen: Deployment): void {
  requireIdle(deployment)
  if (deployment.generation === seen.generation && deployment.lastGeneration === seen.lastGeneration) return
  throw new AppError('changed_meanwhile', 'Somebody changed what runs at the same moment: look again.')
}

/** Two clicks at once make the same version: the second is refused. */
async function refuseDoubles<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    const isDouble = error instanceof PrismaErrors.PrismaClientKnownRequestError && error.code === 'P2002'
    if (!isDouble) throw error
    throw new AppError('changed_meanwhile', 'Somebody published at the same moment: look again.', {
      cause: error,
    })
  }
}
