import { type Field, INT64_MAX, parseType, type Value } from '@millrace/expr'
import { describe, expect, it } from 'vitest'
import { AggregatePlan } from './aggregate-plan.ts'
import { AGGREGATES, type AggregateName } from './aggregates.ts'
import { compileAggregates } from './compile-aggregates.ts'
import { type AggregateConfig, aggregatesSetting, optionsOf, resultNames } from './settings.ts'

type Options = Omit<AggregateConfig, 'function' | 'as'>

function planOf(type: string, configs: readonly AggregateConfig[]): AggregatePlan {
  const parsed = parseType(type)
  if (!parsed.ok) throw new Error(parsed.issue.message)
  const fields: Field[] = [{ name: 'v', type: parsed.type }]
  const compiled = compileAggregates(configs, fields)
  if (compiled === null) throw new Error('an aggregate does not compile')
  return new AggregatePlan(compiled)
}

/** The result of one aggregate over values of a type, all at time 0 unless there are times. */
function resultOf(
  name: AggregateName,
  type: string,
  values: readonly Value[],
  options: Options = {},
  times: readonly number[] = [],
): { values: Value[]; faults: string[] } {
  const plan = planOf(type, [{ function: name, argument: 'v', as: 'x', ...options }])
  const cells = plan.newCells()
  values.forEach((value, i) => {
    plan.add(cells, 0, plan.evaluate([value], { time: times[i] ?? 0 }), times[i] ?? 0)
  })
  const row: Value[] = []
  const faults: string[] = []
  plan.appendResults(row, cells, 0, ({ code, message }) => faults.push(`${code}: ${message}`))
  return { values: row, faults }
}

const MAX = INT64_MAX

