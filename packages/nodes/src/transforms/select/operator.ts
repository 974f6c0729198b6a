import {
  type Operator,
  type OperatorContext,
  statelessOperator,
  type TransformRuntime,
} from '@millrace/engine'
import type { Evaluate } from '@millrace/expr'
import { onlyInput } from '../../config/only-input.ts'
import { columnsOf } from './columns.ts'
import type { SelectConfig } from './settings.ts'

/** How a select runs. */
export const selectRuntime: TransformRuntime<SelectConfig> = {
  role: 'transform',
  type: 'select',
  eventTime: false,
  create: createSelect,
}

function createSelect(config: SelectConfig, context: OperatorContext): Operator {
  const columns = columnsOf(config, onlyInput(context).fields)
  if (columns === null) throw new Error('the config was not validated: an expression does not compile')
  const evaluators = columns.map(({ expression }): Evaluate => expression.evaluate)
  return statelessOperator(context, (record, evaluation) => ({
    row: evaluators.map((evaluate) => evaluate(record.row, evaluation)),
    port: 0,
  }))
}
