import { type DeploymentSpec, type StartFrom, topicNames } from '@millrace/contracts'
import {
  isReferenceSource,
  ownerOf,
  type Program,
  progressName,
  type ReferenceInput,
  type SourceInput,
  stageOf,
} from '@millrace/engine'
import { counted } from '@millrace/graph'
import type { KafkaClient, TopicMetadata } from '../kafka/wire/index.ts'
import { InputCursor, type InputKind } from './input-cursor.ts'
import type { InputPosition, Position } from './position.ts'
import { readRetiredPosition } from './retired-position.ts'
import { TaskStopError } from './stop-error.ts'
import type { TaskIdentity } from './task-identity.ts'
import { boundsOf, topicRecreated } from './topic-questions.ts'

/** The inputs of a task, and whether some of them were never committed before. */
export interface ResolvedInputs {
  readonly cursors: readonly InputCursor[]
  readonly someNew: boolean
}

/** What is needed to find out where inputs begin. */
export interface ResolveOptions {
  readonly client: KafkaClient
  readonly program: Program
  readonly identity: TaskIdentity
  /** Null at the first start. */
  readonly position: Position | null
  /** Wall clock, epoch ms. */
  readonly now: number
}

interface Wanted {
  readonly name: string
  readonly kind: InputKind
  readonly input: number
  readonly nodeId: string
  readonly topic: string
  readonly partition: number
}

/**
 * Finds where each input of a task goes on: at its committed position; where there is none, at the position of a
 * retired stage, or where the deployment starts (exactly-once.md P3.3).
 */
export async function resolveInputs(options: ResolveOptions): Promise<ResolvedInputs> {
  const { client, identity, position } = options
  const wanted = wantedInputs(options)
  const topics = [...new Set(wanted.filter(({ kind }) => kind !== 'generator').map(({ topic }) => topic))]
  const described = await client.describeTopics(topics, { refresh: true })
  const byName = new Map(described.map((topic) => [topic.topic, topic]))
  checkTopics(identity.spec, byName)
  let someNew = false
  const cursors: InputCursor[] = []
  for (const want of wanted) {
    const known = position?.inputs[want.name]
    const topicId = byName.get(want.topic)?.topicId ?? ''
    const here =
      (known && (await goOn(want, known, topicId, options))) ?? (await begin(want, topicId, options))
    someNew ||= here !== known
    cursors.push(new InputCursor({ ...want, position: here }))
  }
  return { cursors, someNew }
}

function wantedInputs({ program, identity }: ResolveOptions): Wanted[] {
  const { spec, partition } = identity
  const stage = stageOf(spec.plan, identity.stage)
  const inputs = stage.inputs.flatMap((input, i): Wanted[] => {
    if (input.kind === 'source') return wantedSource(input, i, program, identity)
    if (input.kind === 'reference') return wantedReferences(input, i, identity)
    return []
  })
  const readsCut = stage.inputs.some(({ kind }) => kind === 'repartition')
  const internal = { input: -1, nodeId: '', partition }
  if (readsCut)
    inputs.push({
      ...internal,
      name: 'repartition',
      kind: 'repartition',
      topic: topicNames.repartition(spec, stage.id),
    })
  if (stage.control)
    inputs.push({
      ...internal,
      name: 'control',
      kind: 'control',
      topic: topicNames.control(spec, stage.id),
      partition: 0,
    })
  return inputs
}

function wantedSource(
  planned: SourceInput,
  input: number,
  program: Program,
  { spec, partition }: TaskIdentity,
): Wanted[] {
  const { nodeId, partitions } = planned
  if (partition >= partitions) return []
  const name = progressName(planned, spec.births)
  const isTopic = program.node(nodeId).runtime.role === 'topic-source'
  return isTopic
    ? [{ name, kind: 'source', input, nodeId, topic: topicOf(spec, nodeId).topic, partition }]
    : [{ name, kind: 'generator', input, nodeId, topic: '', partition }]
}

