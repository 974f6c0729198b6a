import { scalar } from '@millrace/expr'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createRowCodec } from '../codec/row-codec.ts'
import { byCodePoint } from '../testing/by-code-point.ts'
import { checkProperty } from '../testing/check-property.ts'
import { LaggingState } from '../testing/lagging-state.ts'
import { rowName } from './state-key.ts'

const codec = createRowCodec([{ name: 'n', type: scalar('int64') }])

/** In their order by bytes, which is not that of their UTF-16 units. */
const KEYS = ['a', 'b', 'ba', '\u{ffff}\u{ffff}', '\u{10000}']
/** Timers that fire between two looks at the store. */
const SLICE = 3

interface Row {
  readonly n: number
  readonly timer: number | undefined
}

interface Moment {
  readonly rows: ReadonlyMap<string, Row>
  readonly watermark: number
}

const key = fc.constantFrom(...KEYS)
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      key,
      n: fc.nat(1_000),
      ahead: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), key }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('advance' as const), by: fc.nat(6) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('commit' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('carry' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('meanwhile' as const), commits: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('settle' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('limit' as const), bytes: fc.constantFrom(0, 900, 2_000) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash' as const) }) },
)

/** What becomes of a row whose timer has fired. */
function reaction(n: number, time: number): Row | null {
  if (n % 3 === 0) return null
  const next = Math.floor(n / 3)
  return { n: next, timer: n % 3 === 1 ? undefined : time + 1 + (next % 5) }
}

/** All timers in one list, in memory. */
class Model {
  rows = new Map<string, Row>()
  watermark = 0

  advance(watermark: number): string[] {
    this.watermark = watermark
    const fired: string[] = []
    for (let due = this.#due(); due !== undefined; due = this.#due()) {
      const [name, { n, timer }] = due
      fired.push(`${timer} ${name} ${n}`)
      const next = reaction(n, timer as number)
      if (next === null) this.rows.delete(name)
      else this.rows.set(name, next)
    }
    return fired
  }

  #due(): [string, Row] | undefined {
    return [...this.rows]
      .filter(([, { timer }]) => timer !== undefined && timer <= this.watermark)
      .sort(
        ([a, x], [b, y]) => Number(x.timer) - Number(y.timer) || byCodePoint(rowName(a, ''), rowName(b, '')),
      )[0]
  }
}

/** As a queued operator does. */
async function advance({ state }: LaggingState, watermark: number): Promise<string[]> {
  const fired: string[] = []
  while (state.nextTimer <= watermark) {
    await state.fetchTimers(watermark, SLICE)
    await state.fetch(state.dueNames(watermark, SLICE))
    for (let i = 0; i < SLICE; i++) {
      const due = state.takeDue(watermark)
      if (due === undefined) break
      if (due === null) continue
      const n = due.row[0] as number
      fired.push(`${due.time} ${due.key} ${n}`)
      const next = reaction(n, due.time)
      if (next === null) state.delete(due.key, '')
      else state.put(due.key, '', [next.n], next.timer)
    }
    state.settle()
  }
  return fired
}

it('fires the same timers in the same order, whatever of them is in memory', {
  timeout: 120_000,
}, async () => {
  const property = fc.asyncProperty(fc.array(action, { maxLength: 120 }), async (actions) => {
    const lagging = new LaggingState(codec, false)
    const model = new Model()
    let committed: Moment = { rows: new Map(), watermark: 0 }
    for (const one of actions) {
      const { state } = lagging
      if (one.kind === 'commit') {
        lagging.commit()
        committed = { rows: new Map(model.rows), watermark: model.watermark }
      } else if (one.kind === 'carry') lagging.carry()
      else if (one.kind === 'meanwhile') lagging.carriedMeanwhile = one.commits
      else if (one.kind === 'settle') state.settle()
      else if (one.kind === 'limit') state.limit(one.bytes)
      else if (one.kind === 'crash') {
        lagging.crash()
        model.rows = new Map(committed.rows)
        model.watermark = committed.watermark
      } else if (one.kind === 'advance') {
        const watermark = model.watermark + one.by
        expect(await advance(lagging, watermark)).toEqual(model.advance(watermark))
      } else {
        await state.fetch([rowName(one.key, '')])
        if (one.kind === 'delete') {
          state.delete(one.key, '')
          model.rows.delete(one.key)
        } else {
          const timer = one.ahead === undefined ? undefined : model.watermark + one.ahead
          state.put(one.key, '', [one.n], timer)
          model.rows.set(one.key, { n: one.n, timer })
        }
        state.settle()
      }
    }
    const end = model.watermark + 10_000
    expect(await advance(lagging, end)).toEqual(model.advance(end))
  })
  await checkProperty(property, 1_000)
})
