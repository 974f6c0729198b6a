import { type DeploymentSpec, deliveryStage, type TaskReport } from '@millrace/contracts'
import { tasksOf } from '../task/task-identity.ts'

/** The stages that must be drained before a stage can be: those that write what it reads. */
export function upstreamStages({ plan }: DeploymentSpec, stage: string): string[] {
  const reads = plan.stages.find(({ id }) => id === stage)
  if (reads !== undefined)
    return reads.inputs.flatMap((input) => (input.kind === 'repartition' ? input.from : []))
  const sink = plan.deliveries.find(({ nodeId }) => deliveryStage(nodeId) === stage)?.nodeId
  return plan.stages
    .filter(({ operators }) => operators.some(({ nodeId }) => nodeId === sink))
    .map(({ id }) => id)
}

/** The stages of a generation all of whose tasks say that nothing is left to do. */
export function drainedStages(spec: DeploymentSpec, reports: readonly TaskReport[]): Set<string> {
  const drained = new Set(
    reports
      .filter((report) => report.drained && report.generation === spec.generation)
      .map(({ stage, partition }) => `${stage}/${partition}`),
  )
  const stages = Map.groupBy(tasksOf(spec), ({ stage }) => stage)
  return new Set(
    [...stages]
      .filter(([id, tasks]) => tasks.every(({ partition }) => drained.has(`${id}/${partition}`)))
      .map(([id]) => id),
  )
}
