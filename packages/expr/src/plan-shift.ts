import type { Evaluate } from './expression.ts'
import type { Plan } from './plan.ts'
import { addMonths, timestampInRange } from './timestamp.ts'
import type { TypedShift } from './typed.ts'

/** Plans a timestamp and an interval. */
export function planShift({ time, months, milliseconds }: TypedShift, plan: Plan): Evaluate {
  const evaluate = plan(time)
  const shift = (value: number) => (months === 0 ? value + milliseconds : addMonths(value, months))
  return (row, context) => {
    const value = evaluate(row, context)
    return value === null ? null : timestampInRange(shift(value as number))
  }
}
