import { topicNames } from '@millrace/contracts'
import type { SinkConnector } from '@millrace/engine'
import { TaskMeter } from '../metrics/task-meter.ts'
import { InputCursor } from '../task/input-cursor.ts'
import type { InputPosition } from '../task/position.ts'
import type { SessionOptions } from '../task/session.ts'
import { TaskStopError } from '../task/stop-error.ts'
import type { TakenOver } from '../task/take-over.ts'
import { deadLetterTarget } from '../task/task-topics.ts'
import { DeliverySession } from './delivery-session.ts'

/** A session's options, with the sink's connector. */
export interface DeliveryOptions extends SessionOptions {
  readonly connector: SinkConnector
  /** True while the lease was renewed lately. */
  leaseHeld(): boolean
}

/** Takes a delivery task over: its position is the last document that is settled (exactly-once.md P8). */
export async function openDeliverySession(options: DeliveryOptions): Promise<DeliverySession> {
  const { client, identity } = options
  const taken = await options.parts.takeOver(options)
  try {
    const sink = identity.sink as string
    const cursor = new InputCursor({
      name: 'outbox',
      kind: 'outbox',
      input: -1,
      nodeId: sink,
      position: await outboxPosition(options, taken),
    })
    const deadLetters = await deadLetterTarget(client, identity, options.sizeLimits)
    const limits = new Map([[deadLetters.topic, deadLetters.maxBytes]])
    const committer = options.parts.committer(taken, identity, [cursor], limits)
    const counters = {
      in: 0,
      out: 0,
      filtered: 0,
      late: 0,
      errors: 0,
      ...taken.position?.progress?.counters[sink],
    }
    options.ending.throwIfAborted()
    return new DeliverySession({
      options,
      taken,
      cursor,
      committer,
      counters,
      deadLetters,
      meter: new TaskMeter(),
    })
  } catch (error) {
    taken.producer.close()
    taken.changelog.close()
    throw error
  }
}

async function outboxPosition(
  { client, identity }: DeliveryOptions,
  taken: TakenOver,
): Promise<InputPosition> {
  const topic = topicNames.outbox(identity.spec.deployment, identity.sink as string)
  const { partition } = identity
  const [described] = await client.describeTopics([topic], { refresh: true })
  const topicId = described?.topicId ?? ''
  const known = taken.position?.inputs.outbox
  if (known !== undefined) {
    if (known.topicId === topicId) return known
    throw new TaskStopError('topic_recreated', `The outbox ${topic} was created anew.`, identity.sink)
  }
  const [start] = await client.listOffsets([{ topic, partition }], 'earliest')
  if ((start?.offset ?? 0) > 0) {
    throw new TaskStopError(
      'position_lost',
      `The outbox ${topic} begins at ${start?.offset}, but nothing of it was ever delivered.`,
      identity.sink,
    )
  }
  return { topic, topicId, partition, next: 0 }
}
