import type { Field } from '@millrace/expr'
import { cutFields } from '../plan/cut-fields.ts'
import { type PlannedEdge, type PlannedOperator, type StagePlan, stageOf } from '../plan/stage-plan.ts'
import type { StageOptions } from './stage-options.ts'

type Planned = Pick<StageOptions, 'program' | 'plan'>

/** The fields of the rows that are sent along an edge; null where they have the form that is read already. */
export function fieldsSent(
  stage: StagePlan,
  from: PlannedEdge['from'],
  { program }: Planned,
): readonly Field[] | null {
  if ('operator' in from) {
    const { nodeId, role } = operatorOf(stage, from.operator)
    return role === 'partial' ? null : (program.node(nodeId).outputs[from.port]?.fields ?? null)
  }
  const input = stage.inputs[from.input]
  // What comes out of a repartition topic was reshaped before the cut.
  return input?.kind === 'source' ? (program.node(input.nodeId).outputs[0]?.fields ?? null) : null
}

/** The fields of the rows that the far end of an edge reads. */
export function fieldsRead(
  stage: StagePlan,
  to: PlannedEdge['to'],
  { program, plan }: Planned,
): readonly Field[] {
  if ('operator' in to) {
    const { nodeId } = operatorOf(stage, to.operator)
    return program.node(nodeId).inputs[to.input]?.fields ?? []
  }
  const cut = stage.cuts[to.cut]
  return cut === undefined ? [] : cutFields(program, stageOf(plan, cut.stage), cut.input)
}

function operatorOf({ operators }: StagePlan, id: string): PlannedOperator {
  const operator = operators.find((candidate) => candidate.id === id)
  if (operator === undefined) throw new Error(`the stage has no operator ${id}`)
  return operator
}
