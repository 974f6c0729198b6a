import {
  type DeploymentSpec,
  deadLetterLimit,
  deliveryStage,
  type InternalTopicKind,
  internalTopicConfig,
  type RunName,
  topicNames,
} from '@millrace/contracts'
import type { DeploymentPlan, StagePlan } from '@millrace/engine'

/** A topic that Millrace makes for itself. */
export interface InternalTopic {
  readonly kind: InternalTopicKind
  readonly name: string
  readonly partitions: number
}

/**
 * The internal topics that a plan needs, but for that of dead letters.
 *
 * @param partitions of repartition topics
 */
export function internalTopics(plan: DeploymentPlan, run: RunName, partitions: number): InternalTopic[] {
  const deliveries = plan.deliveries.flatMap(({ nodeId, tasks }): InternalTopic[] => [
    { kind: 'outbox', name: topicNames.outbox(run.deployment, nodeId), partitions: tasks },
    { kind: 'changelog', name: topicNames.deliveryChangelog(run.deployment, nodeId), partitions: tasks },
  ])
  return [...plan.stages.flatMap((stage) => stageTopics(stage, run, partitions)), ...deliveries]
}

/** The topic of dead letters. */
export function deadLetterTopic(deployment: string, partitions: number): InternalTopic {
  return { kind: 'dead', name: topicNames.dead(deployment), partitions }
}

/**
 * The settings of a new internal topic.
 *
 * @param topics those that the pipeline uses: dead letters must fit
 */
export function topicConfig(
  { kind }: InternalTopic,
  replicationFactor: number,
  topics: DeploymentSpec['topics'],
): Record<string, string> {
  const limit = kind === 'dead' ? deadLetterLimit(Object.values(topics)) : undefined
  return internalTopicConfig(kind, replicationFactor, limit)
}

/** Consumer groups of a plan, in which positions are mirrored. */
export function internalGroups(plan: DeploymentPlan, run: RunName): string[] {
  return [
    ...plan.stages.map(({ id }) => topicNames.group(run, id)),
    ...plan.deliveries.map(({ nodeId }) => topicNames.deliveryGroup(run.deployment, nodeId)),
  ]
}

/** Stage ids of all tasks of a plan, with the number of tasks; deliveries included. */
export function plannedTasks(plan: DeploymentPlan): { readonly stage: string; readonly tasks: number }[] {
  return [
    ...plan.stages.map(({ id, tasks }) => ({ stage: id, tasks })),
    ...plan.deliveries.map(({ nodeId, tasks }) => ({ stage: deliveryStage(nodeId), tasks })),
  ]
}

function stageTopics(stage: StagePlan, run: RunName, partitions: number): InternalTopic[] {
  const reads = stage.inputs.some(({ kind }) => kind === 'repartition')
  const topics: (InternalTopic | null)[] = [
    { kind: 'changelog', name: topicNames.changelog(run, stage.id), partitions: stage.tasks },
    reads ? { kind: 'repartition', name: topicNames.repartition(run, stage.id), partitions } : null,
    stage.control ? { kind: 'control', name: topicNames.control(run, stage.id), partitions: 1 } : null,
  ]
  return topics.filter((topic) => topic !== null)
}
