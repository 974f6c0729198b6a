import { topicNames } from '@millrace/contracts'
import type { KafkaClient } from '../kafka/wire/index.ts'
import { Changelog } from '../state/changelog.ts'
import type { InputCursorOptions } from './input-cursor.ts'
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
  { name, nodeId, partition }: Pick<InputCursorOptions, 'name' | 'nodeId'> & { readonly partition: number },
): Promise<InputPosition | null> {
  const retired = spec.retired.find(({ sources, tasks }) => sources.includes(nodeId) && partition < tasks)
  if (retired === undefined) return null
  const log = topicNames.changelog(spec, retired.id)
  const [topic] = await client.describeTopics([log], { refresh: true })
  if (topic === undefined) return null
  const changelog = new Changelog(client, { topic: log, topicId: topic.topicId, partition })
  try {
    const { end } = await readAnchor(client, changelog, topicNames.group(spec, retired.id))
    return end === 0 ? null : ((await readPosition(changelog, end)).inputs[name] ?? null)
  } finally {
    changelog.close()
  }
}
