import { type DesiredState, redisKeys } from '@millrace/contracts'
import type { Redis } from 'ioredis'
import type { Deployment, PrismaClient } from '../generated/prisma/client.ts'
import { type PlannedGeneration, readGeneration } from './generations.ts'

// Writes what should be true of a deployment, if nothing newer stands there.
// KEYS[1] sequence   KEYS[2] desired   KEYS[3] spec   KEYS[4] switchover   KEYS[5] spec of the drained generation
// ARGV[1] sequence   ARGV[2] desired   ARGV[3] spec   ARGV[4] generation that must not be past its drain, or ''
// ARGV[5] spec of the drained generation, or ''
// → 'written', 'older': something newer stands there, 'late': that generation has closed stages already
const WRITE = `
local seen = tonumber(redis.call('GET', KEYS[1]) or '-1')
if tonumber(ARGV[1]) < seen then return 'older' end
if ARGV[4] ~= '' and seen < tonumber(ARGV[1]) then
  local text = redis.call('GET', KEYS[4])
  local at = text and cjson.decode(text) or {}
  if tostring(at.generation) == ARGV[4] and at.phase ~= 'drain' then return 'late' end
end
if ARGV[5] ~= '' then redis.call('SET', KEYS[5], ARGV[5]) end
redis.call('SET', KEYS[3], ARGV[3])
redis.call('SET', KEYS[2], ARGV[2])
redis.call('SET', KEYS[1], ARGV[1])
return 'written'`

/** What became of a write to Redis. */
export type Projection = 'written' | 'older' | 'late' | 'nothing'

/** What Redis must say of a deployment, with the specs that executors need for it. */
interface DesiredContent {
  readonly desired: DesiredState
  readonly sequence: number
  readonly current: PlannedGeneration
  readonly drained: PlannedGeneration | null
}

/** The key of the sequence number that orders the writes of several api processes. */
export function sequenceKey(deployment: string): string {
  return `mr:{${deployment}}:sequence`
}

/** What Redis must say of a deployment; null before its first hand-over. */
export function desiredOf(deployment: Deployment): DesiredState | null {
  const { id, generation, desired: state, drainGeneration, drainDiscard: discard, maxExecutors } = deployment
  if (state === null) return null
  const drain = drainGeneration === null ? null : { generation: drainGeneration, discard }
  return { deployment: id, generation, state, drain, maxExecutors }
}

/** The same with the specs that belong to it. */
async function desiredContent(prisma: PrismaClient, deployment: Deployment): Promise<DesiredContent | null> {
  const desired = desiredOf(deployment)
  if (desired === null) return null
  const [current, drained] = await Promise.all([
    readGeneration(prisma, deployment.id, desired.generation),
    desired.drain === null ? null : readGeneration(prisma, deployment.id, desired.drain.generation),
  ])
  return { desired, sequence: deployment.sequence, current, drained }
}

/** Writes to Redis what Postgres says should run. Safe to repeat, and by several processes at once. */
export async function projectDeployment(
  redis: Redis,
  prisma: PrismaClient,
  deploymentId: string,
): Promise<Projection> {
  const deployment = await prisma.deployment.findUnique({ where: { id: deploymentId } })
  const content = deployment && (await desiredContent(prisma, deployment))
  return content ? writeDesired(redis, content) : 'nothing'
}

/** Writes one deployment's desired state and specs. */
async function writeDesired(redis: Redis, content: DesiredContent): Promise<Projection> {
  const { desired, sequence, current, drained } = content
  const { deployment: id, generation } = desired
  const { undoes } = current.facts
  const written = (await redis.eval(
    WRITE,
    5,
    sequenceKey(id),
    redisKeys.desired(id),
    redisKeys.spec(id, generation),
    redisKeys.switchover(id),
    redisKeys.spec(id, drained?.generation ?? generation),
    sequence,
    JSON.stringify(desired),
    JSON.stringify(current.spec),
    undoes ?? '',
    drained ? JSON.stringify(drained.spec) : '',
  )) as Projection
  if (written === 'written') await redis.sadd(redisKeys.deployments, id)
  return written
}
