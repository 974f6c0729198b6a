import { type DeploymentSpec, deliveryStage } from '@millrace/contracts'
import { type KafkaClient, KafkaError } from '../kafka/wire/index.ts'
import { POSITION_KEY } from '../state/changelog.ts'
import { encodeAnchor, encodePosition } from '../task/position.ts'
import { takeOver } from '../task/take-over.ts'
import { type TaskIdentity, tasksOf } from '../task/task-identity.ts'
import { TransactionBuffer } from '../task/transaction-buffer.ts'

/** The tasks of a generation that the next one no longer has. */
export function retiredTasks(before: DeploymentSpec, after: DeploymentSpec): TaskIdentity[] {
  const staying = new Set([
    ...after.plan.stages.map(({ id }) => id),
    ...after.plan.deliveries.map(({ nodeId }) => deliveryStage(nodeId)),
  ])
  return tasksOf(before).filter(({ stage }) => !staying.has(stage))
}

/**
 * Closes a task for good: fences whoever may still run it and commits a position that says so. Nobody runs a sealed
 * task again (exactly-once.md P9). Sealing twice does no harm.
 */
export async function sealTask(
  client: KafkaClient,
  identity: TaskIdentity,
  generation: number,
): Promise<void> {
  const taken = await takeOver({ client, identity, stillMine: async () => true, sealing: true })
  try {
    const { position, changelog, fence, names, producer } = taken
    if (position === null || position.sealed) return
    const { topic, partition } = changelog.partition
    const buffer = new TransactionBuffer()
    buffer.append(
      topic,
      partition,
      POSITION_KEY,
      encodePosition({ ...position, generation, fence, sealed: true }),
      Date.now(),
    )
    const [batch] = await producer.produce(buffer.writes())
    const offset = (batch?.baseOffset ?? 0) + 1
    const metadata = encodeAnchor({ fence, generation, sealed: true })
    await producer.commitOffsets(names.group, [{ topic, partition, offset, metadata }])
    await producer.end(true)
  } finally {
    taken.producer.close()
    taken.changelog.close()
  }
}

/** Fences the transactional ids of tasks whose topics may be gone already: those of an earlier run. */
export async function fenceTask(client: KafkaClient, transactionalId: string): Promise<void> {
  const producer = client.openProducer({ transactionalId, transactionTimeoutMs: 10_000 })
  try {
    await producer.init()
  } catch (error) {
    if (!(error instanceof KafkaError && error.fenced)) throw error
  } finally {
    producer.close()
  }
}
