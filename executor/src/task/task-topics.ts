import { type DeploymentSpec, deadLetterLimit, INTERNAL_TOPIC_CONFIG, topicNames } from '@millrace/contracts'
import { type Program, stageOf } from '@millrace/engine'
import type { KafkaClient } from '../kafka/wire/index.ts'
import type { DeadLetterTarget } from './dead-letters.ts'
import type { TaskIdentity } from './task-identity.ts'
import type { WrittenTopic } from './transaction-output.ts'

/** The largest record that an internal topic takes. */
export const INTERNAL_MAX_BYTES = Number(INTERNAL_TOPIC_CONFIG.outbox['max.message.bytes'])

/**
 * The topics that a stage's sinks write, by sink node: the sink's own topic, or the outbox of one outside Kafka.
 * `limits`: sizes that a topic has refused before.
 */
export async function sinkTopics(
  client: KafkaClient,
  program: Program,
  { spec, stage }: TaskIdentity,
  limits: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, WrittenTopic>> {
  const sinks = new Map<string, WrittenTopic>()
  for (const { nodeId } of stageOf(spec.plan, stage).operators) {
    const { role } = program.node(nodeId).runtime
    if (role !== 'topic-sink' && role !== 'outbox-sink') continue
    const written = role === 'topic-sink' ? await ownTopic(client, spec, nodeId) : outboxOf(spec, nodeId)
    const limit = limits.get(written.topic) ?? written.maxBytes
    sinks.set(nodeId, { ...written, maxBytes: Math.min(written.maxBytes, limit) })
  }
  return sinks
}

/** Where a task's dead letters go: the partition of its own index. `limits`: as for `sinkTopics`. */
export async function deadLetterTarget(
  client: KafkaClient,
  { spec, partition }: TaskIdentity,
  limits: ReadonlyMap<string, number>,
): Promise<DeadLetterTarget> {
  const name = topicNames.dead(spec.deployment)
  const [topic] = await client.describeTopics([name])
  const maxBytes = Math.min(
    deadLetterLimit(Object.values(spec.topics)),
    limits.get(name) ?? Number.POSITIVE_INFINITY,
  )
  return { topic: name, partition: partition % (topic?.partitions.length ?? 1), maxBytes }
}

async function ownTopic(client: KafkaClient, spec: DeploymentSpec, nodeId: string): Promise<WrittenTopic> {
  const known = spec.topics[nodeId]
  if (known === undefined) throw new Error(`the deployment spec has no topic of sink ${nodeId}`)
  const [topic] = await client.describeTopics([known.topic], { refresh: true })
  return {
    topic: known.topic,
    partitions: topic?.partitions.length ?? known.partitions,
    maxBytes: known.maxMessageBytes,
  }
}

function outboxOf(spec: DeploymentSpec, nodeId: string): WrittenTopic {
  const tasks = spec.plan.deliveries.find((delivery) => delivery.nodeId === nodeId)?.tasks ?? 1
  return {
    topic: topicNames.outbox(spec.deployment, nodeId),
    partitions: tasks,
    maxBytes: INTERNAL_MAX_BYTES,
  }
}
