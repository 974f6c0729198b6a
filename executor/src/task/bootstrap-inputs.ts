import type { KafkaClient } from '../kafka/wire/index.ts'
import type { InputCursor } from './input-cursor.ts'
import type { InputFeeder } from './input-feeder.ts'
import type { TaskReader } from './task-reader.ts'

const MAX_WAIT_MS = 100

/**
 * Reads the inputs that must be known before the first event: reference topics and the control topic, whole. At the
 * first start and at every restore up to what is committed in them now, or to the committed position if that is
 * later (exactly-once.md P3).
 */
export async function bootstrapInputs(
  client: KafkaClient,
  reader: TaskReader,
  feeder: InputFeeder,
  cursors: readonly InputCursor[],
): Promise<void> {
  const whole = cursors.filter(({ kind }) => kind === 'reference' || kind === 'control')
  if (whole.length === 0) return
  const starts = await client.listOffsets(whole, 'earliest')
  const ends = await client.listOffsets(whole, 'last-stable')
  const targets = new Map(whole.map((cursor, i) => [cursor, Math.max(ends[i]?.offset ?? 0, cursor.done)]))
  for (const [i, cursor] of whole.entries()) {
    cursor.next = starts[i]?.offset ?? 0
    cursor.done = cursor.next
  }
  const behind = () => whole.filter((cursor) => cursor.done < (targets.get(cursor) as number))
  for (let left = behind(); left.length > 0; left = behind()) {
    const { fetched, error } = await reader.poll(left, MAX_WAIT_MS)
    if (error !== null) throw error
    for (const one of fetched) await feeder.feed(one)
  }
}
