import {
  type ConnectionKind,
  DEFAULT_MAX_MESSAGE_BYTES,
  evictionPolicyIn,
  type TopicSnapshot,
} from '@millrace/contracts'
import type { Issue, PipelineGraph } from '@millrace/graph'
import type { KafkaPort } from '@millrace/nodes'
import { AppError, messageOf } from '../errors.ts'
import type { Control } from './control.ts'
import { worldIssue } from './issue-codes.ts'
import { type UsedAlias, type UsedTopic, usedSystems } from './used-topics.ts'

/** What the connected systems say about a graph. */
export interface World {
  /** The Kafka connection that holds the internal topics; null where none can be told. */
  readonly kafka: string | null
  /** By node id; topics that do not exist are missing. */
  readonly topics: ReadonlyMap<string, TopicSnapshot>
  /** Topics of sinks that do not exist yet. */
  readonly missingSinks: readonly UsedTopic[]
  readonly aliases: readonly UsedAlias[]
  readonly issues: readonly Issue[]
}

/** Where a pipeline that names no Kafka connection keeps its internal topics. */
const DEFAULT_KAFKA = 'kafka'

/** Asks the systems that a graph uses whether they are there and fit. */
export async function lookAround(control: Control, graph: PipelineGraph): Promise<World> {
  const { topics, aliases } = usedSystems(graph, control.catalogue, control.runtimes)
  const kafka = await chooseKafka(control, topics)
  const found = await Promise.all(topics.map((topic) => lookAtTopic(control, topic)))
  const aliasIssues = await Promise.all(aliases.map((alias) => lookAtAlias(control, alias)))
  const redisIssues = await lookAtRedis(control)
  return {
    kafka: kafka.id,
    topics: new Map(found.flatMap(({ topic, snapshot }) => (snapshot ? [[topic.nodeId, snapshot]] : []))),
    missingSinks: found.flatMap(({ topic, isMissing }) => (topic.use === 'sink' && isMissing ? [topic] : [])),
    aliases,
    issues: [
      ...kafka.issues,
      ...found.flatMap(({ issues }) => issues),
      ...aliasIssues.flat(),
      ...redisIssues,
      ...loops(topics),
    ],
  }
}

/** What a topic looks like now, as executors compare it; null where it does not exist. */
export async function snapshotTopic(port: KafkaPort, topic: string): Promise<TopicSnapshot | null> {
  const found = await port.describeTopic(topic)
  if (found === null) return null
  const limit = Number(found.config['max.message.bytes'] ?? DEFAULT_MAX_MESSAGE_BYTES)
  return { topic, topicId: found.topicId, partitions: found.partitions, maxMessageBytes: limit }
}

async function chooseKafka(
  { connections }: Control,
  topics: readonly UsedTopic[],
): Promise<{ id: string | null; issues: Issue[] }> {
  const [first, ...others] = [...new Set(topics.map(({ connection }) => connection))]
  if (first !== undefined) {
    const issues = others.map((other) => {
      const node = topics.find(({ connection }) => connection === other)
      const message = `Reads "${first}" and "${other}": all topics of a pipeline must be on one Kafka connection, since a transaction cannot span two clusters.`
      return worldIssue('clusters_differ', node?.nodeId ?? null, ['connection'], message)
    })
    return { id: first, issues }
  }
  const known = (await connections.list()).filter(({ kind }) => kind === 'kafka')
  const chosen = known.find(({ id }) => id === DEFAULT_KAFKA) ?? (known.length === 1 ? known[0] : undefined)
  if (chosen) return { id: chosen.id, issues: [] }
  const message = `The pipeline needs Kafka for its internal topics: make a connection called "${DEFAULT_KAFKA}".`
  return { id: null, issues: [worldIssue('kafka_needed', null, [], message)] }
}

interface TopicLook {
  readonly topic: UsedTopic
  readonly snapshot: TopicSnapshot | null
  readonly isMissing: boolean
  readonly issues: readonly Issue[]
}

async function lookAtTopic(control: Control, topic: UsedTopic): Promise<TopicLook> {
  const { nodeId, use, connection } = topic
  try {
    const port = await control.ports.get('kafka', connection)
    const snapshot = await snapshotTopic(port, topic.topic)
    if (snapshot !== null && use !== 'sink') await port.offsets(topic.topic)
    const isMissing = snapshot === null
    if (!isMissing || use === 'sink') return { topic, snapshot, isMissing, issues: [] }
    const message = `The topic "${topic.topic}" does not exist on "${connection}". Choose another one, or create it.`
    return { topic, snapshot, isMissing, issues: [worldIssue('topic_not_found', nodeId, ['topic'], message)] }
  } catch (error) {
    const issues = [connectionIssue('kafka', nodeId, connection, error)]
    return { topic, snapshot: null, isMissing: false, issues }
  }
}

/** An executor refuses such a Redis at the first start of a task, too. */
async function lookAtRedis({ redis }: Control): Promise<Issue[]> {
  const policy = await redis.info('memory').then(evictionPolicyIn, () => null)
  if (policy === null) return []
  const message = `Redis drops keys when it is full (maxmemory-policy ${policy}), and with them state and jobs: set it to noeviction.`
  return [worldIssue('redis_evicts', null, [], message)]
}

async function lookAtAlias(control: Control, { nodeId, connection }: UsedAlias): Promise<Issue[]> {
  try {
    const port = await control.ports.get('elasticsearch', connection)
    await port.check()
    return []
  } catch (error) {
    return [connectionIssue('elasticsearch', nodeId, connection, error)]
  }
}

function connectionIssue(kind: ConnectionKind, nodeId: string, connection: string, error: unknown): Issue {
  const code = error instanceof AppError ? error.code : null
  if (code === 'not_found') {
    const message = `There is no connection "${connection}": choose another one, or make it.`
    return worldIssue('connection_unknown', nodeId, ['connection'], message)
  }
  if (code === 'wrong_kind') {
    const message = `"${connection}" is no ${kind} connection: choose another one.`
    return worldIssue('connection_kind', nodeId, ['connection'], message)
  }
  const message = `"${connection}" does not answer as it should: ${messageOf(error)}`
  return worldIssue('connection_failed', nodeId, ['connection'], message)
}

/** A pipeline that reads what it writes never ends. */
function loops(topics: readonly UsedTopic[]): Issue[] {
  const read = topics.filter(({ use }) => use !== 'sink')
  const written = topics.filter(({ use }) => use === 'sink')
  return written.flatMap((sink) => {
    const isLoop = read.some(
      ({ connection, topic }) => connection === sink.connection && topic === sink.topic,
    )
    if (!isLoop) return []
    const message = `The pipeline reads "${sink.topic}" and writes it too, so its events would run in a circle. Write another topic.`
    return [worldIssue('topic_loop', sink.nodeId, ['topic'], message)]
  })
}