describe('aggregates over one list of values', () => {
  it.each<[AggregateName, string, Value[], Options, Value[]]>([
    ['count', 'int64', [], {}, [0]],
    ['count', 'int64', [null, 1, null], {}, [1]],
    ['count', 'array<int64>', [[], null], {}, [1]],
    ['count_distinct', 'int64', [null, null], {}, [0, false]],
    ['count_distinct', 'double', [0, -0, Number.NaN, Number.NaN, Infinity], {}, [3, false]],
    ['count_distinct', 'int64', [1, MAX, MAX, MAX - 1n], {}, [3, false]],
    ['count_distinct', 'boolean', [true, false, true], {}, [2, false]],
    ['count_distinct', 'timestamp', [5, -5, 5], {}, [2, false]],
    ['count_distinct', 'string', ['a', 'A', '', 'a'], {}, [3, false]],
    ['sum', 'int64', [], {}, [null]],
    ['sum', 'int64', [null], {}, [null]],
    ['sum', 'int64', [MAX, 1, -7], {}, [MAX - 6n]],
    ['sum', 'int64', [2 ** 53 - 1, 1, 1], {}, [9007199254740993n]],
    ['sum', 'int64', [MAX, MAX, -MAX, -MAX, 4], {}, [4]],
    ['sum', 'double', [0.1, 0.2, 0.3], {}, [0.6]],
    ['sum', 'double', [1e16, 1, -1e16], {}, [1]],
    ['sum', 'double', [1, 1e100, 1, -1e100], {}, [2]],
    ['sum', 'double', [1e308, 1e308], {}, [Infinity]],
    ['sum', 'double', [Infinity, 1], {}, [Infinity]],
    ['sum', 'double', [Infinity, -Infinity], {}, [Number.NaN]],
    ['avg', 'int64', [], {}, [null]],
    ['avg', 'int64', [1, 2, 4], {}, [7 / 3]],
    ['avg', 'int64', [MAX, MAX, MAX], {}, [Number(MAX)]],
    ['avg', 'double', [1, null, 2], {}, [1.5]],
    ['avg', 'double', [null], {}, [null]],
    ['sum', 'decimal(10, 2)', [], {}, [null]],
    ['sum', 'decimal(10, 2)', [10, -25, null], {}, [-15]],
    ['sum', 'decimal(38, 0)', [10n ** 38n - 1n, 10n ** 38n - 1n, -(10n ** 38n)], {}, [10n ** 38n - 2n]],
    ['avg', 'decimal(10, 2)', [100, 200, 200], {}, [1_666_667]],
    ['avg', 'decimal(10, 2)', [-100, -200, -200], {}, [-1_666_667]],
    ['avg', 'decimal(20, 8)', [1, 2], {}, [2]],
    ['min', 'decimal(10, 2)', [5, 10n ** 30n, -7], {}, [-7]],
    ['count_distinct', 'decimal(38, 2)', [100, 10n ** 30n, 10n ** 30n], {}, [2, false]],
    ['stddev_pop', 'decimal(10, 2)', [200, 400], {}, [1]],
    ['percentile', 'decimal(10, 2)', [100, 250], { exact: true, percentile: 50 }, [1.75, false]],
    ['last', 'decimal(10, 2)', [5], {}, [5]],
    ['min', 'int64', [null, 3, MAX, -2], {}, [-2]],
    ['min', 'double', [1, Number.NaN], {}, [Number.NaN]],
    ['max', 'string', ['\u{1F600}', '\uFFFD', null], {}, ['\u{1F600}']],
    ['max', 'timestamp', [], {}, [null]],
    ['stddev_pop', 'int64', [], {}, [null]],
    ['stddev_pop', 'int64', [5], {}, [0]],
    ['stddev_samp', 'int64', [5], {}, [null]],
    ['stddev_samp', 'int64', [2, 4, null], {}, [Math.SQRT2]],
    ['stddev_pop', 'double', [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16], {}, [Math.sqrt(22.5)]],
    ['percentile', 'double', [], {}, [null]],
    ['percentile', 'double', [0, 0, 5], { percentile: 50 }, [0]],
    ['percentile', 'int64', [10, 20, 30, 40], { percentile: 90, exact: true }, [37, false]],
    ['percentile', 'int64', [7], { percentile: 1, exact: true }, [7, false]],
    ['percentile', 'double', [], { exact: true }, [null, false]],
    ['percentile', 'double', [1, Infinity], { percentile: 0, exact: true }, [1, false]],
    ['percentile', 'double', [Infinity, Infinity], { percentile: 50, exact: true }, [Infinity, false]],
    ['collect', 'int64', [], {}, [null, false]],
    ['collect', 'int64', [3, null, 1], { limit: 2 }, [[3, 1], false]],
    ['collect', 'int64', [3, 2, 1], { limit: 2 }, [[3, 2], true]],
  ])('%s of %s over %s with %o', (name, type, values, options, expected) => {
    expect(resultOf(name, type, values, options)).toEqual({ values: expected, faults: [] })
  })

  it('choose the first and last by time, ties by arrival, nulls skipped', () => {
    const values = ['c', 'a', 'b', null, 'd', 'e', null]
    const times = [5, -1, -1, -2, 7, 7, 8]
    expect(resultOf('first', 'string', values, {}, times).values).toEqual(['a'])
    expect(resultOf('last', 'string', values, {}, times).values).toEqual(['e'])
    expect(resultOf('first', 'string', [null]).values).toEqual([null])
    expect(resultOf('collect', 'string', values, { limit: 3 }, times).values).toEqual([['a', 'b', 'c'], true])
  })

  it('give null for a sum that leaves int64, and say so', () => {
    const message = 'int64_overflow: x: the sum 9223372036854775808 leaves the range of int64'
    expect(resultOf('sum', 'int64', [MAX, 1])).toEqual({ values: [null], faults: [message] })
    expect(resultOf('sum', 'int64', [-MAX, -2]).faults).toHaveLength(1)
  })

  it('give null for a decimal of more than 38 digits, and say so', () => {
    const most = 10n ** 38n - 1n
    const message = 'decimal_overflow: x: the result has more than 38 digits'
    expect(resultOf('sum', 'decimal(38, 0)', [most, 1])).toEqual({ values: [null], faults: [message] })
    expect(resultOf('avg', 'decimal(38, 0)', [most])).toEqual({ values: [null], faults: [message] })
  })
})

describe('an aggregate with a limit', () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)

  it('counts exactly up to it, and estimates beyond', () => {
    expect(resultOf('count_distinct', 'int64', numbers(100), { exactUpTo: 100 }).values).toEqual([100, false])
    const [count, isApproximate] = resultOf('count_distinct', 'int64', numbers(3000), {
      exactUpTo: 100,
    }).values
    expect(isApproximate).toBe(true)
    expect(Math.abs((count as number) - 3000)).toBeLessThan(75)
  })

  it('counts texts exactly as long as they take less than 64 kB', () => {
    const long = (i: number) => `${i}`.padEnd(2000, '.')
    expect(resultOf('count_distinct', 'string', numbers(30).map(long)).values).toEqual([30, false])
    expect(resultOf('count_distinct', 'string', numbers(40).map(long)).values).toEqual([40, true])
  })

  it('interpolates exactly up to it, and is within 1 % beyond', () => {
    const options = { percentile: 50, exact: true, exactUpTo: 100 }
    expect(resultOf('percentile', 'int64', numbers(100), options).values).toEqual([49.5, false])
    const [median, isApproximate] = resultOf('percentile', 'int64', numbers(101), options).values
    expect(isApproximate).toBe(true)
    expect(Math.abs((median as number) - 50)).toBeLessThanOrEqual(0.5)
  })

  it('collects no more than 64 kB', () => {
    const values = numbers(5).map((i) => String(i).repeat(20_000))
    const [list, isTruncated] = resultOf('collect', 'string', values, { limit: 10 }).values
    expect([(list as string[]).map((text) => text[0]), isTruncated]).toEqual([['0', '1', '2'], true])
    const nested = numbers(5).map((i) => [String(i).repeat(20_000)])
    expect(resultOf('collect', 'array<string>', nested).values[1]).toBe(true)
  })

  it('does not collect again what has no place, whatever comes after it', () => {
    const list = ['long', 'x'.repeat(66_000), 'behind it', 'before']
    const times = [1, 3, 4, 0]
    expect(resultOf('collect', 'string', list, {}, times).values).toEqual([['before', 'long'], true])
  })
})

