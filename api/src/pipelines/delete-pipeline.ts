import { redisKeys } from '@millrace/contracts'
import type { Redis } from 'ioredis'
import type { Control } from '../deployments/control.ts'
import { lockDeployment } from '../deployments/deployment-row.ts'
import { readGeneration } from '../deployments/generations.ts'
import { findSubject } from '../deployments/requests.ts'
import { deploymentTopics, groupsOf, unlinkMatching } from '../deployments/steps/clean-up.ts'
import { AppError } from '../errors.ts'
import type { Deployment } from '../generated/prisma/client.ts'

/**
 * Deletes a stopped pipeline with its versions, and what its deployment left in Kafka and Redis. What sinks wrote
 * stays.
 *
 * @throws AppError `not_found`, `not_stopped`, `connection_failed`
 */
export async function deletePipeline(control: Control, pipelineId: string): Promise<void> {
  const { deployment } = await findSubject(control, pipelineId)
  requireStopped(deployment)
  if (deployment.generation > 0) await removeTopics(control, deployment)
  await control.prisma.$transaction(async (tx) => {
    requireStopped(await lockDeployment(tx, deployment.id))
    await tx.pipeline.delete({ where: { id: pipelineId } })
  })
  // Last: until the row is gone, the reconciler would write it again.
  await removeFromRedis(control.redis, deployment.id)
}

function requireStopped({ state, operationId }: Deployment): void {
  if (state === 'stopped' && operationId === null) return
  throw new AppError('not_stopped', 'The pipeline must be stopped before it can be deleted.')
}

async function removeTopics({ prisma, ports }: Control, { id, generation }: Deployment): Promise<void> {
  const { spec } = await readGeneration(prisma, id, generation)
  const port = await ports.get('kafka', spec.kafka)
  const topics = await deploymentTopics(port, id)
  if (topics.length > 0) await port.deleteTopics(topics)
  await port.deleteGroups(groupsOf(topics))
}

async function removeFromRedis(redis: Redis, id: string): Promise<void> {
  await redis.srem(redisKeys.deployments, id)
  await unlinkMatching(redis, `mr:{${id}[:}]*`, () => true)
}
