import { type DesiredState, redisKeys } from '@millrace/contracts'
import type { DeploymentPlan } from '@millrace/engine'
import type { Deployment } from '../generated/prisma/client.ts'
import { storableText } from '../storable-text.ts'
import type { Control } from './control.ts'
import { lockDeployment, moved } from './deployment-row.ts'
import { desiredOf, projectDeployment } from './desired.ts'
import { PlanCache } from './generations.ts'
import { remember, type StepPlace } from './operations.ts'
import { progressOf, readTaskState } from './task-state.ts'

/** Where steps are queued. */
interface Queue {
  add(place: StepPlace): Promise<void>
}

/**
 * Repairs the difference between what Postgres says and what is true: Redis that was emptied, steps whose jobs are
 * gone, and deployments whose tasks wait for a person or no longer do. Safe to run in several processes at once.
 */
export class Reconciler {
  readonly #control: Control
  readonly #queue: Queue
  readonly #plans: PlanCache

  constructor(control: Control, queue: Queue) {
    this.#control = control
    this.#queue = queue
    this.#plans = new PlanCache(control.prisma)
  }

  /** Looks at everything once. */
  async run(): Promise<void> {
    await requeueSteps(this.#control, this.#queue)
    const where = { desired: { not: null } }
    const deployments = await this.#control.prisma.deployment.findMany({ where })
    await writeIncarnation(this.#control)
    for (const deployment of deployments) {
      await restore(this.#control, deployment)
      const isSettled = deployment.state === 'running' || deployment.state === 'attention'
      if (deployment.operationId === null && isSettled) {
        await judge(this.#control, deployment, await this.#plans.of(deployment))
      }
    }
    this.#plans.keepOnly(new Set(deployments.map(({ id }) => id)))
  }
}

/** Every operation under way has one step that is due; its job may be gone. */
async function requeueSteps({ prisma }: Control, queue: Queue): Promise<void> {
  const open = await prisma.operation.findMany({
    where: { endedAt: null },
    include: {
      steps: {
        where: { state: { in: ['waiting', 'running'] } },
        orderBy: { position: 'asc' },
        take: 1,
      },
    },
  })
  for (const { id, steps } of open) {
    for (const { position } of steps) await queue.add({ operationId: id, position })
  }
}

/** Executors tell by it how old the content of Redis is; they write it too. */
async function writeIncarnation({ redis }: Control): Promise<void> {
  if ((await redis.exists(redisKeys.incarnation)) > 0) return
  const [seconds, micros] = await redis.time()
  const at = Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000)
  await redis.set(redisKeys.incarnation, JSON.stringify({ id: crypto.randomUUID(), at }), 'NX')
}

async function restore({ prisma, redis, log }: Control, deployment: Deployment): Promise<void> {
  const desired = desiredOf(deployment)
  if (desired === null || (await isInRedis(redis, desired))) return
  const written = await projectDeployment(redis, prisma, deployment.id)
  if (written === 'written')
    log.info({ deployment: deployment.id }, 'what should run was written to Redis again')
}

async function isInRedis(redis: Control['redis'], desired: DesiredState): Promise<boolean> {
  const { deployment, generation, drain } = desired
  const specs = [generation, ...(drain ? [drain.generation] : [])].map((number) =>
    redisKeys.spec(deployment, number),
  )
  const [text, found, isMember] = await Promise.all([
    redis.get(redisKeys.desired(deployment)),
    redis.exists(specs),
    redis.sismember(redisKeys.deployments, deployment),
  ])
  return text === JSON.stringify(desired) && found === specs.length && isMember === 1
}

/** A running deployment whose tasks stopped needs attention; one whose tasks all run again no longer does. */
async function judge({ prisma, redis }: Control, seen: Deployment, plan: DeploymentPlan): Promise<void> {
  const { reports } = await readTaskState(redis, seen.id, Date.now())
  const { expected, running, stopped } = progressOf(plan, seen.generation, reports)
  const [first] = stopped
  if (first && seen.state === 'running') {
    const reason = storableText(first.problem?.message ?? 'a task stopped')
    await changeState({ prisma }, seen, { to: 'attention', reason })
  } else if (!first && seen.state === 'attention' && seen.desired === 'running' && running === expected) {
    await changeState({ prisma }, seen, { to: 'running', reason: null })
  }
}

async function changeState(
  { prisma }: Pick<Control, 'prisma'>,
  seen: Deployment,
  to: { readonly to: 'attention' | 'running'; readonly reason: string | null },
): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const deployment = await lockDeployment(tx, seen.id)
    const isAsSeen =
      deployment.operationId === null &&
      deployment.state === seen.state &&
      deployment.generation === seen.generation
    if (!isAsSeen) return
    await tx.deployment.update({ where: { id: seen.id }, data: moved(deployment, to) })
    const message = to.reason ?? 'All tasks run again.'
    await remember(tx, seen.id, { kind: to.to === 'running' ? 'recovered' : 'problem', message })
  })
}
