import { type DeploymentSpec, deadLetterLimit, INTERNAL_TOPIC_CONFIG, topicNames } from '@millrace/contracts'
import { type Program, stageOf } from '@millrace/engine'
import type { KafkaClient } from '../kafka/wire/index.ts'
import type { DeadLetterTarget } from './dead-letters.ts'
import type { SizeLimits } from './size-limits.ts'
import type { TaskIdentity } from './task-identity.ts'
import type { WrittenTopic } from './transaction-output.ts'

/** The largest record that an internal topic takes. */
export const INTERNAL_MAX_BYTES = Number(INTERNAL_TOPIC_CONFIG.outbox['max.message.bytes'])

/**
 * The topics that a stage's sinks write, by sink node: the sink's own topic, or the outbox of one outside Kafka. Sizes
 * are as the topics' settings say now.
 */
export async function sinkTopics(
  client: KafkaClient,
  program: Program,
  { spec, stage }: TaskIdentity,
  limits: SizeLimits,
): Promise<ReadonlyMap<string, WrittenTopic>> {
  const sinks = new Map<string, WrittenTopic>()
  for (const { nodeId } of stageOf(spec.plan, stage).operators) {
    const { role } = program.node(nodeId).runtime
    if (role === 'outbox-sink') sinks.set(nodeId, outboxOf(spec, nodeId))
    if (role === 'topic-sink') sinks.set(nodeId, await ownTopic(client, spec, nodeId))
  }
  const written = [...sinks.values()]
  const sizes = await limits.read(client, new Map(written.map(({ topic, maxBytes }) => [topic, maxBytes])))
  return new Map(
    [...sinks].map(([nodeId, sink]) => [
      nodeId,
      { ...sink, maxBytes: sizes.get(sink.topic) ?? sink.maxBytes },
    ]),
  )
}

/** Where a task's dead letters go: the partition of its own index. */
export async function deadLetterTarget(
  client: KafkaClient,
  { spec, partition }: TaskIdentity,
  limits: SizeLimits,
): Promise<DeadLetterTarget> {
  const name = topicNames.dead(spec.deployment)
  const [topic] = await client.describeTopics([name])
  const known = deadLetterLimit(Object.values(spec.topics))
  const sizes = await limits.read(client, new Map([[name, known]]))
  return {
    ...{ topic: name, partition: partition % (topic?.partitions.length ?? 1) },
    maxBytes: sizes.get(name) ?? known,
  }
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
