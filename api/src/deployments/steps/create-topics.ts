import type { DeploymentSpec, TopicSnapshot } from '@millrace/contracts'
import { prepareProgram } from '@millrace/engine'
import { counted } from '@millrace/graph'
import type { KafkaPort } from '@millrace/nodes'
import { type ElasticsearchConfig, indexDesign } from '@millrace/nodes'
import type { Control } from '../control.ts'
import { deadLetterTopic, type InternalTopic, internalTopics, topicConfig } from '../internal-topics.ts'
import { usedSystems } from '../used-topics.ts'
import { snapshotTopic } from '../world.ts'
import { type Step, StepFailure } from './step.ts'

/** Creates what executors expect to find: internal topics, topics of sinks, index templates. */
export const createTopics: Step = {
  patienceMs: 60_000,
  async run({ control, deployment, generation }) {
    const { spec } = await generation()
    const partitions = deployment.partitions ?? 1
    const created = await createInternalTopics(control, spec, partitions)
    const sinks = await createSinkTopics(control, spec, partitions)
    await writeTemplates(control, spec)
    const topics = await snapshotAll(control, spec)
    return {
      done: true,
      detail: `${counted(created + sinks, 'missing topic')} created`,
      // The topics are written once: a second run of this step finds them and leaves them.
      commit: async (tx) => {
        const where = { deploymentId: deployment.id, generation: spec.generation, topics: null }
        await tx.generation.updateMany({ where, data: { topics: JSON.stringify(topics) } })
      },
    }
  },
}

/** All internal topics of a spec. */
export function wantedTopics(spec: DeploymentSpec, partitions: number): InternalTopic[] {
  return [...internalTopics(spec.plan, spec, partitions), deadLetterTopic(spec.deployment, partitions)]
}

/** Creates the internal topics of a spec that are missing; gives their number. */
export async function createInternalTopics(
  { ports, replicationFactor }: Control,
  spec: DeploymentSpec,
  partitions: number,
): Promise<number> {
  const port = await ports.get('kafka', spec.kafka)
  const missing = await missingFrom(port, wantedTopics(spec, partitions))
  for (const topic of missing) {
    const config = topicConfig(topic, replicationFactor, spec.topics)
    await port.createTopic({ name: topic.name, partitions: topic.partitions, replicationFactor, config })
  }
  const dead = deadLetterTopic(spec.deployment, partitions)
  await makeRoom(port, dead.name, topicConfig(dead, replicationFactor, spec.topics))
  return missing.length
}

/** An earlier version may have read smaller records: what a topic holds stays, but larger ones must fit. */
async function makeRoom(port: KafkaPort, topic: string, config: Record<string, string>): Promise<void> {
  const limit = 'max.message.bytes'
  const found = await port.describeTopic(topic)
  if (found === null || Number(found.config[limit]) >= Number(config[limit])) return
  await port.configureTopic(topic, config)
}

/** Topics that sinks write; where they exist, their owner decided what they look like. */
async function createSinkTopics(
  { ports, catalogue, runtimes, replicationFactor }: Control,
  { kafka, graph }: DeploymentSpec,
  partitions: number,
): Promise<number> {
  const { topics } = usedSystems(graph, catalogue, runtimes)
  const names = new Set(topics.filter(({ use }) => use === 'sink').map(({ topic }) => topic))
  if (names.size === 0) return 0
  const port = await ports.get('kafka', kafka)
  const missing = await missingFrom(
    port,
    [...names].map((name) => ({ name })),
  )
  for (const { name } of missing) await port.createTopic({ name, partitions, replicationFactor, config: {} })
  return missing.length
}

async function missingFrom<Topic extends { readonly name: string }>(
  port: KafkaPort,
  wanted: readonly Topic[],
): Promise<Topic[]> {
  const existing = new Set((await port.listTopics()).map(({ name }) => name))
  return wanted.filter(({ name }) => !existing.has(name))
}

async function writeTemplates(control: Control, { graph }: DeploymentSpec): Promise<void> {
  const { aliases } = usedSystems(graph, control.catalogue, control.runtimes)
  if (aliases.length === 0) return
  const program = prepareProgram(graph, control.catalogue, control.runtimes)
  for (const { nodeId, connection } of aliases) {
    const { node, inputs } = program.node(nodeId)
    const [input] = inputs
    if (input === undefined) throw new StepFailure(`Nothing flows into "${node.label}".`)
    const port = await control.ports.get('elasticsearch', connection)
    await port.ensureTemplate(indexDesign(node.config as unknown as ElasticsearchConfig, input))
  }
}

/** What the topics look like, now that all are there. */
async function snapshotAll(
  { ports, catalogue, runtimes }: Control,
  { kafka, graph }: DeploymentSpec,
): Promise<DeploymentSpec['topics']> {
  const { topics } = usedSystems(graph, catalogue, runtimes)
  const port = await ports.get('kafka', kafka)
  const found = await Promise.all(
    topics.map(async ({ nodeId, topic }): Promise<[string, TopicSnapshot]> => {
      const snapshot = await snapshotTopic(port, topic)
      if (snapshot === null) throw new Error(`the topic "${topic}" is not there yet`)
      return [nodeId, snapshot]
    }),
  )
  return Object.fromEntries(found)
}