describe('types', () => {
  it.each<[AggregateName, string]>([
    ['count_distinct', 'array<int64>'],
    ['sum', 'string'],
    ['sum', 'timestamp'],
    ['avg', 'boolean'],
    ['min', 'boolean'],
    ['max', 'bytes'],
    ['stddev_pop', 'string'],
    ['percentile', 'timestamp'],
  ])('%s takes no %s', (name, type) => {
    expect(() => resultOf(name, type, [])).toThrow('does not compile')
  })

  it('of results say what may be null', () => {
    const plan = planOf('int64 not null', [
      { function: 'count', as: 'n' },
      { function: 'sum', argument: 'v', as: 'sum' },
      { function: 'count_distinct', argument: 'v', as: 'different' },
      { function: 'collect', argument: 'v', as: 'all' },
    ])
    expect(plan.resultFields.map(({ name, type }) => `${name} ${type.kind} ${type.nullable}`)).toEqual([
      'n int64 false',
      'sum int64 true',
      'different int64 false',
      'different_approximate boolean false',
      'all array true',
      'all_truncated boolean false',
    ])
  })
})

describe('several aggregates', () => {
  const percentile = (percent: number): AggregateConfig => ({
    ...{ function: 'percentile', argument: 'v', percentile: percent, as: `p${percent}` },
  })

  it('keep once what they share', () => {
    const plan = planOf('double', [
      percentile(50),
      percentile(95),
      percentile(99),
      { function: 'sum', argument: 'v', as: 'sum' },
      { function: 'avg', argument: 'v', as: 'avg' },
    ])
    expect(plan.cellFields).toHaveLength(2 + 3)
  })

  it('keep apart what has another condition or argument', () => {
    const plan = planOf('double', [
      { function: 'sum', argument: 'v', as: 'sum' },
      { function: 'sum', argument: 'v', where: 'v > 1', as: 'some' },
      { function: 'sum', argument: 'v * 2', as: 'twice' },
    ])
    const cells = plan.newCells()
    for (const v of [1, 2, 4]) plan.add(cells, 0, plan.evaluate([v], { time: 0 }), 0)
    const row: Value[] = []
    plan.appendResults(row, cells, 0, () => {})
    expect(row).toEqual([7, 6, 14])
  })

  it('keep their cells when they are put into another order, renamed, or one comes that finds its cells there', () => {
    const signature = (configs: AggregateConfig[]) => JSON.stringify(planOf('double', configs).signature)
    const before = signature([percentile(50), { function: 'sum', argument: 'v', as: 'sum' }])
    const after: AggregateConfig[] = [
      { function: 'avg', argument: 'v', as: 'mean' },
      { function: 'sum', argument: 'v', as: 'total' },
      percentile(75),
    ]
    expect(signature(after)).toBe(before)
    expect(signature([...after, { function: 'count', as: 'n' }])).not.toBe(before)
  })
})

describe('the settings of aggregates', () => {
  it('offer every function', () => {
    const { items } = aggregatesSetting({ title: '', description: '' })
    const offered = (items.properties.function as unknown as { anyOf: { const: string }[] }).anyOf
    expect(offered.map(({ const: name }) => name)).toEqual(Object.keys(AGGREGATES))
  })

  it.each<AggregateConfig>([
    { function: 'sum', argument: 'v', as: 'x' },
    { function: 'count_distinct', argument: 'v', as: 'x' },
    { function: 'percentile', argument: 'v', as: 'x' },
    { function: 'percentile', argument: 'v', exact: true, as: 'x' },
    { function: 'collect', argument: 'v', as: 'x' },
  ])('tell the names of the results before the input is known: %o', (config) => {
    const names = planOf('int64', [config]).resultFields.map(({ name }) => name)
    expect(resultNames(config)).toEqual(names)
  })

  it('have the defaults that the form shows', () => {
    const { items } = aggregatesSetting({ title: '', description: '' })
    const options = optionsOf({ function: 'count', as: '' })
    for (const [name, value] of Object.entries(options)) {
      expect((items.properties as Record<string, { default?: unknown }>)[name]?.default).toBe(value)
    }
  })
})
