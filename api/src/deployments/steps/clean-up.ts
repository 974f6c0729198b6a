import { redisKeys } from '@millrace/contracts'
import { counted } from '@millrace/graph'
import type { Redis } from 'ioredis'
import type { Control } from '../control.ts'
import { projectDeployment } from '../desired.ts'
import { type PlannedGeneration, readGeneration } from '../generations.ts'
import { internalGroups, plannedTasks } from '../internal-topics.ts'
import { wantedTopics } from './create-topics.ts'
import type { Step } from './step.ts'

/**
 * Deletes what the generation in force does not use: topics and groups of stages, runs and sinks that ended, also
 * those that a failed operation left behind, and what Redis still holds of them.
 */
export const cleanUp: Step = {
  patienceMs: 60_000,
  async run({ control, deployment, operation }) {
    await forgetDrain(control, deployment.id, operation.id)
    const current = await readGeneration(control.prisma, deployment.id, deployment.generation)
    const removed = await removeTopics(control, current, deployment.partitions ?? 1)
    await removeFromRedis(control.redis, current)
    return { done: true, detail: removed === 0 ? 'nothing was left' : `${counted(removed, 'topic')} removed` }
  },
}

/** The generation before is over; its spec need not be kept in Redis for it any more. */
async function forgetDrain({ prisma, redis }: Control, id: string, operationId: string): Promise<void> {
  const where = { id, operationId, drainGeneration: { not: null } }
  const data = { drainGeneration: null, drainDiscard: false, sequence: { increment: 1 } }
  await prisma.deployment.updateMany({ where, data })
  await projectDeployment(redis, prisma, id)
}

async function removeTopics(
  { ports }: Control,
  { spec }: PlannedGeneration,
  partitions: number,
): Promise<number> {
  const port = await ports.get('kafka', spec.kafka)
  const wanted = new Set(wantedTopics(spec, partitions).map(({ name }) => name))
  const unwanted = (await deploymentTopics(port, spec.deployment)).filter((name) => !wanted.has(name))
  if (unwanted.length === 0) return 0
  const groups = new Set(internalGroups(spec.plan, spec))
  await port.deleteTopics(unwanted)
  await port.deleteGroups(groupsOf(unwanted).filter((group) => !groups.has(group)))
  return unwanted.length
}

/** Names of all topics of a deployment. */
export async function deploymentTopics(
  port: { listTopics(): Promise<readonly { readonly name: string }[]> },
  deployment: string,
): Promise<string[]> {
  const topics = await port.listTopics()
  return topics.map(({ name }) => name).filter((name) => name.startsWith(`millrace.${deployment}.`))
}

/** The group of a stage is named like its topics, without their last part; the dead letters have none. */
export function groupsOf(topics: readonly string[]): string[] {
  const stages = topics.filter((name) => name.endsWith('.changelog'))
  return stages.map((name) => name.slice(0, name.lastIndexOf('.')))
}

async function removeFromRedis(redis: Redis, { spec }: PlannedGeneration): Promise<void> {
  const { deployment, generation } = spec
  const older = Array.from({ length: generation - 1 }, (_, i) => redisKeys.spec(deployment, i + 1))
  if (older.length > 0) await redis.unlink(older)
  const stages = new Map(plannedTasks(spec.plan).map(({ stage, tasks }) => [stage, tasks]))
  const isWanted = (stage: string, partition: number) => partition < (stages.get(stage) ?? 0)
  const reports = await redis.hkeys(redisKeys.tasks(deployment))
  const stale = reports.filter((field) => {
    const [stage = '', partition = ''] = field.split('/')
    return !isWanted(stage, Number(partition))
  })
  if (stale.length > 0) await redis.hdel(redisKeys.tasks(deployment), ...stale)
  await unlinkMatching(redis, `mr:{${deployment}:*`, (key) => {
    const [, stage = '', partition = ''] = /^mr:\{[^:]+:([^:]+):(\d+)\}:/.exec(key) ?? []
    return !isWanted(stage, Number(partition))
  })
}

/** Removes the keys that match a pattern and a condition, a few at a time. */
export async function unlinkMatching(
  redis: Redis,
  pattern: string,
  isUnwanted: (key: string) => boolean,
): Promise<void> {
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 1_000)
    const unwanted = keys.filter(isUnwanted)
    if (unwanted.length > 0) await redis.unlink(unwanted)
    cursor = next
  } while (cursor !== '0')
}
