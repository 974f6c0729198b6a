import type { Field } from '@millrace/expr'
import { createRowCodec, type RowCodec } from '../codec/row-codec.ts'
import { preAggregationOf } from './plan-stages.ts'
import { inputIndex, type Program, type ProgramNode } from './program.ts'
import type { StageInput, StagePlan } from './stage-plan.ts'

/** Fields of the rows that cross to an input of a stage: partial rows where the node pre-aggregates. */
export function cutFields(program: Program, stage: StagePlan, input: number): readonly Field[] {
  const target = stage.inputs[input] as StageInput
  if (target.kind !== 'repartition') return []
  const node = program.node(target.nodeId)
  const merges = stage.operators.some(({ nodeId, role }) => nodeId === target.nodeId && role === 'merge')
  return merges ? (preAggregationOf(node)?.fields ?? []) : inputFields(node, target.port)
}

/** By input index: the codec of the stage's repartition messages. Inputs of other kinds have one without fields. */
export function stageCodecs(program: Program, stage: StagePlan): RowCodec[] {
  return stage.inputs.map((_, input) => createRowCodec(cutFields(program, stage, input)))
}

function inputFields(node: ProgramNode, port: string): readonly Field[] {
  return node.inputs[inputIndex(node, port)]?.fields ?? []
}
