import type { Field } from '@millrace/expr'
import type { PairShape } from '../../pairs/pair-columns.ts'
import type { JoinConfig } from './settings.ts'

/** What the events of a side are called in the condition. */
export const SIDES = ['left', 'right'] as const

/** By side, left first: does an event without a partner go out? */
export function padsOf(kind: JoinConfig['kind']): readonly [boolean, boolean] {
  return [kind === 'left' || kind === 'full', kind === 'right' || kind === 'full']
}

/** What pairs become. */
export function joinShape(config: JoinConfig, left: readonly Field[], right: readonly Field[]): PairShape {
  const [padsLeft, padsRight] = padsOf(config.kind)
  return {
    choice: config.fields,
    keys: config.on.map((pair) => [pair.left, pair.right]),
    nullsDiffer: true,
    sides: [
      {
        ...{ fields: left, prefix: config.leftPrefix, taken: config.leftFields },
        ...{ path: 'leftFields', optional: padsRight },
      },
      {
        ...{ fields: right, prefix: config.rightPrefix, taken: config.rightFields },
        ...{ path: 'rightFields', optional: padsLeft },
      },
    ],
  }
}

/**
 * How long, in event time, an event of each side waits for its last possible partner: negative where all partners come
 * before it.
 */
export function waitsOf({ lower, upper }: JoinConfig): readonly [number, number] {
  return [upper, -lower]
}
