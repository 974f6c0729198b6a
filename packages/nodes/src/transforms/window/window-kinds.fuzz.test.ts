import path from 'node:path'
import type { StreamRecord } from '@millrace/engine'
import type { Row } from '@millrace/expr'
import { fuzz } from '@millrace/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stream } from '../../config/definitions.test-helper.ts'
import { window } from './definition.ts'
import type { WindowConfig } from './settings.ts'
import { WindowDriver } from './window-driver.test-helper.ts'
import {
  FixedModel,
  type ModelEvent,
  type ModelWindow,
  SessionModel,
  windowsOf,
} from './window-model.test-helper.ts'

const input = stream({ key: 'string', n: 'int64 not null' })
const AGGREGATES: WindowConfig['aggregates'] = [
  { function: 'count', as: 'events' },
  { function: 'sum', argument: 'n', as: 'sum' },
  { function: 'max', argument: 'n', where: 'n > 2', as: 'large' },
  { function: 'first', argument: 'n', as: 'first' },
  { function: 'last', argument: 'n', as: 'last' },
  { function: 'collect', argument: 'n', limit: 3, as: 'list' },
]

type Step = { readonly event: ModelEvent } | { readonly watermark: number } | 'restart'

function rowOf({ key, start, end, events }: ModelWindow): Row {
  const inTime = events.toSorted((a, b) => a.time - b.time).map(({ n }) => n)
  const large = events.map(({ n }) => n).filter((n) => n > 2)
  const sum = events.reduce((total, { n }) => total + n, 0)
  const largest = large.length === 0 ? null : Math.max(...large)
  const list = inTime.slice(0, 3)
  const values = [sum, largest, inTime[0] ?? null, inTime.at(-1) ?? null, list, inTime.length > 3]
  return [key, start, end, events.length, ...values]
}

/** What stands in a table that applies what a window sends. It refuses changes that do not fit. */
class Table {
  readonly #rows = new Map<string, Row>()
  readonly #nameOf: (row: Row) => string

  constructor(names: readonly number[]) {
    this.#nameOf = (row) => JSON.stringify(names.map((i) => row[i]))
  }

