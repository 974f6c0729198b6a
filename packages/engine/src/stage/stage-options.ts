import type { Program } from '../plan/program.ts'
import type { DeploymentPlan } from '../plan/stage-plan.ts'
import type { OutsideState } from '../state/outside-rows.ts'
import type { Probe, StageOutput } from './stage-output.ts'

/** What one task of a stage is built from. */
export interface StageOptions {
  readonly program: Program
  readonly plan: DeploymentPlan
  readonly stageId: string
  /** Index of the task, and of its partition of every input. */
  readonly task: number
  /** By node id: the generation in which the node's state began; 0 where it is missing. */
  readonly births: { readonly [nodeId: string]: number }
  /** Where state is that is not in memory; null: all rows that exist are restored before the first record. */
  readonly outside: OutsideState | null
  /** With `outside`: there are no rows yet, so that none has to be fetched until some leave memory. */
  readonly startsEmpty?: boolean
  readonly output: StageOutput
  readonly probe?: Probe
  /** For generators: event time of the first event, epoch ms. */
  readonly generatorStart?: number
}
