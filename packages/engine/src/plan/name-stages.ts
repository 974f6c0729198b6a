import type { DeploymentPlan, StageInput } from './stage-plan.ts'

/** A stage of an earlier version: its id and what it was. */
export interface KnownStage {
  readonly id: string
  readonly identity: string
}

/** A plan with lasting stage ids, and the number for the next new stage. */
export interface NamedPlan {
  readonly plan: DeploymentPlan
  readonly nextStageNumber: number
}

/**
 * Gives the stages of a plan the ids that name their topics: a stage that was there before keeps its id, every other
 * one gets a number that was never used (exactly-once.md P1).
 */
export function nameStages(
  plan: DeploymentPlan,
  before: readonly KnownStage[],
  nextStageNumber: number,
): NamedPlan {
  let next = nextStageNumber
  const known = new Map(before.map(({ id, identity }) => [identity, id]))
  const ids = new Map(plan.stages.map((stage) => [stage.id, known.get(stage.identity) ?? `s${next++}`]))
  const idOf = (draft: string) => ids.get(draft) as string
  const stages = plan.stages.map((stage) => ({
    ...stage,
    id: idOf(stage.id),
    inputs: stage.inputs.map((input) => renameInput(input, idOf)),
    cuts: stage.cuts.map((cut) => ({ ...cut, stage: idOf(cut.stage) })),
  }))
  return { plan: { ...plan, stages }, nextStageNumber: next }
}

function renameInput(input: StageInput, idOf: (draft: string) => string): StageInput {
  return input.kind === 'repartition' ? { ...input, from: input.from.map(idOf) } : input
}
