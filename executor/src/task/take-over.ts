import type { CommittedOffset, KafkaClient, TransactionalProducer } from '../kafka/wire/index.ts'
import { Changelog, type ChangelogRecord, POSITION_KEY } from '../state/changelog.ts'
import { type AnchorFacts, decodeAnchor, decodePosition, type Position } from './position.ts'
import { TaskEndedError, TaskStopError } from './stop-error.ts'
import { namesOf, type TaskIdentity, type TaskNames } from './task-identity.ts'

/** Long open transactions hold up every reader; a restart must fit in. */
const TRANSACTION_TIMEOUT_MS = 20_000

/** A task as its new owner found it. */
export interface TakenOver {
  readonly names: TaskNames
  readonly producer: TransactionalProducer
  readonly changelog: Changelog
  /** One more than that of the last take-over that committed. */
  readonly fence: number
  /** Changelog offset after the last commit. */
  readonly end: number
  /** Null at the very first start. */
  readonly position: Position | null
}

/** What a take-over needs to know of the world. */
export interface TakeOverOptions {
  readonly client: KafkaClient
  readonly identity: TaskIdentity
  /** Asks Redis; throws where it does not answer. False: the lease or the newest generation is somebody else's. */
  stillMine(): Promise<boolean>
  /** The task is taken over only to be closed: by whatever generation, and again if it is closed already. */
  readonly sealing?: boolean
  /** Aborted when nobody needs the task any more: it is left to others. */
  readonly ending?: AbortSignal
}

/**
 * Makes this process the only writer of a task and tells how far the task is (exactly-once.md P3.1 to P3.3).
 *
 * @throws TaskEndedError where the task is not ours (any more), TaskStopError where a person must decide
 */
export async function takeOver({
  client,
  identity,
  stillMine,
  sealing = false,
  ending,
}: TakeOverOptions): Promise<TakenOver> {
  const names = namesOf(identity)
  const { transactionalId } = names
  const producer = client.openProducer({ transactionalId, transactionTimeoutMs: TRANSACTION_TIMEOUT_MS })
  const changelog = await openChangelog(client, identity, names)
  try {
    // Whoever has the task by then must not be fenced.
    ending?.throwIfAborted()
    await producer.init()
    if (!(await stillMine())) throw new TaskEndedError('the lease or the generation is no longer ours')
    const { anchor, end } = await readAnchor(client, changelog, names.group)
    const position = end === 0 ? null : await readPosition(changelog, end)
    if (!sealing) refuseNewer(anchor, position, identity)
    const fence = Math.max(anchor?.fence ?? 0, position?.fence ?? 0) + 1
    return { names, producer, changelog, fence, end, position }
  } catch (error) {
    producer.close()
    changelog.close()
    throw error
  }
}

async function openChangelog(
  client: KafkaClient,
  identity: TaskIdentity,
  names: TaskNames,
): Promise<Changelog> {
  const [topic] = await client.describeTopics([names.changelog], { refresh: true })
  if (topic === undefined) throw new TaskStopError('topic_missing', `Topic ${names.changelog} is missing.`)
  return new Changelog(client, { topic: topic.topic, topicId: topic.topicId, partition: identity.partition })
}

/**
 * A task's anchor and the changelog offset after its last commit; where the group's offsets have expired, what the
 * changelog itself says. Offset 0: the task never committed.
 */
export async function readAnchor(
  client: KafkaClient,
  changelog: Changelog,
  group: string,
): Promise<{ anchor: AnchorFacts | null; end: number }> {
  const [committed] = (await client.committedOffsets(group, [changelog.partition])) as [CommittedOffset]
  if (committed.offset !== null) return { anchor: decodeAnchor(committed.metadata), end: committed.offset }
  const { start, end } = await changelog.bounds()
  const last = await lastRecord(changelog, start, end)
  if (last === null) return { anchor: null, end: 0 }
  if (last.key !== POSITION_KEY) {
    throw new TaskStopError('state_lost', 'The changelog does not end with a position: it is not whole.')
  }
  return { anchor: null, end: last.offset + 1 }
}

async function lastRecord(changelog: Changelog, start: number, end: number): Promise<ChangelogRecord | null> {
  let last: ChangelogRecord | null = null
  for await (const records of changelog.read(start, end)) last = records.at(-1) ?? last
  return last
}

/** The position record before the given changelog offset. */
export async function readPosition(changelog: Changelog, end: number): Promise<Position> {
  for await (const [record] of changelog.read(end - 1, end)) {
    const position = record?.key === POSITION_KEY && record.value ? decodePosition(record.value) : null
    if (position !== null) return position
  }
  throw new TaskStopError('state_lost', `The changelog has no position at offset ${end - 1}.`)
}

function refuseNewer(anchor: AnchorFacts | null, position: Position | null, { spec }: TaskIdentity): void {
  const generation = Math.max(anchor?.generation ?? 0, position?.generation ?? 0)
  if (generation > spec.generation)
    throw new TaskEndedError(`generation ${generation} has taken over`, generation)
  if (anchor?.sealed || position?.sealed) throw new TaskEndedError('the stage was ended by a publish')
}
