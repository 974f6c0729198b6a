import path from 'node:path'
import { createRowCodec, decodeStateRow, encodeStateRow } from '@millrace/engine'
import { INT64_MAX, INT64_MIN, type Row, toInt64, toWhole, type Value } from '@millrace/expr'
import { fuzz } from '@millrace/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stream } from '../config/definitions.test-helper.ts'
import { AggregatePlan } from './aggregate-plan.ts'
import { compileAggregates } from './compile-aggregates.ts'
import type { AggregateConfig } from './settings.ts'

const { fields } = stream({ n: 'int64', d: 'double', s: 'string', b: 'bytes', m: 'decimal(20, 2)' })
const EXACT_UP_TO = 100

/** Every function over every type that it takes. */
const CONFIGS: readonly AggregateConfig[] = [
  { function: 'count', as: 'events' },
  { function: 'count', argument: 's', as: 'texts' },
  { function: 'count', where: 'n > 0', as: 'positive' },
  ...['n', 'd', 's', 'b', 'm'].map((argument) => distinct(argument)),
  { function: 'sum', argument: 'n', as: 'sum_n' },
  { function: 'sum', argument: 'd', where: 'n > 0', as: 'sum_d' },
  { function: 'avg', argument: 'n', as: 'avg_n' },
  { function: 'avg', argument: 'd', as: 'avg_d' },
  { function: 'sum', argument: 'm', as: 'sum_m' },
  { function: 'avg', argument: 'm', as: 'avg_m' },
  { function: 'max', argument: 'm', as: 'max_m' },
  { function: 'stddev_pop', argument: 'm', where: 'n > 0', as: 'spread_m' },
  { function: 'min', argument: 'n', as: 'min_n' },
  { function: 'max', argument: 's', as: 'max_s' },
  { function: 'first', argument: 's', as: 'first_s' },
  { function: 'last', argument: 'n', as: 'last_n' },
  { function: 'stddev_samp', argument: 'd', as: 'sample' },
  { function: 'stddev_pop', argument: 'd', as: 'population' },
  { function: 'percentile', argument: 'd', percentile: 90, as: 'p90' },
  { function: 'percentile', argument: 'd', percentile: 50, exact: true, exactUpTo: EXACT_UP_TO, as: 'exact' },
  { function: 'collect', argument: 's', limit: 3, as: 'list' },
]

function distinct(argument: string): AggregateConfig {
  return { function: 'count_distinct', argument, exactUpTo: EXACT_UP_TO, as: `distinct_${argument}` }
}

const compiled = compileAggregates(CONFIGS, fields)
if (compiled === null) throw new Error('an aggregate does not compile')
const plan = new AggregatePlan(compiled)
const codec = createRowCodec(plan.cellFields)
const names = plan.resultFields.map(({ name }) => name)
const DOUBLES = new Set(
  plan.resultFields.filter(({ type }) => type.kind === 'double').map(({ name }) => name),
)

interface Event {
  readonly n: number | bigint | null
  readonly d: number | null
  readonly s: string | null
  readonly b: Uint8Array | null
  /** Cents. */
  readonly m: number | bigint | null
  readonly time: number
}

function cellsOf(events: readonly Event[]): Value[] {
  const cells = plan.newCells()
  for (const event of events) take(cells, event)
  return cells
}

function take(cells: Value[], { n, d, s, b, m, time }: Event): void {
  plan.add(cells, 0, plan.evaluate([n, d, s, b, m], { time }), time)
}

/** Cells as they come back from the changelog. */
function restored(cells: Row): Value[] {
  return decodeStateRow(encodeStateRow({ row: cells, timer: undefined }, codec), codec).row.slice()
}

function merged(parts: readonly (readonly Value[])[]): Value[] {
  const cells = plan.newCells()
  for (const part of parts) plan.merge(cells, 0, part, 0)
  return cells
}

interface Result {
  readonly values: Readonly<Record<string, Value>>
  readonly faults: readonly string[]
}

