import type { StateLayout, TransformRuntime } from '@millrace/engine'
import { type Field, formatType, scalar, structOf } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import { WHOLE } from '../../aggregates/cells.ts'
import { onlyInput } from '../../config/only-input.ts'
import { StreamTop, WindowTop } from './append-top.ts'
import { listKey } from './definition.ts'
import type { TopNConfig } from './settings.ts'
import { UpdatingTop } from './updating-top.ts'

/** How a top-N runs. */
export const topNRuntime: TransformRuntime<TopNConfig> = {
  role: 'transform',
  type: 'top-n',
  eventTime: true,
  keyFields: listKey,
  state: stateOf,
  create(config, context) {
    if (config.per === 'window') return new WindowTop(config, context)
    return onlyInput(context).updates ? new UpdatingTop(config, context) : new StreamTop(config, context)
  },
}

/** One row for each row of a list, in order, and one for the list or, where rows are corrected, for each name. */
function stateOf(config: TopNConfig, [input]: readonly StreamSchema[]): StateLayout {
  const fields = input?.fields ?? []
  const { per, n, orderBy, rank } = config
  const updates = input?.updates
  return {
    fields: [
      { name: 'number', type: WHOLE },
      { name: 'time', type: scalar('timestamp', false) },
      { name: 'row', type: structOf(fields) },
      { name: 'link', type: scalar('string') },
    ],
    openSubKeys: true,
    signature: {
      ...{ per, key: typed(listKey(config), fields), row: formatType(structOf(fields)) },
      ...{
        orderBy: orderBy.map((order) => ({ ...order })),
        names: updates ? typed(updates.key, fields) : null,
      },
      // Rows that were left out of shorter lists are gone; a slot is known only where there is no rank.
      ...{ n, hasRanks: rank !== '' },
    },
  }
}

function typed(names: readonly string[], fields: readonly Field[]): string[][] {
  return names.map((name) => {
    const field = fields.find((one) => one.name === name)
    return [name, field ? formatType(field.type) : '']
  })
}
