import path from 'node:path'
import type { StreamRecord } from '@millrace/engine'
import type { Row } from '@millrace/expr'
import { type Example, fuzz, runExample } from '@millrace/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stream } from '../../config/definitions.test-helper.ts'
import { OperatorDriver } from '../../config/operator-driver.test-helper.ts'
import { catalogue, runtimes } from '../../index.ts'
import { topNRuntime } from './operator.ts'
import type { TopNConfig } from './settings.ts'
import {
  FinalModel,
  type Lists,
  type ModelRow,
  type ModelStep,
  UpdatingModel,
} from './top-n-model.test-helper.ts'

const FIELDS = { id: 'int64', team: 'string', a: 'double', b: 'int64' }
const CONFIG: TopNConfig = {
  ...{ per: 'stream', n: 3, partitionBy: ['team'], rank: 'rank', ttl: 10 },
  orderBy: [
    { field: 'a', direction: 'desc', nulls: 'last' },
    { field: 'b', direction: 'asc', nulls: 'last' },
  ],
}

const seedFile = path.join(import.meta.dirname, 'top-n.fuzz-seeds.json')

const row: fc.Arbitrary<ModelRow> = fc.record({
  id: fc.integer({ min: 0, max: 7 }),
  team: fc.constantFrom('x', null),
  a: fc.option(fc.constantFrom(-1, 0, 0.5, 2)),
  b: fc.integer({ min: -1, max: 1 }),
})
const near = fc.integer({ min: -20, max: 20 })
const time = fc.oneof({ weight: 9, arbitrary: near }, { weight: 1, arbitrary: fc.constantFrom(-5e12, 5e12) })
const change = fc.record({ kind: fc.constantFrom('new', 'new', 'new', 'delete'), row, time })
const news = fc.record({ kind: fc.constant('new' as const), row, time })
const watermark = fc.record({ watermark: near })
const size = fc.integer({ min: 1, max: 4 })

function among<T>(changes: fc.Arbitrary<T>, maxLength: number) {
  const step = fc.oneof({ weight: 6, arbitrary: changes }, { weight: 1, arbitrary: watermark })
  return fc.array(step, { maxLength })
}

function valuesOf({ id, team, a, b }: ModelRow): Row {
  return [id, team, a, b]
}

/** A table that applies what is sent, and refuses what does not fit. */
class Table {
  readonly rows = new Map<string, Row>()

  apply(records: readonly StreamRecord[]): void {
    for (const { row: values, kind, before } of records) {
      const name = JSON.stringify([values[1], values[4]])
      expect(this.rows.has(name), `${kind ?? 'new row'} ${name}`).toBe(kind !== undefined)
      if (kind === 'update') expect(before).toEqual(this.rows.get(name))
      if (kind === 'delete') {
        expect(values).toEqual(this.rows.get(name))
        this.rows.delete(name)
      } else this.rows.set(name, values)
    }
  }
}

function sorted(rows: Iterable<Row>): string[] {
  return [...rows].map((values) => JSON.stringify(values)).sort()
}

/** Rows with their ranks. */
function ranked(lists: Lists): Row[] {
  return [...lists.values()].flatMap((list) => list.map((one, i) => [...valuesOf(one), i + 1]))
}

interface Model {
  take(step: ModelStep): void
  lists(n: number): Lists
}

/** Runs steps by hand, and compares all lists after each. */
function expectSame(
  config: TopNConfig,
  isUpdating: boolean,
  model: Model,
  steps: readonly (ModelStep | 'restart')[],
) {
  const schema = stream(FIELDS, isUpdating ? { updates: { key: ['id', 'team'], before: false } } : {})
  const driver = new OperatorDriver(topNRuntime, config, schema)
  const table = new Table()
  for (const step of steps) {
    if (step === 'restart') {
      driver.restart()
      continue
    }
    const sent =
      'watermark' in step
        ? driver.advance(step.watermark)
        : driver.feed(valuesOf(step.row), step.time, step.kind === 'delete' ? { kind: 'delete' } : {}).emitted
    table.apply(sent)
    model.take(step)
    const lists = model.lists(config.n)
    if (config.rank !== '') expect(sorted(table.rows.values())).toEqual(sorted(ranked(lists)))
    else expectSlots(table, lists, config.n)
    // A row that comes makes at most one change; a watermark may take several rows off a list, one after the other.
    const isOne = config.rank === '' && !('watermark' in step) && sent.every(({ kind }) => kind !== 'delete')
    if (isOne) expect(sent.length).toBeLessThanOrEqual(1)
  }
  driver.advance(8e15)
  expect(driver.state.stored).toEqual([])
}

/** Without ranks the rows are the same, in slots of their own. */
function expectSlots(table: Table, lists: Lists, n: number) {
  expect(sorted([...table.rows.values()].map((values) => values.slice(0, 4)))).toEqual(
    sorted([...lists.values()].flat().map(valuesOf)),
  )
  for (const values of table.rows.values()) expect(values[4]).toBeLessThanOrEqual(n)
}

const restarts = <T>(steps: fc.Arbitrary<T[]>) =>
  fc.tuple(steps, fc.array(fc.nat(60))).map(([all, at]) => {
    return all.flatMap((step, i): (T | 'restart')[] => (at.includes(i) ? ['restart', step] : [step]))
  })

