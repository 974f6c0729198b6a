import { randomBytes } from 'node:crypto'
import {
  DEFAULT_SETTINGS,
  type DeploymentSpec,
  type DesiredState,
  type InternalTopicKind,
  internalTopicConfig,
  type RunSettings,
  redisKeys,
  type StartFrom,
  type TopicSnapshot,
  topicNames,
} from '@millrace/contracts'
import {
  type DeploymentPlan,
  isStateful,
  nameStages,
  ownerOf,
  type Program,
  planStages,
  prepareProgram,
} from '@millrace/engine'
import type { PipelineGraph } from '@millrace/graph'
import { catalogue, type ElasticsearchConfig, indexDesign, runtimes } from '@millrace/nodes'
import { createElasticsearchPort } from '@millrace/nodes/connectors'
import type { NodeTypes } from '@millrace/testkit'
import type { Redis } from 'ioredis'
import type { KafkaForTests } from './kafka.ts'

/** What a test deploys. */
export interface TestDeployment {
  readonly graph: PipelineGraph
  /** Partitions by source node id. */
  readonly partitions: Readonly<Record<string, number>>
  /** Topics by id of source, reference and sink nodes. */
  readonly topics: Readonly<Record<string, string>>
  readonly kafka: KafkaForTests
  readonly elasticsearch?: string
  readonly start?: StartFrom
  readonly settings?: Partial<RunSettings>
  /** The node types; those of the product if absent. */
  readonly types?: NodeTypes
  /** Partitions of repartition topics; as many as the widest source has if absent. */
  readonly repartition?: number
}

/** Makes the spec that the api would make for a first publish, and creates the internal topics. */
export async function createDeployment(test: TestDeployment): Promise<DeploymentSpec> {
  const program = prepareProgram(
    test.graph,
    test.types?.catalogue ?? catalogue,
    test.types?.runtimes ?? runtimes,
  )
  const repartition = test.repartition ?? Math.max(...Object.values(test.partitions))
  const drafted = planStages(program, { source: (id) => test.partitions[ownerOf(id)] ?? 1, repartition })
  const { plan } = nameStages(drafted, [], 1)
  const topics: Record<string, TopicSnapshot> = {}
  for (const [nodeId, topic] of Object.entries(test.topics))
    topics[nodeId] = await snapshot(test.kafka, topic)
  const spec: DeploymentSpec = {
    ...{
      deployment: `t${randomBytes(6).toString('hex')}`,
      pipelineId: 'test',
      pipelineName: test.graph.name,
    },
    ...{ version: 1, generation: 1, run: 1, graph: test.graph, plan },
    births: Object.fromEntries(program.nodes.filter(isStateful).map(({ node }) => [node.id, 1])),
    incarnations: Object.fromEntries(plan.deliveries.map(({ nodeId }) => [nodeId, 1])),
    start: test.start ?? { kind: 'earliest' },
    retired: [],
    topics,
    kafka: 'kafka',
    connections: connectionsOf(test),
    settings: { ...DEFAULT_SETTINGS, ...test.settings },
  }
  await createInternalTopics(test.kafka, spec, plan)
  if (test.elasticsearch) await createTemplates(program, test.elasticsearch)
  return spec
}

async function createTemplates({ nodes }: Program, address: string): Promise<void> {
  const port = createElasticsearchPort({ node: address }, {})
  for (const { node, inputs } of nodes) {
    const [input] = inputs
    if (node.type !== 'elasticsearch' || input === undefined) continue
    await port.ensureTemplate(indexDesign(node.config as unknown as ElasticsearchConfig, input))
  }
  await port.close()
}

/** Writes spec and desired state, as the api does at publish. */
export async function writeDesired(
  redis: Redis,
  spec: DeploymentSpec,
  more: Partial<DesiredState> = {},
): Promise<void> {
  const { deployment, generation } = spec
  const asked = { state: 'running', drain: null, maxExecutors: null } as const
  const desired: DesiredState = { deployment, generation, ...asked, ...more }
  await redis.set(redisKeys.spec(deployment, generation), JSON.stringify(spec))
  await redis.set(redisKeys.desired(deployment), JSON.stringify(desired))
  await redis.sadd(redisKeys.deployments, deployment)
}

/** Creates the internal topics that a plan needs; those that exist stay as they are. */
export async function createInternalTopics(
  kafka: KafkaForTests,
  spec: DeploymentSpec,
  plan: DeploymentPlan,
): Promise<void> {
  const create = (topic: string, partitions: number, kind: InternalTopicKind) =>
    kafka.createTopic(topic, partitions, internalTopicConfig(kind, kafka.replicationFactor))
  for (const { id, tasks, inputs, control } of plan.stages) {
    await create(topicNames.changelog(spec, id), tasks, 'changelog')
    if (inputs.some(({ kind }) => kind === 'repartition'))
      await create(topicNames.repartition(spec, id), tasks, 'repartition')
    if (control) await create(topicNames.control(spec, id), 1, 'control')
  }
  for (const { nodeId, tasks } of plan.deliveries) {
    await create(topicNames.outbox(spec.deployment, nodeId), tasks, 'outbox')
    await create(topicNames.deliveryChangelog(spec.deployment, nodeId), tasks, 'changelog')
  }
  await create(topicNames.dead(spec.deployment), 1, 'dead')
}

async function snapshot(kafka: KafkaForTests, topic: string): Promise<TopicSnapshot> {
  const [description] = await kafka.client.describeTopics([topic], { refresh: true })
  if (description === undefined) throw new Error(`topic ${topic} is missing`)
  return {
    topic,
    topicId: description.topicId,
    partitions: description.partitions.length,
    maxMessageBytes: 1_048_588,
  }
}

function connectionsOf({ kafka, elasticsearch }: TestDeployment): DeploymentSpec['connections'] {
  return {
    kafka: { id: 'kafka', kind: 'kafka', settings: { brokers: kafka.address }, secrets: null },
    ...(elasticsearch && {
      elasticsearch: {
        id: 'elasticsearch',
        kind: 'elasticsearch' as const,
        settings: { node: elasticsearch },
        secrets: null,
      },
    }),
  }
}
