import {
  type FannedRow,
  type FanOut,
  fanOutOperator,
  type Operator,
  type OperatorContext,
  RecordError,
  type TransformRuntime,
} from '@millrace/engine'
import type { Row, Value } from '@millrace/expr'
import { counted } from '@millrace/graph'
import { onlyInput } from '../../config/only-input.ts'
import { type ExplodeLayout, layoutOf } from './layout.ts'
import type { ExplodeConfig } from './settings.ts'

/** How an explode runs. */
export const explodeRuntime: TransformRuntime<ExplodeConfig> = {
  role: 'transform',
  type: 'explode',
  eventTime: false,
  create: createExplode,
}

const NO_LIST = { drop: 'the array or map is null' } as const
const NO_ELEMENTS = { drop: 'the array or map is empty' } as const

function createExplode(config: ExplodeConfig, context: OperatorContext): Operator {
  const layout = layoutOf(config, onlyInput(context).fields)
  if (layout === null) throw new Error('the config was not validated: there is no array or map')
  const step = layout.isMap ? 2 : 1
  const rowOf = rowMaker(layout, config.index !== '')
  return fanOutOperator(context, ({ row }, evaluation): FanOut => {
    const list = layout.list.evaluate(row, evaluation) as readonly Value[] | null
    if (list === null || list.length === 0) {
      if (config.empty === 'keep') return [{ row: rowOf(row, null, null), port: 0, name: null }]
      return list === null ? NO_LIST : NO_ELEMENTS
    }
    const count = list.length / step
    if (count > config.limit) throw tooMany(count, config.limit)
    return Array.from({ length: count }, (_, i): FannedRow => {
      const key = (layout.isMap ? list[2 * i] : i + 1) as FannedRow['name']
      const element = list[step * i + step - 1] as Value
      return { row: rowOf(row, key, element), port: 0, name: key }
    })
  })
}

function tooMany(count: number, limit: number): RecordError {
  return new RecordError(
    'too_many_elements',
    `The event has ${counted(count, 'element')}, more than ${limit}.`,
  )
}

/** Puts position or key, and an element, in their places. A struct that is null is a null in each of its fields. */
function rowMaker(
  { isSpread, width, place, replaced }: ExplodeLayout,
  hasIndex: boolean,
): (row: Row, key: Value, element: Value) => Row {
  const nothing: Row = Array.from({ length: width }, () => null)
  return (row, key, element) => {
    const parts = isSpread ? ((element as Row | null) ?? nothing) : [element]
    return [...row.slice(0, place), ...(hasIndex ? [key] : []), ...parts, ...row.slice(place + replaced)]
  }
}
