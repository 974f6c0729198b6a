import type { TopicFacts } from '@millrace/contracts'
import type { NodeRuntime, TopicRef } from '@millrace/engine'
import type { GraphNode } from '@millrace/graph'
import type { KafkaPort } from '@millrace/nodes'
import type { FastifyInstance } from 'fastify'
import { readGeneration } from '../deployments/generations.ts'
import { findSubject } from '../deployments/requests.ts'
import { AppError } from '../errors.ts'

/** By partition: records that a pipeline has not read yet. */
export type Lag = ReadonlyMap<number, number>

/**
 * What a topic holds. Offsets also count the ends of transactions and records that compaction has removed.
 *
 * @throws AppError `not_found`
 */
export async function readTopicFacts(port: KafkaPort, topic: string, lag: Lag): Promise<TopicFacts> {
  const found = await port.describeTopic(topic)
  if (found === null) throw new AppError('not_found', `There is no topic "${topic}".`)
  const offsets = await port.offsets(topic)
  const retention = Number(found.config['retention.ms'] ?? -1)
  return {
    topic,
    partitions: offsets
      .map(({ partition, low, high }) => ({ partition, low, high, lag: lag.get(partition) ?? null }))
      .sort((a, b) => a.partition - b.partition),
    compacted: (found.config['cleanup.policy'] ?? '').includes('compact'),
    retentionMs: Number.isSafeInteger(retention) && retention >= 0 ? retention : null,
  }
}

/**
 * How far a pipeline that runs is behind in a topic; where several of its nodes read it, the one that is furthest behind
 * counts. Empty while it does not run or does not read the topic.
 *
 * @throws AppError `not_found`
 */
export async function lagOf(
  { control, live }: Pick<FastifyInstance, 'control' | 'live'>,
  pipelineId: string,
  ref: TopicRef,
): Promise<Lag> {
  const { deployment } = await findSubject(control, pipelineId)
  const frame = deployment.generation === 0 ? null : live.frame(deployment.id, Date.now())
  if (frame === null) return new Map()
  const { spec } = await readGeneration(control.prisma, deployment.id, deployment.generation)
  const readers = new Set(
    spec.graph.nodes.flatMap((node) =>
      isSame(topicRead(node, control.runtimes.get(node.type)), ref) ? [node.id] : [],
    ),
  )
  const lag = new Map<number, number>()
  for (const { nodeId, kind, partition, lag: behind } of frame.partitions) {
    if ((kind !== 'source' && kind !== 'reference') || !readers.has(nodeId)) continue
    lag.set(partition, Math.max(behind, lag.get(partition) ?? 0))
  }
  return lag
}

function topicRead({ config }: GraphNode, runtime: NodeRuntime | undefined): TopicRef | null {
  if (runtime?.role === 'topic-source') return runtime.topic(config)
  return (runtime?.role === 'transform' && runtime.reference?.(config)) || null
}

function isSame(a: TopicRef | null, b: TopicRef): boolean {
  return a !== null && a.connection === b.connection && a.topic === b.topic
}
