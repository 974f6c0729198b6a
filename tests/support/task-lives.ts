import {
  type DeploymentSpec,
  deliveryStage,
  REPORT_TIMEOUT_MS,
  redisKeys,
  type TaskReport,
  topicNames,
} from '@millrace/contracts'
import type { Redis } from 'ioredis'
import { POSITION_KEY } from '../../executor/src/state/changelog.ts'
import type { KafkaForTests } from './kafka.ts'
import { waitFor } from './wait-for.ts'

/** The tasks that run, as their executors reported them lately. */
export async function runningTasks(
  { redis }: { readonly redis: Redis },
  { deployment }: DeploymentSpec,
): Promise<readonly TaskReport[]> {
  const texts = Object.values(await redis.hgetall(redisKeys.tasks(deployment)))
  const reports = texts.map((text) => JSON.parse(text) as TaskReport)
  return reports.filter(({ state, at }) => state === 'running' && Date.now() - at < REPORT_TIMEOUT_MS)
}

/** Waits until every task runs on these executors, and none of them has two more than another one; gives the tasks. */
export function spreadEvenly(
  servers: { readonly redis: Redis },
  spec: DeploymentSpec,
  executors: () => readonly string[],
  deadlineMs: number,
): Promise<readonly TaskReport[]> {
  return waitFor(
    'the tasks are spread evenly',
    async () => {
      const running = await runningTasks(servers, spec)
      const counts = executors().map((id) => running.filter(({ executor }) => executor === id).length)
      const all = counts.reduce((sum, count) => sum + count, 0)
      return all === taskCount(spec) && Math.max(...counts) - Math.min(...counts) <= 1 && running
    },
    deadlineMs,
  )
}

/** How many tasks a deployment has. */
export function taskCount({ plan }: DeploymentSpec): number {
  return [...plan.stages, ...plan.deliveries].reduce((sum, { tasks }) => sum + tasks, 0)
}

/** Names a task within its deployment. */
export function nameOf({ stage, partition }: TaskReport): string {
  return `${stage}/${partition}`
}

/** What became of tasks between two looks. */
export interface Moves {
  /** Names of those that went on as they were. */
  readonly stayed: ReadonlySet<string>
  /** Those that began anew. */
  readonly anew: readonly Move[]
}

/** A task that began anew, mostly since it went from one executor to another one. */
export interface Move {
  readonly name: string
  /** Null where it did not run before. */
  readonly from: string | null
  readonly to: string
}

/** Compares the tasks of two looks. */
export function movesBetween(before: readonly TaskReport[], after: readonly TaskReport[]): Moves {
  const earlier = new Map(before.map((task) => [nameOf(task), task]))
  const stayed = new Set<string>()
  const anew: Move[] = []
  for (const task of after) {
    const name = nameOf(task)
    const { executor: from = null, since } = earlier.get(name) ?? {}
    if (from === task.executor && since === task.since) stayed.add(name)
    else anew.push({ name, from, to: task.executor })
  }
  return { stayed, anew }
}

/** By task, when Kafka got its commits: the times of the position records in its changelog, epoch ms. */
export async function commitTimes(
  kafka: KafkaForTests,
  spec: DeploymentSpec,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const { stages, deliveries } = spec.plan
  const topics = [
    ...stages.map(({ id }) => [id, topicNames.changelog(spec, id)] as const),
    ...deliveries.map(
      ({ nodeId }) => [deliveryStage(nodeId), topicNames.deliveryChangelog(spec.deployment, nodeId)] as const,
    ),
  ]
  const times = new Map<string, number[]>()
  for (const [stage, topic] of topics) {
    for (const { key, partition, timestamp } of await kafka.readAll(topic)) {
      if (key !== POSITION_KEY) continue
      const name = `${stage}/${partition}`
      const known = times.get(name)
      if (known === undefined) times.set(name, [timestamp])
      else known.push(timestamp)
    }
  }
  return times
}

/** The longest time without a commit of one task that ended within `from` to `to`, or had not ended at `to`; ms. */
export function longestGap(times: readonly number[], from: number, to: number): number {
  const sorted = [...times.filter((time) => time <= to), to].sort((a, b) => a - b)
  return Math.max(0, ...sorted.slice(1).map((time, i) => (time < from ? 0 : time - (sorted[i] as number))))
}