describe('a top-N over a stream', () => {
  it.each(['rank', ''])(
    'of final rows agrees with sorted lists after every step (rank "%s")',
    (rank) =>
      fuzz(
        fc.asyncProperty(restarts(among(news, 60)), size, async (steps, n) => {
          const unique = steps.map((step, i) =>
            step === 'restart' || 'watermark' in step ? step : { ...step, row: { ...step.row, id: i } },
          )
          expectSame({ ...CONFIG, n, rank }, false, new FinalModel(10, n), unique)
        }),
        { seedFile, runs: 500 },
      ),
    180_000,
  )

  it.each(['rank', ''])(
    'of corrected rows agrees with sorted lists after every step (rank "%s")',
    (rank) =>
      fuzz(
        fc.asyncProperty(restarts(among(change, 60)), size, async (steps, n) => {
          // A row is named by id and team: whatever it changes, it stays in its list.
          const inTeam = steps.map((step) =>
            step === 'restart' || 'watermark' in step
              ? step
              : { ...step, row: { ...step.row, team: step.row.id % 2 === 0 ? 'x' : null } },
          ) as (ModelStep | 'restart')[]
          expectSame({ ...CONFIG, n, rank }, true, new UpdatingModel(10), inTeam)
        }),
        { seedFile, runs: 500 },
      ),
    180_000,
  )

  it(
    'of corrected rows agrees with sorted lists, over commits, crashes, partitions and moves between lists',
    () =>
      fuzz(
        fc.asyncProperty(among(change, 25) as fc.Arbitrary<ModelStep[]>, size, async (steps, n) => {
          const model = new UpdatingModel(10)
          for (const step of steps) model.take(step)
          const example: Example = {
            node: 'top-n',
            title: 'random',
            config: { ...CONFIG, n },
            input: { fields: FIELDS, updates: { key: ['id'], before: true } },
            steps: changesOf(steps),
            output: ranked(model.lists(n)).map((values) => ({ row: namedRow(values) })),
          }
          await runExample(example, { catalogue, runtimes })
        }),
        { seedFile, runs: 100 },
      ),
    180_000,
  )
})

/** The steps of an example: updates where a row is there already, with what it was. */
function changesOf(steps: readonly ModelStep[]): NonNullable<Example['steps']> {
  const known = new Map<number, ModelRow>()
  return steps.flatMap((step): NonNullable<Example['steps']> => {
    if ('watermark' in step) return [{ watermark: BigInt(step.watermark) }]
    const at = BigInt(step.time)
    const old = known.get(step.row.id)
    if (step.kind === 'delete') {
      known.delete(step.row.id)
      return old === undefined ? [] : [{ row: exact(old), at, kind: 'delete' }]
    }
    known.set(step.row.id, step.row)
    if (old === undefined) return [{ row: exact(step.row), at }]
    return [{ row: exact(step.row), at, kind: 'update', before: exact(old) }]
  })
}

function exact({ id, team, a, b }: ModelRow): Record<string, unknown> {
  return { id: BigInt(id), team, a, b: BigInt(b) }
}

function namedRow([id, team, a, b, rank]: Row): Record<string, unknown> {
  return { id: BigInt(id as number), team, a, b: BigInt(b as number), rank: BigInt(rank as number) }
}

describe('a top-N of windows', () => {
  const windowRow = fc.record({ row, window: fc.integer({ min: -2, max: 2 }) })
  const step = fc.oneof({ weight: 6, arbitrary: windowRow }, { weight: 1, arbitrary: watermark })
  const fields = { ...FIELDS, window_start: 'timestamp not null', window_end: 'timestamp not null' }

  it(
    'agrees with sorted lists, over any disorder, late rows, commits, crashes and partitions',
    () =>
      fuzz(
        fc.asyncProperty(
          fc.array(step, { maxLength: 30 }),
          size,
          fc.boolean(),
          async (random, n, hasRank) => {
            let now = Number.NEGATIVE_INFINITY
            const late: Record<string, unknown>[] = []
            const models = new Map<number, FinalModel>()
            const steps = random.map((one, i): NonNullable<Example['steps']>[number] => {
              if ('watermark' in one) {
                now = Math.max(now, one.watermark)
                return { watermark: BigInt(one.watermark) }
              }
              const values = { ...one.row, id: i }
              const model = models.get(one.window) ?? new FinalModel(1e9, 1e9)
              const whole = { ...exact(values), ...boundsOf(one.window) }
              if (one.window * 8 + 7 <= now) late.push(whole)
              else models.set(one.window, model)
              if (one.window * 8 + 7 > now) model.take({ kind: 'new', row: values, time: 0 })
              return { row: whole, at: BigInt(one.window * 8 + 7) }
            })
            const rowsOf = (lists: Lists, window: number) =>
              [...lists.values()].flatMap((list) =>
                list.map((one, rank) => ({ row: { ...exact(one), ...boundsOf(window) }, rank })),
              )
            const all = [...models].flatMap(([window, model]) => rowsOf(model.lists(1e9), window))
            const example: Example = {
              node: 'top-n',
              title: 'random',
              config: { ...CONFIG, per: 'window', n, rank: hasRank ? 'rank' : '' },
              input: { fields },
              steps: [...steps, { watermark: 1000n }],
              output: all
                .filter(({ rank }) => rank < n)
                .map((one) => ({ row: hasRank ? { ...one.row, rank: BigInt(one.rank + 1) } : one.row })),
              dropped: all
                .filter(({ rank }) => rank >= n)
                .map((one) => ({ row: one.row, cause: `not among the first ${n}` })),
              late,
            }
            await runExample(example, { catalogue, runtimes })
          },
        ),
        { seedFile, runs: 100 },
      ),
    180_000,
  )

  function boundsOf(window: number): Record<string, unknown> {
    return { window_start: BigInt(window * 8), window_end: BigInt(window * 8 + 8) }
  }
})
