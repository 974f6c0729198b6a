import type { ProblemCode } from '@millrace/contracts'
import { ownerOf } from '@millrace/engine'
import { counted } from '@millrace/graph'
import type { KafkaClient } from '../kafka/wire/index.ts'
import { TaskStopError } from './stop-error.ts'

const GO_ON = 'Go on in it from its oldest or newest event, or start the pipeline afresh.'

/** A partition that a task reads for a node; for itself where `nodeId` is empty. */
interface Place {
  readonly topic: string
  readonly partition: number
  readonly nodeId: string
}

/** Asks how to go on with a topic that has another id now. */
export function topicRecreated({ topic, nodeId }: Omit<Place, 'partition'>): TaskStopError {
  const message = `Topic ${topic} was deleted and created again: its offsets mean something else now. ${GO_ON}`
  return question('topic_recreated', message, nodeId)
}

/** Asks how to go on without a topic. */
export function topicMissing({ topic, nodeId }: Omit<Place, 'partition'>): TaskStopError {
  const message = `Topic ${topic} was deleted. Create it again and go on in it, or start the pipeline afresh.`
  return question('topic_missing', message, nodeId)
}

/** Asks how to go on where the next offset to read is not there. `bounds`: what is there. */
export function positionLost(
  { topic, partition, nodeId }: Place,
  next: number,
  { start, end }: OffsetBounds,
): TaskStopError {
  const place = `${topic}/${partition}`
  const [was, it] = start - next === 1 ? ['was', 'it was'] : ['were', 'they were']
  const what =
    next > end
      ? `${place} ends at offset ${end}, before offset ${next} up to which it was read: records that were there are lost`
      : `Offset ${next} of ${place} no longer exists: ${counted(start - next, 'record')} ${was} deleted before ${it} read`
  return question('position_lost', `${what}. ${GO_ON}`, nodeId)
}

/** Offsets that a partition holds. */
export interface OffsetBounds {
  readonly start: number
  /** One past the last. */
  readonly end: number
}

/** Asks which offsets a partition holds now. */
export async function boundsOf(
  client: Pick<KafkaClient, 'listOffsets'>,
  { topic, partition }: Omit<Place, 'nodeId'>,
): Promise<OffsetBounds> {
  const [[start], [end]] = await Promise.all([
    client.listOffsets([{ topic, partition }], 'earliest'),
    client.listOffsets([{ topic, partition }], 'latest'),
  ])
  return { start: start?.offset ?? 0, end: end?.offset ?? 0 }
}

/** A person must say how to go on. */
function question(code: ProblemCode, message: string, nodeId: string): TaskStopError {
  return new TaskStopError(code, message, nodeId === '' ? null : ownerOf(nodeId))
}
