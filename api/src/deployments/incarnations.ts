import type { DeploymentSpec } from '@millrace/contracts'
import type { Prisma } from '../generated/prisma/client.ts'
import type { DeliveryFacts } from './generation-facts.ts'
import type { PlannedGeneration } from './generations.ts'

/** The version of a document has 15 bits for the incarnation (exactly-once.md P8). */
const HIGHEST = 32_767

/**
 * By sink node: the incarnation of its documents. A sink keeps the one it has; a new sink, a new target and a replay
 * get a higher one than anybody had before at that target, so that their documents win.
 */
export async function incarnationsFor(
  tx: Prisma.TransactionClient,
  deliveries: readonly DeliveryFacts[],
  before: PlannedGeneration | null,
  isReplay: boolean,
): Promise<DeploymentSpec['incarnations']> {
  const entries: [string, number][] = []
  for (const delivery of deliveries) {
    const kept = isReplay ? null : keptIncarnation(delivery, before)
    entries.push([delivery.nodeId, kept ?? (await nextIncarnation(tx, delivery))])
  }
  return Object.fromEntries(entries)
}

function keptIncarnation(delivery: DeliveryFacts, before: PlannedGeneration | null): number | null {
  const earlier = before?.facts.deliveries.find(({ nodeId }) => nodeId === delivery.nodeId)
  const isSameTarget = earlier?.connection === delivery.connection && earlier.target === delivery.target
  if (!isSameTarget || before === null) return null
  const { incarnations } = before.spec
  return Object.hasOwn(incarnations, delivery.nodeId) ? (incarnations[delivery.nodeId] ?? null) : null
}

async function nextIncarnation(
  tx: Prisma.TransactionClient,
  { connection, target }: DeliveryFacts,
): Promise<number> {
  const [row] = await tx.$queryRaw<{ incarnation: number }[]>`
    INSERT INTO sink_targets (connection_id, target, incarnation) VALUES (${connection}, ${target}, 1)
    ON CONFLICT (connection_id, target) DO UPDATE SET incarnation = sink_targets.incarnation + 1
    RETURNING incarnation`
  const incarnation = row?.incarnation ?? 1
  if (incarnation > HIGHEST) throw new Error(`the sink target ${target} has used up its incarnations`)
  return incarnation
}
