import type { LivePartition } from '@millrace/contracts'
import { type Message, msg, t } from '../i18n/t.ts'
import type { Status } from '../ui/status-word.tsx'

/** A partition with what people want to know of it. */
export interface PartitionFacts {
  readonly partition: LivePartition
  /** How far its watermark is behind now, ms; null where it has none. */
  readonly behind: number | null
  /** `behind` as a share of the largest. */
  readonly share: number
  readonly status: Status
  /** Why it stands still, where it does. */
  readonly reason: string | null
  /** True for the one that holds the node's watermark back. */
  readonly holdsBack: boolean
}

/** A partition that is this much further behind than the next one holds the others back, ms. */
const NOTABLE = 10_000

const PAUSES: Readonly<Record<string, Message>> = {
  back_pressure: msg('something behind it is slow'),
  draining: msg('a new version takes over'),
  waiting: msg('it waits for its reference data'),
  ahead: msg('it is ahead of the slowest partition, and waits for it'),
}

/** The facts of all partitions at one moment (epoch ms). */
export function partitionFacts(partitions: readonly LivePartition[], now: number): readonly PartitionFacts[] {
  const behindOf = ({ watermark }: LivePartition) =>
    watermark === null ? null : Math.max(0, now - watermark)
  const largest = Math.max(1, ...partitions.map((partition) => behindOf(partition) ?? 0))
  const holder = holdingBack(partitions)
  return partitions.map((partition) => {
    const behind = behindOf(partition)
    const holdsBack = partition === holder
    return { partition, behind, share: (behind ?? 0) / largest, holdsBack, ...statusOf(partition, holdsBack) }
  })
}

function statusOf(
  { idle, paused }: LivePartition,
  holdsBack: boolean,
): Pick<PartitionFacts, 'status' | 'reason'> {
  const known = PAUSES[paused ?? '']
  if (paused !== null) return { status: 'paused', reason: known === undefined ? paused : t(known) }
  if (holdsBack) return { status: 'holds', reason: null }
  return { status: idle ? 'idle' : 'active', reason: idle ? t('no events, holds nobody back') : null }
}

/** The partition whose watermark is clearly behind all others; null where none is, or there is only one. */
function holdingBack(partitions: readonly LivePartition[]): LivePartition | null {
  const counted = partitions
    .filter(({ idle, watermark }) => !idle && watermark !== null)
    .toSorted((a, b) => (a.watermark ?? 0) - (b.watermark ?? 0))
  const [first, second] = counted
  if (first === undefined || second === undefined) return null
  return (second.watermark ?? 0) - (first.watermark ?? 0) > NOTABLE ? first : null
}
