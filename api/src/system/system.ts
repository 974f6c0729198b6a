import { evictionPolicyIn, type SystemBody, settingIn } from '@millrace/contracts'
import type { Redis } from 'ioredis'
import { checkConnection } from '../connections/routes.ts'
import type { Control } from '../deployments/control.ts'
import { readExecutors } from '../deployments/task-state.ts'
import { messageOf } from '../errors.ts'

type Service = SystemBody['services'][number]

/** The servers behind Millrace and what they promise, and the executors that are alive. */
export async function readSystem(control: Control): Promise<SystemBody> {
  const connections = await control.connections.list()
  const checks = [
    check('Postgres', () => describePostgres(control)),
    check('Redis', () => describeRedis(control.redis)),
    ...connections.map(({ id, label }) =>
      checkConnection(control, id).then(
        (found): Service => ({ name: label, ...found }),
        (error: unknown): Service => ({ name: label, ok: false, message: messageOf(error) }),
      ),
    ),
  ]
  const [services, executors] = await Promise.all([Promise.all(checks), listExecutors(control.redis)])
  return { services, executors }
}

async function check(name: string, ask: () => Promise<string>): Promise<Service> {
  try {
    return { name, ok: true, message: await ask() }
  } catch (error) {
    return { name, ok: false, message: `It does not answer: ${messageOf(error)}` }
  }
}

async function describePostgres({ prisma }: Control): Promise<string> {
  const [row] = await prisma.$queryRaw<
    { version: string }[]
  >`SELECT current_setting('server_version') AS version`
  return `Version ${row?.version ?? 'unknown'}: drafts, versions and what should run are kept here.`
}

/** What a restart of Redis costs depends on these settings; what runs is safe in any case. */
async function describeRedis(redis: Redis): Promise<string> {
  const [info, persistence, memory] = await Promise.all([
    redis.info('server'),
    redis.info('persistence'),
    redis.info('memory'),
  ])
  const version = settingIn(info, 'redis_version') ?? 'unknown'
  const isLasting = settingIn(persistence, 'aof_enabled') === '1'
  const policy = evictionPolicyIn(memory)
  const lasting = isLasting
    ? 'state copies survive a restart'
    : 'state copies are rebuilt after a restart, since it keeps no append-only file'
  const danger = policy === null ? '' : ` It may drop keys when it is full (${policy}): set noeviction.`
  return `Version ${version}: ${lasting}.${danger}`
}

async function listExecutors(redis: Redis): Promise<SystemBody['executors']> {
  const executors = await readExecutors(redis).catch(() => [])
  return executors
    .map(({ id, startedAt, tasks, leaving }) => ({ id, startedAt, tasks, leaving }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}
