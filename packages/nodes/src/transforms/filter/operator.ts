import {
  type Operator,
  type OperatorContext,
  type Passage,
  statelessOperator,
  type TransformRuntime,
} from '@millrace/engine'
import { compileCondition, type Value } from '@millrace/expr'
import { compiledOf } from '../../config/check-expression.ts'
import { onlyInput } from '../../config/only-input.ts'
import type { FilterConfig } from './definition.ts'

/** How a filter runs. */
export const filterRuntime: TransformRuntime<FilterConfig> = {
  role: 'transform',
  type: 'filter',
  eventTime: false,
  create: createFilter,
}

/** Three-valued: a condition is true, false or, where a null decides, unknown. Only true counts as a match. */
function createFilter({ mode, condition }: FilterConfig, context: OperatorContext): Operator {
  const { evaluate } = compiledOf(compileCondition(condition, onlyInput(context).fields))
  const kept = mode === 'keep'
  return statelessOperator(context, (record, evaluation) => {
    const matches = evaluate(record.row, evaluation)
    return (matches === true) === kept ? { row: record.row, port: 0 } : dropped(matches)
  })
}

const IS_TRUE: Passage = { drop: 'the condition is true' }
const IS_FALSE: Passage = { drop: 'the condition is false' }
const IS_UNKNOWN: Passage = { drop: 'the condition is unknown (null)' }

function dropped(matches: Value): Passage {
  if (matches === null) return IS_UNKNOWN
  return matches === true ? IS_TRUE : IS_FALSE
}
