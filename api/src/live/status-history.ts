import type { StatusEvent } from '@millrace/contracts'
import { Type } from 'typebox'
import { Check } from 'typebox/value'
import type { PrismaClient } from '../generated/prisma/client.ts'
import { storableText } from '../storable-text.ts'
import type { StreamEntry } from './stream-reader.ts'

const KEPT_FOR_MS = 30 * 24 * 3_600_000

/** Keeps what executors told. The same entry, read again or by another api process, is kept once. */
export async function keepStatusEvents(prisma: PrismaClient, entries: readonly StreamEntry[]): Promise<void> {
  const events = entries.flatMap(({ id, text }) => {
    const event = parseEvent(text)
    return event ? [{ id, event }] : []
  })
  const named = [...new Set(events.map(({ event }) => event.deployment))]
  const known = await prisma.deployment.findMany({ where: { id: { in: named } }, select: { id: true } })
  const ids = new Set(known.map(({ id }) => id))
  await prisma.statusEvent.createMany({
    data: events
      .filter(({ event }) => ids.has(event.deployment))
      .map(({ id, event: { deployment: deploymentId, at, kind, message } }) => {
        return { deploymentId, id, at: new Date(at), kind, message: storableText(message) }
      }),
    skipDuplicates: true,
  })
}

/** Removes events that are too old to be shown. */
export async function removeOldEvents(prisma: PrismaClient, now: number): Promise<void> {
  await prisma.statusEvent.deleteMany({ where: { at: { lt: new Date(now - KEPT_FOR_MS) } } })
}

const eventSchema = Type.Object({
  deployment: Type.String({ maxLength: 20 }),
  at: Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 }),
  kind: Type.String({ pattern: '^[a-z_]{1,40}$' }),
  message: Type.String(),
})

/** Null for what is no event: one bad entry must not hold up those behind it. */
function parseEvent(text: string): StatusEvent | null {
  try {
    const event: unknown = JSON.parse(text)
    return Check(eventSchema, event) ? (event as StatusEvent) : null
  } catch {
    return null
  }
}
