import type { Origin, Program } from '@millrace/engine'
import { TaskStopError } from './stop-error.ts'

/** A source that sends nothing to dead letters has met something that it cannot read. */
export class UnreadableError extends TaskStopError {
  /** Everything before this offset is read. */
  readonly offset: number

  /** `why`: what is wrong with it, as a sentence. */
  constructor(
    nodeId: string,
    { topic, partition, offset }: Pick<Origin, 'topic' | 'partition' | 'offset'>,
    why: string,
  ) {
    const message = `Offset ${offset} of ${topic}/${partition} cannot be read: ${why} The node is set to stop there. Mend its fields, or let such events go to dead letters, and publish: it goes on with this event.`
    super('event_unreadable', message, nodeId)
    this.offset = offset
  }
}

/** Ids of the sources that stop at what they cannot read. */
export function strictSources({ nodes }: Pick<Program, 'nodes'>): ReadonlySet<string> {
  const strict = nodes.filter(
    ({ node, runtime }) => runtime.role === 'topic-source' && (runtime.isStrict?.(node.config) ?? false),
  )
  return new Set(strict.map(({ node }) => node.id))
}
