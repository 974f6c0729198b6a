import { type SubKeyRange, timeSubKey } from '@millrace/engine'
import type { Field, Row } from '@millrace/expr'
import type { StreamSchema } from '@millrace/graph'
import { keyReader } from '../../config/key-reader.ts'
import { padsOf, waitsOf } from './join-shape.ts'
import type { JoinConfig } from './settings.ts'

/** One side of a join. */
export interface JoinSide {
  /** Also the place of its events in a state row. */
  readonly index: 0 | 1
  /** What the sub-keys of its events begin with. */
  readonly letter: string
  /** How long an event waits for its last possible partner, ms; see `waitsOf`. */
  readonly wait: number
  /** An event without partner goes out. */
  readonly pads: boolean
  /** The key text of an event; null where a part of it is null. */
  keyOf(row: Row): string | null
  /** Where the possible partners of an event are. */
  partners(time: number): SubKeyRange
}

/** Both sides of a join. */
export function joinSides(
  config: JoinConfig,
  [left, right]: readonly StreamSchema[],
): readonly [JoinSide, JoinSide] {
  const { on, lower, upper, kind } = config
  const waits = waitsOf(config)
  const pads = padsOf(kind)
  return [
    {
      ...{ index: 0, letter: 'L', wait: waits[0], pads: pads[0] },
      keyOf: pairKeyReader(
        left?.fields ?? [],
        on.map((pair) => pair.left),
      ),
      partners: (time) => between('R', time + lower, time + upper),
    },
    {
      ...{ index: 1, letter: 'R', wait: waits[1], pads: pads[1] },
      keyOf: pairKeyReader(
        right?.fields ?? [],
        on.map((pair) => pair.right),
      ),
      partners: (time) => between('L', time - upper, time - lower),
    },
  ]
}

/** Both bounds are included. */
function between(letter: string, first: number, last: number): SubKeyRange {
  return { from: letter + timeSubKey(first), to: letter + timeSubKey(last + 1) }
}

function pairKeyReader(fields: readonly Field[], names: readonly string[]): (row: Row) => string | null {
  const { text } = keyReader(fields, names)
  const places = names.map((name) => fields.findIndex((field) => field.name === name))
  return (row) => (places.some((place) => row[place] === null) ? null : text(row))
}
