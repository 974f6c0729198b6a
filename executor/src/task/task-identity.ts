import { type DeploymentSpec, deliveryStage, topicNames } from '@millrace/contracts'

/** One task of one generation of a deployment. */
export interface TaskIdentity {
  readonly spec: DeploymentSpec
  /** Stage id; `deliveryStage(sink)` for a delivery task. */
  readonly stage: string
  readonly partition: number
  /** The sink node whose outbox this task delivers; null for a task that processes. */
  readonly sink: string | null
}

/** The names under which a task works. */
export interface TaskNames {
  readonly transactionalId: string
  readonly group: string
  readonly changelog: string
}

/** Every task that a generation needs, sources first. */
export function tasksOf(spec: DeploymentSpec): TaskIdentity[] {
  const processing = spec.plan.stages.flatMap(({ id, tasks }) =>
    range(tasks).map((partition) => ({ spec, stage: id, partition, sink: null })),
  )
  const delivering = spec.plan.deliveries.flatMap(({ nodeId, tasks }) =>
    range(tasks).map((partition) => ({ spec, stage: deliveryStage(nodeId), partition, sink: nodeId })),
  )
  return [...processing, ...delivering]
}

/** Transactional id, group and changelog of a task (exactly-once.md P1). */
export function namesOf({ spec, stage, partition, sink }: TaskIdentity): TaskNames {
  const transactionalId = topicNames.transactionalId(spec.deployment, stage, partition)
  if (sink !== null) {
    return {
      transactionalId,
      group: topicNames.deliveryGroup(spec.deployment, sink),
      changelog: topicNames.deliveryChangelog(spec.deployment, sink),
    }
  }
  return {
    transactionalId,
    group: topicNames.group(spec, stage),
    changelog: topicNames.changelog(spec, stage),
  }
}

/** `<stage>/<partition>`: names a task among those of its deployment. */
export function taskName({
  stage,
  partition,
}: {
  readonly stage: string
  readonly partition: number
}): string {
  return `${stage}/${partition}`
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}
