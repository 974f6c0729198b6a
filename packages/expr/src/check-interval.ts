import { type Checked, type Checking, checkAll, expectKind, literalNode } from './checking.ts'
import type { Operand } from './coerce.ts'
import type { ArithmeticSyntax, IntervalSyntax, Syntax } from './syntax.ts'
import { subtractTimestamps } from './timestamp.ts'
import { scalar } from './type.ts'

/** Reports an interval that stands where it means nothing. */
export function refuseInterval(at: Syntax, checking: Checking): null {
  const message =
    'An interval can only be added to or subtracted from a timestamp, or compared with the difference of two'
  return checking.refuse('type_mismatch', at, message)
}

/** Checks `timestamp + interval`, `interval + timestamp` and `timestamp - interval`. */
export function checkShift(syntax: ArithmeticSyntax, checking: Checking): Checked {
  const [left, right] = syntax.operands
  const [interval, other] = right?.kind === 'interval' ? [right, left] : [left, right]
  const minus = syntax.operator === '-' && interval === right
  if (interval?.kind !== 'interval' || other === undefined || !(minus || syntax.operator === '+'))
    return refuseInterval(syntax, checking)
  const typed = checking.check(other)
  const time = typed && expectKind({ syntax: other, typed }, 'timestamp', syntax.operator, checking)
  const sign = minus ? -1 : 1
  const [months, milliseconds] = [sign * interval.months + 0, sign * interval.milliseconds + 0]
  return time && { kind: 'shift', type: time.type, time, months, milliseconds }
}

/** As `checkAll`; next to differences of timestamps an interval of fixed length is its milliseconds. */
export function checkWithIntervals(parts: readonly Syntax[], checking: Checking): Operand[] | null {
  const intervals = parts.filter((part) => part.kind === 'interval')
  const [first] = intervals
  if (first === undefined) return checkAll(parts, checking)
  const others = checkAll(
    parts.filter((part) => part.kind !== 'interval'),
    checking,
  )
  if (others === null) return null
  if (others.length === 0 || !others.every(isDifference)) return refuseInterval(first, checking)
  const calendar = intervals.find((interval) => interval.months !== 0)
  if (calendar !== undefined) {
    const message =
      'A month has no fixed length; compare with days, or add the interval to one of the timestamps'
    return checking.refuse('type_mismatch', calendar, message)
  }
  const rest = others.values()
  return parts.map((part) =>
    part.kind === 'interval' ? asMilliseconds(part) : (rest.next().value as Operand),
  )
}

function isDifference({ typed }: Operand): boolean {
  return typed.kind === 'call' && typed.call === subtractTimestamps
}

function asMilliseconds(syntax: IntervalSyntax): Operand {
  return { syntax, typed: literalNode(scalar('int64', false), syntax.milliseconds) }
}
