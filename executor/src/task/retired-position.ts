import { topicNames } from '@millrace/contracts'
import type { KafkaClient } from '../kafka/wire/index.ts'
import { Changelog } from '../state/changelog.ts'
import type { InputPosition } from './position.ts'
import { readAnchor, readPosition } from './take-over.ts'
import type { TaskIdentity } from './task-identity.ts'

/**
 * Where a stage that ended with this publish had got to in one partition of a source; null where no such stage read
 * it. The stage was sealed before, so the position is final.
 */
export async function readRetiredPosition(
  client: KafkaClient,
  { spec }: TaskIdentity,
  nodeId: string,
  partition: number,
): Promise<InputPosition | null> {
  const retired = spec.retired.find(({ sources, tasks }) => sources.includes(nodeId) && partition < tasks)
  if (retired === undefined) return null
  const name = topicNames.changelog(spec, retired.id)
  const [topic] = await client.describeTopics([name], { refresh: true })
  if (topic === undefined) return null
  const changelog = new Changelog(client, { topic: name, topicId: topic.topicId, partition })
  try {
    const { end } = await readAnchor(client, changelog, topicNames.group(spec, retired.id))
    return end === 0 ? null : ((await readPosition(changelog, end)).inputs[`source:${nodeId}`] ?? null)
  } finally {
    changelog.close()
  }
}
