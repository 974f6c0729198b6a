import type { JoinConfig } from '../../index.ts'

/** An event of one side of a join, with the fields that the model knows. */
export interface ModelRow {
  readonly k: string | null
  readonly j: bigint | null
  readonly n: bigint | null
}

/** One thing that happens to a join. */
export type ModelStep =
  | { readonly to: 'left' | 'right'; readonly row: ModelRow; readonly at: bigint }
  | { readonly to?: 'left' | 'right'; readonly watermark: bigint }

type Settings = Pick<JoinConfig, 'kind' | 'lower' | 'upper' | 'condition'>

/** The condition of the model: it fails beyond int64. */
export const CONDITION = 'left.n + right.n > 0'

const INT64_MAX = 9_223_372_036_854_775_807n

interface Arrival {
  readonly side: 'left' | 'right'
  readonly row: ModelRow
  readonly time: number
  /** The watermark when it came. */
  readonly watermark: number
}

/**
 * What a join must make of the steps, from the list of all that ever came: no state, no timers, every event compared with
 * every later one. Two events are a pair if the first of them could still wait for a partner when the second one came.
 */
export function joinModel(steps: readonly ModelStep[], { kind, lower, upper, condition }: Settings) {
  const arrivals: Arrival[] = []
  let watermark = Number.NEGATIVE_INFINITY
  const heard = { left: Number.NEGATIVE_INFINITY, right: Number.NEGATIVE_INFINITY }
  for (const step of steps) {
    if ('row' in step) arrivals.push({ side: step.to, row: step.row, time: Number(step.at), watermark })
    else {
      for (const side of step.to ? [step.to] : (['left', 'right'] as const))
        heard[side] = Math.max(heard[side], Number(step.watermark))
      watermark = Math.min(heard.left, heard.right)
    }
  }
  const lastPartner = ({ side, time }: Arrival) => (side === 'left' ? time + upper : time - lower)
  const output: { row: Record<string, unknown>; at: bigint }[] = []
  const late: Record<string, unknown>[] = []
  const dropped: { to: string; row: Record<string, unknown>; cause: string }[] = []
  const errors: { code: string }[] = []
  const paired = new Set<Arrival>()
  for (const [i, second] of arrivals.entries()) {
    for (const first of arrivals.slice(0, i)) {
      const [left, right] = second.side === 'left' ? [second, first] : [first, second]
      const distance = right.time - left.time
      if (first.side === second.side || distance < lower || distance > upper) continue
      if (left.row.k === null || left.row.k !== right.row.k) continue
      if (left.row.j === null || left.row.j !== right.row.j) continue
      if (second.watermark >= lastPartner(first)) continue
      if (condition !== '') {
        if (left.row.n === null || right.row.n === null) continue
        const sum = left.row.n + right.row.n
        if (sum > INT64_MAX) errors.push({ code: 'int64_overflow' })
        if (sum > INT64_MAX || sum <= 0n) continue
      }
      paired.add(left).add(right)
      output.push({ row: result(left.row, right.row), at: BigInt(Math.max(left.time, right.time)) })
    }
  }
  for (const arrival of arrivals) {
    const { side, row, time } = arrival
    const goesOut = kind === 'full' || kind === side
    const alone = side === 'left' ? result(row, null) : result(null, row)
    if (row.k === null || row.j === null) {
      if (goesOut) output.push({ row: alone, at: BigInt(time) })
      else dropped.push({ to: side, row: { ...row }, cause: 'a field that must be equal is null' })
    } else if (!paired.has(arrival) && watermark >= lastPartner(arrival)) {
      if (time <= arrival.watermark) late.push(alone)
      else if (goesOut) output.push({ row: alone, at: BigInt(time) })
    }
  }
  return { output, late, dropped, errors }
}

function result(left: ModelRow | null, right: ModelRow | null) {
  return {
    k: (left ?? right)?.k ?? null,
    j: (left ?? right)?.j ?? null,
    left_n: left?.n ?? null,
    right_n: right?.n ?? null,
  }
}
