import type { Operator, OperatorContext, TransformRuntime } from '@millrace/engine'
import { compileCondition } from '@millrace/expr'
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
  if (mode === 'drop') {
    return {
      process(record, _input, out) {
        if (evaluate(record.row, record) === true) out.drop(record, 'the condition is true')
        else out.emit(record)
      },
    }
  }
  return {
    process(record, _input, out) {
      const matches = evaluate(record.row, record)
      if (matches === true) out.emit(record)
      else out.drop(record, matches === false ? 'the condition is false' : 'the condition is unknown (null)')
    },
  }
}
