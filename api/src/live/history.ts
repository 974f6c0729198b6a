import type { LiveFrame } from '@millrace/contracts'
import type { PrismaClient } from '../generated/prisma/client.ts'

/** Frames are kept at this interval … */
export const SAMPLE_MS = 10_000
/** … for this long. */
const KEPT_MS = 24 * 3_600_000

/** Keeps a frame; of several api processes the first one's stays. */
export async function keepFrame(prisma: PrismaClient, deploymentId: string, frame: LiveFrame): Promise<void> {
  const at = new Date(Math.floor(frame.at / SAMPLE_MS) * SAMPLE_MS)
  const data = [{ deploymentId, at, frame: JSON.stringify(frame) }]
  await prisma.metricSample.createMany({ data, skipDuplicates: true })
}

/** So many frames are given at most; of a longer time every second one, every third one, and so on. */
const FRAMES_LIMIT = 720

/** The frames of the last minutes, oldest first. */
export async function readFrames(
  prisma: PrismaClient,
  deploymentId: string,
  minutes: number,
  now: number,
): Promise<LiveFrame[]> {
  const since = new Date(now - minutes * 60_000)
  const every = Math.ceil((minutes * 60_000) / SAMPLE_MS / FRAMES_LIMIT)
  const rows = await prisma.$queryRaw<{ frame: string }[]>`
    SELECT frame FROM metric_samples
    WHERE deployment_id = ${deploymentId} AND at >= ${since}
      AND (extract(epoch FROM at) * 1000)::bigint / ${SAMPLE_MS}::bigint % ${every}::bigint = 0
    ORDER BY at`
  return rows.map(({ frame }) => JSON.parse(frame) as LiveFrame)
}

/** Removes frames that are older than a day. */
export async function removeOldFrames(prisma: PrismaClient, now: number): Promise<void> {
  await prisma.metricSample.deleteMany({ where: { at: { lt: new Date(now - KEPT_MS) } } })
}
