import {
  type DeploymentSpec,
  deliveryStage,
  redisKeys,
  type StatusEvent,
  type Switchover,
  type TaskReport,
  topicNames,
} from '@millrace/contracts'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { KafkaClient } from '../kafka/wire/index.ts'
import type { Deployments, DeploymentView } from './deployments.ts'
import { drainedStages } from './drain-order.ts'
import { fenceTask, retiredTasks, sealTask } from './seal-stages.ts'

/** What the changes of generation need. */
export interface SwitchoverOptions {
  readonly redis: Redis
  readonly deployments: Deployments
  readonly log: Logger
  clientOf(spec: DeploymentSpec): Promise<KafkaClient>
  tell(event: StatusEvent): void
}

/**
 * Leads deployments from one generation to the next: drain, seal, run. Only the executor that holds the deployment's
 * lease does it; every step may be done twice.
 */
export class Switchovers {
  readonly #options: SwitchoverOptions
  readonly #busy = new Set<string>()

  constructor(options: SwitchoverOptions) {
    this.#options = options
  }

  /** Takes the next step, if one is due. */
  async advance(view: DeploymentView, reports: readonly TaskReport[]): Promise<void> {
    const { deployment } = view.desired
    if (view.desired.state === 'stopped' || view.switchover.phase === 'run' || this.#busy.has(deployment))
      return
    this.#busy.add(deployment)
    try {
      if (view.switchover.phase === 'drain') await this.#drain(view, reports)
      else await this.#seal(view)
    } finally {
      this.#busy.delete(deployment)
    }
  }

  async #drain(view: DeploymentView, reports: readonly TaskReport[]): Promise<void> {
    const { desired, draining, switchover } = view
    if (draining === null || desired.drain?.discard || this.#isDrained(draining, view.spec, reports)) {
      await this.#enter(view, 'seal')
      return
    }
    const unread = await this.#unread(draining)
    await this.#options.deployments.setSwitchover(desired.deployment, { ...switchover, unread })
  }

  /** All stages, and the outboxes of sinks that go away. */
  #isDrained(draining: DeploymentSpec, next: DeploymentSpec, reports: readonly TaskReport[]): boolean {
    const drained = drainedStages(draining, reports)
    const leaving = new Set(retiredTasks(draining, next).map(({ stage }) => stage))
    const deliveries = draining.plan.deliveries
      .map(({ nodeId }) => deliveryStage(nodeId))
      .filter((id) => leaving.has(id))
    return [...draining.plan.stages.map(({ id }) => id), ...deliveries].every((id) => drained.has(id))
  }

  async #unread(spec: DeploymentSpec): Promise<number> {
    const client = await this.#options.clientOf(spec)
    const partitions = spec.plan.stages
      .filter(({ inputs }) => inputs.some(({ kind }) => kind === 'repartition'))
      .flatMap(({ id, tasks }) =>
        Array.from({ length: tasks }, (_, partition) => ({
          topic: topicNames.repartition(spec, id),
          partition,
        })),
      )
    if (partitions.length === 0) return 0
    const groups = await Promise.all(partitions.map(async (at) => this.#unreadOf(client, at)))
    return groups.reduce((sum, count) => sum + count, 0)
  }

  async #unreadOf(client: KafkaClient, at: { topic: string; partition: number }): Promise<number> {
    const group = at.topic.slice(0, at.topic.lastIndexOf('.'))
    const [end] = await client.listOffsets([at], 'last-stable')
    const [read] = await client.committedOffsets(group, [at])
    return Math.max(0, (end?.offset ?? 0) - (read?.offset ?? 0))
  }

  async #seal(view: DeploymentView): Promise<void> {
    const { spec, draining } = view
    const client = await this.#options.clientOf(spec)
    if (draining !== null) {
      const retired = retiredTasks(draining, spec)
      await Promise.all(retired.map((identity) => sealTask(client, identity, spec.generation)))
    } else {
      const ids = spec.retired.flatMap(({ id, tasks }) =>
        Array.from({ length: tasks }, (_, i) => topicNames.transactionalId(spec.deployment, id, i)),
      )
      await Promise.all(ids.map((id) => fenceTask(client, id)))
    }
    await this.#enter(view, 'run')
  }

  async #enter({ desired, switchover }: DeploymentView, phase: Switchover['phase']): Promise<void> {
    const next: Switchover = { ...switchover, phase, since: Date.now(), unread: 0 }
    await this.#options.deployments.setSwitchover(desired.deployment, next)
    const kind = phase === 'seal' ? 'drained' : 'sealed'
    const message =
      phase === 'seal'
        ? `Generation ${desired.drain?.generation} has worked off its internal topics.`
        : `Generation ${desired.generation} takes over.`
    this.#options.tell({ deployment: desired.deployment, at: Date.now(), kind, message })
    this.#options.log.info({ deployment: desired.deployment, generation: desired.generation, phase }, message)
  }
}

/** Task reports of a deployment that are fresh enough to count. */
export async function readReports(
  redis: Redis,
  deployment: string,
  newerThan: number,
): Promise<TaskReport[]> {
  const all = Object.values(await redis.hgetall(redisKeys.tasks(deployment)))
  return all.map((text) => JSON.parse(text) as TaskReport).filter(({ at }) => at > newerThan)
}