function wantedReferences({ nodeId }: ReferenceInput, input: number, { spec }: TaskIdentity): Wanted[] {
  const { topic, partitions } = topicOf(spec, nodeId)
  return Array.from({ length: partitions }, (_, partition) => ({
    ...{ name: `reference:${nodeId}/${partition}`, kind: 'reference' as const },
    ...{ input, nodeId, topic, partition },
  }))
}

function topicOf(spec: TaskIdentity['spec'], nodeId: string) {
  const topic = spec.topics[ownerOf(nodeId)]
  if (topic === undefined) throw new Error(`the deployment spec has no topic of node ${nodeId}`)
  return topic
}

/**
 * A topic that is no longer the one that was published against stops the pipeline with a question.
 *
 * @throws TaskStopError
 */
export function checkTopics(
  { topics }: Pick<DeploymentSpec, 'topics'>,
  described: ReadonlyMap<string, TopicMetadata>,
): void {
  for (const [nodeId, { topic, topicId, partitions }] of Object.entries(topics)) {
    const now = described.get(topic)
    if (now === undefined) continue
    if (now.topicId !== topicId) throw topicRecreated({ topic, nodeId })
    if (now.partitions.length !== partitions) {
      const message = `Topic ${topic} had ${counted(partitions, 'partition')} at publish and has ${now.partitions.length} now, so keys have moved. Stop and start the pipeline afresh to go on.`
      throw new TaskStopError('partitions_changed', message, nodeId)
    }
  }
}

/**
 * The committed position; where that means nothing any more, what a person said about it, in the first life under this
 * answer: what is lost later is another question.
 */
async function goOn(
  want: Wanted,
  known: InputPosition,
  topicId: string,
  { client, identity, position }: ResolveOptions,
): Promise<InputPosition> {
  const { continueFrom, generation } = identity.spec
  const isAnswered = continueFrom !== undefined && (position?.generation ?? 0) < generation
  if (!isAnswered || (want.kind !== 'source' && want.kind !== 'reference')) {
    refuseOtherTopic(want, known, topicId)
    return known
  }
  const { start, end } = await boundsOf(client, want)
  if (known.topicId === topicId && known.next >= start && known.next <= end) return known
  const isWhole = want.kind === 'reference' || isReferenceSource(want.nodeId) || continueFrom === 'earliest'
  const next = isWhole ? start : await offsetAt(client, want, 'last-stable')
  return { ...known, topicId, next }
}

function refuseOtherTopic(want: Wanted, known: InputPosition, topicId: string): void {
  if (known.topicId !== topicId) throw topicRecreated(want)
}

async function begin(want: Wanted, topicId: string, options: ResolveOptions): Promise<InputPosition> {
  const { topic, partition } = want
  if (want.kind === 'generator') return { topic, topicId, partition, next: 0, start: options.now }
  if (want.kind === 'source') {
    const retired = await readRetiredPosition(options.client, options.identity, want)
    if (retired !== null) {
      refuseOtherTopic(want, retired, topicId)
      return retired
    }
    const next = isReferenceSource(want.nodeId)
      ? await offsetAt(options.client, want, 'earliest')
      : await startOffset(options, want)
    return { topic, topicId, partition, next }
  }
  const next = await offsetAt(options.client, want, 'earliest')
  if (want.kind !== 'reference' && next > 0) {
    throw new TaskStopError(
      'position_lost',
      `Internal topic ${topic} begins at ${next}, but nothing of it was ever read.`,
    )
  }
  return { topic, topicId, partition, next }
}

/** A deployment that starts at a time begins at its end where no record is that young. */
async function startOffset({ client, identity }: ResolveOptions, want: Wanted): Promise<number> {
  const start: StartFrom = identity.spec.start
  if (start.kind === 'earliest') return offsetAt(client, want, 'earliest')
  if (start.kind === 'time') {
    const [found] = await client.listOffsets([want], { timestamp: start.time })
    if (typeof found?.offset === 'number') return found.offset
  }
  return offsetAt(client, want, 'last-stable')
}

async function offsetAt(
  client: KafkaClient,
  want: Wanted,
  place: 'earliest' | 'last-stable',
): Promise<number> {
  const [found] = await client.listOffsets([want], place)
  return found?.offset ?? 0
}
