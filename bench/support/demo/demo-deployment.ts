import { type DeploymentSpec, redisKeys, type TaskReport } from '@millrace/contracts'
import { createDemoTopics, type DemoPipeline, demoTopicsByNode } from '../../../tests/support/demo.ts'
import { createDeployment, writeDesired } from '../../../tests/support/deployment.ts'
import { waitFor } from '../../../tests/support/wait-for.ts'
import type { BenchServers } from '../bench-servers.ts'

/** Partitions of the topic of orders. */
export const DEMO_PARTITIONS = 4
const DEADLINE_MS = 60_000

/** Creates the demo's topics with their reference data and says that the pipeline is to run. */
export async function deployDemo(servers: BenchServers, pipeline: DemoPipeline): Promise<DeploymentSpec> {
  await createDemoTopics(servers.kafka, pipeline)
  const spec = await createDeployment({
    ...{ graph: pipeline.graph, partitions: { orders: DEMO_PARTITIONS }, kafka: servers.kafka },
    ...{ topics: demoTopicsByNode(pipeline), elasticsearch: servers.addresses.elasticsearch },
  })
  await writeDesired(servers.redis, spec)
  return spec
}

/** By executor: how many tasks run there. */
export async function runningTasks(
  { redis }: BenchServers,
  { deployment }: DeploymentSpec,
): Promise<ReadonlyMap<string, number>> {
  const reports = Object.values(await redis.hgetall(redisKeys.tasks(deployment))).map(
    (text) => JSON.parse(text) as TaskReport,
  )
  const running = reports.filter(({ state }) => state === 'running')
  const byExecutor = Map.groupBy(running, ({ executor }) => executor)
  return new Map([...byExecutor].map(([executor, tasks]) => [executor, tasks.length]))
}

/** How many tasks a deployment has. */
export function taskCount({ plan }: DeploymentSpec): number {
  return [...plan.stages, ...plan.deliveries].reduce((sum, { tasks }) => sum + tasks, 0)
}

/** Waits until all tasks run, on all of these executors and on nobody else. */
export async function everyTaskRunsOn(
  servers: BenchServers,
  spec: DeploymentSpec,
  executors: readonly string[],
): Promise<void> {
  await waitFor(
    `every task runs on ${executors.join(' and ')}`,
    async () => {
      const running = await runningTasks(servers, spec)
      const there = executors.reduce((sum, id) => sum + (running.get(id) ?? 0), 0)
      return there === taskCount(spec) && executors.every((id) => running.has(id))
    },
    DEADLINE_MS,
  )
}
