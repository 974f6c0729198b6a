import type { DeploymentBody, OperationBody, OperationStep, ProblemBody } from '@millrace/contracts'
import { AppError } from '../errors.ts'
import type { Operation, Prisma, PrismaClient, OperationStep as StepRow } from '../generated/prisma/client.ts'
import { isRedisDown } from '../http/outages.ts'
import type { Control } from './control.ts'
import { summaryOf } from './deployment-row.ts'
import { STEP_LABELS, type StepName } from './step-table.ts'
import { readTaskState } from './task-state.ts'

type Tx = Prisma.TransactionClient

/** So many events of the past are shown. */
const HISTORY = 100

/**
 * How a pipeline's deployment stands, with its newest operation and its past.
 *
 * @throws AppError `not_found`
 */
export async function readDeployment(
  control: Control,
  pipelineId: string,
  problemsOf: (deployment: string) => readonly ProblemBody[],
): Promise<DeploymentBody> {
  const { deployment, operation, history } = await readStanding(control.prisma, pipelineId)
  const tasks = await readTasks(control, deployment.id)
  const problems = [...problemsOf(deployment.id)]
  const summary = summaryOf(deployment)
  return {
    ...summary,
    reason: summary.reason ?? problems[0]?.message ?? null,
    generation: deployment.generation,
    run: deployment.run,
    maxExecutors: deployment.maxExecutors,
    operation: operation && shownOperation(operation),
    problems,
    tasks,
    question: questionOf(operation),
    history,
  }
}

/** All that Postgres says, of one moment. */
async function readStanding(prisma: PrismaClient, pipelineId: string) {
  return prisma.$transaction(
    async (tx) => {
      const deployment = await tx.deployment.findUnique({ where: { pipelineId } })
      if (deployment === null) throw new AppError('not_found', 'There is no such pipeline.')
      const operation = await newestOperation(tx, deployment.id)
      return { deployment, operation, history: await readHistory(tx, deployment.id) }
    },
    { isolationLevel: 'RepeatableRead' },
  )
}

type WholeOperation = Operation & { readonly steps: readonly StepRow[] }

function newestOperation(prisma: Tx, deploymentId: string): Promise<WholeOperation | null> {
  return prisma.operation.findFirst({
    where: { deploymentId },
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    include: { steps: { orderBy: { position: 'asc' } } },
  })
}

function shownOperation({
  id,
  kind,
  version,
  startedAt,
  endedAt,
  outcome,
  steps,
}: WholeOperation): OperationBody {
  return {
    id,
    kind: kind as OperationBody['kind'],
    version,
    startedAt: startedAt.getTime(),
    endedAt: endedAt?.getTime() ?? null,
    outcome: outcome as OperationBody['outcome'],
    steps: steps.map(shownStep),
  }
}

function shownStep({ name, state, detail }: StepRow): OperationStep {
  return { name, label: STEP_LABELS[name as StepName] ?? name, state, detail }
}

function questionOf(operation: WholeOperation | null): DeploymentBody['question'] {
  if (operation === null || operation.endedAt !== null || operation.unread === null) return null
  return { kind: 'cannot_drain', unread: operation.unread }
}

async function readHistory(prisma: Tx, deploymentId: string): Promise<DeploymentBody['history']> {
  const events = await prisma.statusEvent.findMany({
    where: { deploymentId },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: HISTORY,
  })
  return events.map(({ at, kind, message }) => ({ at: at.getTime(), kind, message }))
}

/** While Redis is away nothing is known of the tasks; the problems say so. */
async function readTasks({ redis }: Control, deployment: string): Promise<DeploymentBody['tasks']> {
  try {
    const { reports } = await readTaskState(redis, deployment, Date.now())
    const tasks = reports.map(({ stage, partition, executor, state, since }) => {
      return { stage, partition, executor, state, since }
    })
    return tasks.sort((a, b) => (a.stage < b.stage ? -1 : a.stage > b.stage ? 1 : a.partition - b.partition))
  } catch (error) {
    if (isRedisDown(error)) return []
    throw error
  }
}