function resultOf(cells: Row): Result {
  const row: Value[] = []
  const faults: string[] = []
  plan.appendResults(row, cells, 0, ({ code, message }) => faults.push(`${code} ${message.split(':')[0]}`))
  return { values: Object.fromEntries(names.map((name, i) => [name, row[i] as Value])), faults }
}

// What the aggregates mean, over a list of events in order of arrival, the obvious way.

function present<T>(values: readonly (T | null)[]): T[] {
  return values.filter((value) => value !== null)
}

function differentTexts(values: readonly unknown[]): number {
  return new Set(values.map((value) => (value instanceof Uint8Array ? value.join() : String(value)))).size
}

function quantile(numbers: readonly number[], percent: number): number | null {
  const sorted = numbers.toSorted((a, b) => a - b)
  const rank = (percent / 100) * (sorted.length - 1)
  const below = sorted[Math.floor(rank)]
  const above = sorted[Math.ceil(rank)]
  return below === undefined || above === undefined ? null : below + (above - below) * (rank % 1)
}

function deviation(numbers: readonly number[], degrees: number): number | null {
  if (degrees <= 0) return null
  const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length
  return Math.sqrt(numbers.reduce((sum, number) => sum + (number - mean) ** 2, 0) / degrees)
}

/** Halves go away from zero. */
function rounded(dividend: bigint, divisor: bigint): bigint {
  const double = (2n * dividend) / divisor
  return (double + (double < 0n ? -1n : 1n)) / 2n
}

/** Values of events in order of time; a stable sort keeps the order of arrival within one. */
function inTime<T>(events: readonly Event[], of: (event: Event) => T | null): T[] {
  return present(events.toSorted((a, b) => a.time - b.time).map(of))
}

function expected(events: readonly Event[]): Result {
  const ns = present(events.map(({ n }) => n))
  const ds = present(events.map(({ d }) => d))
  const ms = present(events.map(({ m }) => m))
  const texts = present(events.map(({ s }) => s))
  const positive = events.filter(({ n }) => n !== null && n > 0)
  const sumNs = ns.reduce<bigint>((sum, n) => sum + BigInt(n), 0n)
  const someDs = present(positive.map(({ d }) => d))
  const sumN = ns.length === 0 ? null : toInt64(sumNs)
  const distincts = { n: ns, d: ds, s: texts, b: present(events.map(({ b }) => b)), m: ms }
  const someMs = present(positive.map(({ m }) => m)).map((m) => Number(m) / 100)
  const sumM = ms.reduce<bigint>((sum, m) => sum + BigInt(m), 0n)
  const inOrder = inTime(events, ({ s }) => s)
  const values: Record<string, Value> = {
    events: events.length,
    texts: texts.length,
    positive: positive.length,
    sum_n: sumN,
    sum_d: someDs.length === 0 ? null : someDs.reduce((a, b) => a + b, 0),
    avg_n: ns.length === 0 ? null : Number(sumNs) / ns.length,
    avg_d: ds.length === 0 ? null : ds.reduce((a, b) => a + b, 0) / ds.length,
    sum_m: ms.length === 0 ? null : toWhole(sumM),
    avg_m: ms.length === 0 ? null : toWhole(rounded(sumM * 10_000n, BigInt(ms.length))),
    max_m: ms.toSorted((a, b) => (a < b ? -1 : 1)).at(-1) ?? null,
    spread_m: deviation(someMs, someMs.length),
    min_n: ns.toSorted((a, b) => (a < b ? -1 : 1))[0] ?? null,
    max_s: texts.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).at(-1) ?? null,
    first_s: inOrder[0] ?? null,
    last_n: inTime(events, ({ n }) => n).at(-1) ?? null,
    sample: deviation(ds, ds.length - 1),
    population: deviation(ds, ds.length),
    exact: quantile(ds, 50),
    exact_approximate: false,
    list: inOrder.length === 0 ? null : inOrder.slice(0, 3),
    list_truncated: inOrder.length > 3,
  }
  for (const [name, all] of Object.entries(distincts)) {
    values[`distinct_${name}`] = differentTexts(all)
    values[`distinct_${name}_approximate`] = false
  }
  return { values, faults: ns.length > 0 && sumN === null ? ['int64_overflow sum_n'] : [] }
}

