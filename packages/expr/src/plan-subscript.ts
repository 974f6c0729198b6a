import type { Evaluate } from './expression.ts'
import type { Plan } from './plan.ts'
import type { TypedSubscript } from './typed.ts'
import type { Value } from './value.ts'

/** Plans `array[position]` and `map[key]`. */
export function planSubscript({ object, index }: TypedSubscript, plan: Plan): Evaluate {
  const find = object.type.kind === 'map' ? valueOfKey : elementAt
  const container = plan(object)
  const wanted = plan(index)
  return (row, context) => {
    const values = container(row, context)
    if (values === null) return null
    const at = wanted(row, context)
    return at === null ? null : find(values as readonly Value[], at)
  }
}

/** 1 is the first; null outside the array. A bigint is outside every array. */
function elementAt(array: readonly Value[], position: Value): Value {
  return typeof position === 'number' && position >= 1 ? (array[position - 1] ?? null) : null
}

/** The value of a key in the entries of a map; null where it is not there. */
export function valueOfKey(entries: readonly Value[], key: Value): Value {
  for (let i = 0; i < entries.length; i += 2) if (entries[i] === key) return entries[i + 1] as Value
  return null
}