  apply(records: readonly StreamRecord[]): void {
    for (const { row, kind } of records) {
      const name = this.#nameOf(row)
      expect(this.#rows.has(name), `${kind ?? 'new row'} ${name}`).toBe(kind !== undefined)
      if (kind === 'delete') this.#rows.delete(name)
      else this.#rows.set(name, row)
    }
  }

  get rows(): readonly Row[] {
    return [...this.#rows.values()]
  }
}

function sorted(rows: readonly Row[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort()
}

type Model = FixedModel | SessionModel

/** Runs the same steps through the node and a model; `check` is called after each with what was sent. */
function runSteps(
  config: WindowConfig,
  model: Model,
  steps: readonly Step[],
  check: (sent: readonly StreamRecord[], watermark: number, before: number) => void,
): void {
  const driver = new WindowDriver(config, input)
  for (const step of steps) {
    const before = driver.watermark
    if (step === 'restart') driver.restart()
    else if ('event' in step) check(feed(driver, model, step.event), before, before)
    else check(driver.advance(step.watermark), driver.watermark, before)
  }
  driver.advance(1e6)
  expect(driver.state.stored).toEqual([])
}

function feed(driver: WindowDriver, model: Model, event: ModelEvent): readonly StreamRecord[] {
  const { emitted, lateCount, dropped } = driver.feed([event.key, event.n], event.time)
  const fate = model.take(event, driver.watermark)
  expect([lateCount, dropped.length]).toEqual([Number(fate === 'late'), Number(fate === 'between')])
  return emitted
}

function modelOf(config: WindowConfig): Model {
  return config.kind === 'session' ? new SessionModel(config) : new FixedModel(config)
}

/** Compares everything that was sent, after each step. */
function expectFinal(config: WindowConfig, model: Model, steps: readonly Step[]): void {
  const sent: StreamRecord[] = []
  runSteps(config, model, steps, (records, watermark) => {
    sent.push(...records)
    const over = model.windows.filter(({ end }) => end - 1 + config.allowedLateness <= watermark)
    const gaps = config.fillGaps ? gapsIn(config, over) : []
    expect(sorted(sent.map(({ row }) => row))).toEqual(sorted([...over.map(rowOf), ...gaps]))
  })
  for (const { row, time, kind } of sent) expect([time, kind]).toEqual([(row[2] as number) - 1, undefined])
}

/** Rows of the windows without events between those of a key. */
function gapsIn(config: WindowConfig, windows: readonly ModelWindow[]): readonly Row[] {
  return [...Map.groupBy(windows, ({ key }) => key)].flatMap(([key, own]) => {
    const ends = own.map(({ end }) => end)
    const times = Array.from({ length: 200 }, (_, i) => i - 100)
    const all = new Map(times.flatMap(windowsOf(config)).map(([start, end]) => [end, start]))
    const missing = [...all].filter(
      ([end]) => end > Math.min(...ends) && end < Math.max(...ends) && !ends.includes(end),
    )
    return missing.map(([end, start]) => [key, start, end, 0, 0, null, null, null, null, false])
  })
}

/** Compares a table that applies what is sent with what has ended, at every moment. */
function expectUpdating(config: WindowConfig, model: Model, steps: readonly Step[]): void {
  const table = new Table(config.kind === 'cumulative' ? [0, 1, 2] : [0, 1])
  runSteps(config, model, steps, (records, watermark, before) => {
    table.apply(records)
    const hasEnded = ({ end }: ModelWindow) => end - 1 <= watermark
    if (watermark > before) showEarly(model, watermark)
    const ended = model.windows.filter(hasEnded)
    for (const one of ended) one.shown = rowOf(one)
    const rows = model.windows.flatMap(({ shown }) => (shown === null ? [] : [shown]))
    expect(sorted(table.rows)).toEqual(sorted(rows))
  })
}

function showEarly(model: Model, watermark: number): void {
  const early = model.windows.filter((one) => one.next < Infinity && model.isEarly(one, watermark))
  for (const one of early) {
    one.shown = rowOf(one)
    one.next = Infinity
  }
}

const event = fc.record({
  key: fc.constantFrom('a', 'b', null),
  n: fc.integer({ min: -4, max: 4 }),
  time: fc.integer({ min: -40, max: 40 }),
})
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: event.map((one) => ({ event: one })) },
  { weight: 3, arbitrary: fc.integer({ min: -45, max: 60 }).map((watermark) => ({ watermark })) },
  { weight: 1, arbitrary: fc.constant('restart' as const) },
)
const steps = fc.array(step, { maxLength: 40 })
const small = fc.integer({ min: 1, max: 20 })
const lateness = fc.constantFrom(0, 0, 3, 15)

const shared = { groupBy: ['key'], aggregates: AGGREGATES }
type Times = Partial<WindowConfig>

/** Offsets smaller than a length. */
function offsetFor(length: number): fc.Arbitrary<number> {
  return fc.integer({ min: 1 - length, max: length - 1 })
}

const KINDS: Readonly<Record<WindowConfig['kind'], fc.Arbitrary<Times>>> = {
  tumbling: small.chain((size) => offsetFor(size).map((offset) => ({ size, offset }))),
  hopping: fc
    .record({ size: small, slide: small })
    .chain((times) => offsetFor(times.slide).map((offset) => ({ ...times, offset }))),
  cumulative: fc
    .record({ step: fc.integer({ min: 1, max: 6 }), steps: fc.integer({ min: 1, max: 5 }) })
    .chain((times) => {
      const size = times.step * times.steps
      return offsetFor(size).map((offset) => ({ size, step: times.step, offset }))
    }),
  session: small.map((gap) => ({ gap })),
}

const kinds = Object.entries(KINDS) as [WindowConfig['kind'], fc.Arbitrary<Times>][]
const seeds = { seedFile: path.join(import.meta.dirname, 'window-kinds.fuzz-seeds.json'), runs: 400 }

describe.each(kinds)('%s windows', { timeout: 120_000 }, (kind, times) => {
  const configs = (more: fc.Arbitrary<Times>) =>
    fc.tuple(times, more, lateness).map(
      ([one, other, allowedLateness]): WindowConfig => ({
        ...{ ...window.defaults, ...shared, kind, allowedLateness },
        ...{ ...one, ...other },
      }),
    )

  const cases: Record<string, [fc.Arbitrary<Times>, typeof expectFinal]> = {
    'send what the rules say, and leave nothing behind': [fc.constant({}), expectFinal],
    'fill gaps': [fc.constant({ fillGaps: kind !== 'session' }), expectFinal],
    'keep a table of corrected results right at every moment': [
      fc.constant({ output: 'updating' }),
      expectUpdating,
    ],
    'send early updates as often as they should': [
      small.map((every) => ({ output: 'updating', earlyUpdates: kind === 'cumulative' ? null : every })),
      expectUpdating,
    ],
  }

  it.each(Object.entries(cases))('%s', (_, [more, check]) =>
    fuzz(
      fc.asyncProperty(configs(more), steps, async (config, all) => check(config, modelOf(config), all)),
      seeds,
    ),
  )
})