function expectSame(actual: Result, events: readonly Event[]): void {
  const { p90, ...values } = actual.values
  const { values: wanted, faults } = expected(events)
  expect(Object.keys(values).sort()).toEqual(Object.keys(wanted).sort())
  for (const [name, value] of Object.entries(wanted)) {
    if (typeof value === 'number' && DOUBLES.has(name))
      expect(Math.abs((values[name] as number) - value), name).toBeLessThanOrEqual(1e-9 * Math.abs(value))
    else expect(values[name], name).toEqual(value)
  }
  expect(actual.faults).toEqual(faults)
  expectPercentile(p90 as number | null, events)
}

/** Within 1 % of the value at the rank below. */
function expectPercentile(actual: number | null, events: readonly Event[]): void {
  const ds = present(events.map(({ d }) => d)).sort((a, b) => a - b)
  const at = ds[Math.floor(0.9 * (ds.length - 1) + 1e-9)]
  if (at === undefined) expect(actual).toBe(null)
  else expect(Math.abs((actual as number) - at)).toBeLessThanOrEqual(0.0100001 * Math.abs(at))
}

const someInt64 = fc.oneof(fc.bigInt(-5n, 5n), fc.bigInt(INT64_MIN, INT64_MAX)).map((n) => toInt64(n) ?? 0)
const event = (time: fc.Arbitrary<number>): fc.Arbitrary<Event> =>
  fc.record({
    n: fc.option(someInt64),
    d: fc.option(fc.integer({ min: -40_000, max: 40_000 }).map((d) => d / 8)),
    s: fc.option(fc.string({ unit: 'grapheme', maxLength: 2 })),
    b: fc.option(fc.uint8Array({ maxLength: 2 })),
    m: fc.option(fc.oneof(fc.bigInt(-500n, 500n), fc.bigInt(1n - 10n ** 20n, 10n ** 20n - 1n)).map(toWhole)),
    time,
  })
const seeds = { seedFile: path.join(import.meta.dirname, 'aggregates.fuzz-seeds.json') }

describe('all aggregates', { timeout: 60_000 }, () => {
  it('agree with lists of values, whatever the order, nulls and ties', async () => {
    const events = fc.array(event(fc.integer({ min: -3, max: 3 })), { maxLength: 30 })
    await fuzz(
      fc.asyncProperty(events, async (all) => expectSame(resultOf(cellsOf(all)), all)),
      { ...seeds, runs: 500 },
    )
  })

  it('agree when parts are kept, restored and merged in any order', async () => {
    const order = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { maxLength: 30 })
    const cases = order.chain((times) =>
      fc.record({
        events: fc.tuple(...times.map((time) => event(fc.constant(time)))),
        parts: fc.array(fc.nat({ max: 3 }), { minLength: times.length, maxLength: times.length }),
      }),
    )
    await fuzz(
      fc.asyncProperty(cases, async ({ events, parts }) => {
        const [a = [], b = [], c = [], d = []] = [0, 1, 2, 3].map((part) =>
          restored(cellsOf(events.filter((_, i) => parts[i] === part))),
        )
        expectSame(resultOf(merged([a, b, c, d])), events)
        expectSame(resultOf(merged([d, restored(merged([c, a])), b])), events)
      }),
      { ...seeds, runs: 500 },
    )
  })

  it('leave what they merge as it was, and give away nothing that changes', async () => {
    const events = fc.array(event(fc.integer({ min: -3, max: 3 })), { maxLength: 20 })
    await fuzz(
      fc.asyncProperty(events, events, async (some, more) => {
        const part = cellsOf(some)
        const before = restored(part)
        const cells = merged([part])
        const { values } = resultOf(cells)
        const held = structuredClone(values)
        for (const event of more) take(cells, event)
        expect(part).toEqual(before)
        expect(values).toEqual(held)
      }),
      { ...seeds, runs: 300 },
    )
  })
})
