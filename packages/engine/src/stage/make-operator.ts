import type { Operator, OperatorContext, PreAggregation } from '../operator.ts'
import { preAggregationOf } from '../plan/plan-stages.ts'
import type { ProgramNode } from '../plan/program.ts'
import type { OperatorRole } from '../plan/stage-plan.ts'
import type { StageOutput } from './stage-output.ts'

/** Makes the operator that a node plays in a role. Sources have none. */
export function makeOperator(
  program: ProgramNode,
  role: OperatorRole,
  context: OperatorContext,
  output: StageOutput,
): Operator {
  const { node, runtime } = program
  const [input] = program.inputs
  if (runtime.role === 'topic-sink' && input) {
    const encode = runtime.createEncoder(node.config, input)
    return {
      process(record, _, out) {
        output.topic(node.id, encode(record), record)
        out.emit(record)
      },
    }
  }
  if (runtime.role === 'outbox-sink' && input) {
    const documentOf = runtime.createDocuments(node.config, input)
    return { process: (record) => output.outbox(node.id, documentOf(record), record) }
  }
  if (runtime.role !== 'transform') throw new Error(`node ${node.id} of type ${node.type} is no operator`)
  if (role === 'main') return runtime.create(node.config, context)
  const split = preAggregationOf(program) as PreAggregation
  return role === 'partial' ? split.createPartial(context) : split.createMerge(context)
}
