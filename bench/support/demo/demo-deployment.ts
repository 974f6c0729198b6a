import type { DeploymentSpec, TaskReport } from '@millrace/contracts'
import { createDemoTopics, type DemoPipeline, demoTopicsByNode } from '../../../tests/support/demo.ts'
import { createDeployment, writeDesired } from '../../../tests/support/deployment.ts'
import { nameOf, runningTasks, taskCount } from '../../../tests/support/task-lives.ts'
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

/**
 * Waits until all tasks run, on all of these executors and on nobody else; those that an executor had to start anew,
 * after a time (epoch ms).
 */
export async function everyTaskRunsOn(
  servers: BenchServers,
  spec: DeploymentSpec,
  executors: readonly string[],
  anew: { readonly tasks: ReadonlySet<string>; readonly after: number } = { tasks: new Set(), after: 0 },
): Promise<readonly TaskReport[]> {
  return waitFor(
    `every task runs on ${executors.join(' and ')}`,
    async () => {
      const running = (await runningTasks(servers, spec)).filter(
        (task) =>
          executors.includes(task.executor) && (!anew.tasks.has(nameOf(task)) || task.since > anew.after),
      )
      const owners = new Set(running.map(({ executor }) => executor))
      return running.length === taskCount(spec) && owners.size === executors.length && running
    },
    DEADLINE_MS,
  )
}
