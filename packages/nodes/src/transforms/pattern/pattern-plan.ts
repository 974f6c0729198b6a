import type { StateLayout } from '@millrace/engine'
import { compileCondition, type Evaluate, type Field, formatType, type Row, structOf } from '@millrace/expr'
import { compiledOf } from '../../config/check-expression.ts'
import type { PairShape } from '../../pairs/pair-columns.ts'
import { PairPlan } from '../../pairs/pair-plan.ts'
import type { PatternConfig } from './settings.ts'

/** What the events are called in the condition over both. */
export const NAMES = ['a', 'b'] as const

/** What a match becomes: of both events, or of the first alone where no second one came. */
export function patternShape(config: PatternConfig, fields: readonly Field[]): PairShape {
  const isFollowed = config.kind === 'followed'
  return {
    choice: config.fields,
    keys: config.key.map((name) => [name, name]),
    nullsDiffer: false,
    sides: [
      { fields, prefix: config.aPrefix, taken: config.aFields, path: 'aFields', optional: false },
      {
        ...{ fields: isFollowed ? fields : [], prefix: config.bPrefix, optional: false },
        ...{ taken: isFollowed ? config.bFields : [], path: 'bFields' },
      },
    ],
  }
}

/** How a pattern works on its events. */
export class PatternPlan {
  readonly pair: PairPlan
  readonly isFirst: Evaluate
  readonly isSecond: Evaluate

  constructor(config: PatternConfig, fields: readonly Field[]) {
    const { condition } = config
    const shape = patternShape(config, fields)
    this.pair = new PairPlan({ shape, names: NAMES, rows: [fields, fields], condition })
    this.isFirst = compiledOf(compileCondition(config.first, fields)).evaluate
    this.isSecond = compiledOf(compileCondition(config.second, fields)).evaluate
  }
}

/** A state row: what is kept of an event as a first and as a second one; null where it is none. */
export type EventRow = readonly [first: Row | null, second: Row | null]

/**
 * A row per event that waits for its turn, and one per first event that waits for its second. Conditions and times may
 * change: what waits is judged by the new ones.
 */
export function stateLayout(config: PatternConfig, fields: readonly Field[]): StateLayout {
  const { pair } = new PatternPlan(config, fields)
  const keys = config.key.map((name) => fields.find((field) => field.name === name))
  return {
    fields: NAMES.map((name, i) => ({ name, type: structOf(pair.kept[i]?.fields ?? []) })),
    openSubKeys: true,
    signature: {
      key: keys.map((field) => (field ? [field.name, formatType(field.type)] : [])),
      rows: pair.signature,
    },
  }
}
