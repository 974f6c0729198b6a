import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GeneratorConfig } from './definition.ts'
import { generatorRuntime } from './operator.ts'

const START = Date.UTC(2026, 0, 1)

const config = fc.record<GeneratorConfig>({
  template: fc.constantFrom('orders', 'clicks', 'payments', 'fulfilment', 'counter'),
  ratePerSecond: fc.integer({ min: 1, max: 100_000 }),
  partitions: fc.integer({ min: 1, max: 64 }),
  seed: fc.nat(2_147_483_647),
  outOfOrderness: fc.constantFrom(0, 1, 500, 60_000),
})

describe('a generator', () => {
  it('makes the same event for the same index, whatever it made before', () => {
    fc.assert(
      fc.property(config, fc.nat(63), fc.nat(1_000_000), (settings, partition, index) => {
        const generate = generatorRuntime.createGenerator(settings, partition, START)
        generate(index + 1)
        expect(generate(index)).toEqual(generatorRuntime.createGenerator(settings, partition, START)(index))
      }),
    )
  })

  it('makes no event that is late', () => {
    fc.assert(
      fc.property(config, fc.nat(1_000_000), (settings, first) => {
        const generate = generatorRuntime.createGenerator(settings, 0, START)
        const { outOfOrderness } = generatorRuntime.time(settings)
        let newest = Number.NEGATIVE_INFINITY
        for (let i = first; i < first + 50; i++) {
          const { time } = generate(i)
          expect(time).toBeGreaterThan(newest - outOfOrderness - 1)
          newest = Math.max(newest, time)
        }
      }),
    )
  })

  it('makes as many events per second as is set, over all partitions', () => {
    const settings: GeneratorConfig = {
      template: 'counter',
      ratePerSecond: 30,
      partitions: 3,
      seed: 1,
      outOfOrderness: 0,
    }
    const times = [0, 1, 2].flatMap((partition) => {
      const generate = generatorRuntime.createGenerator(settings, partition, START)
      return Array.from({ length: 20 }, (_, i) => generate(i).time)
    })
    expect(times.filter((time) => time < START + 1000)).toHaveLength(30)
  })

  it('makes other events for another seed or partition', () => {
    const settings: GeneratorConfig = {
      template: 'clicks',
      ratePerSecond: 1,
      partitions: 2,
      seed: 1,
      outOfOrderness: 0,
    }
    const row = (change: Partial<GeneratorConfig>, partition: number) =>
      generatorRuntime
        .createGenerator(
          { ...settings, ...change },
          partition,
          START,
        )(0)
        .row.slice(1, 3)
    expect(row({ seed: 2 }, 0)).not.toEqual(row({}, 0))
    expect(row({}, 1)).not.toEqual(row({}, 0))
  })

  it('gives orders whose totals are the exact sum of their items', () => {
    const settings: GeneratorConfig = {
      template: 'orders',
      ratePerSecond: 1,
      partitions: 1,
      seed: 5,
      outOfOrderness: 0,
    }
    const generate = generatorRuntime.createGenerator(settings, 0, START)
    for (let i = 0; i < 500; i++) {
      const [, , items, total] = generate(i).row as [string, string, [string, number, number][], number]
      const cents = items.reduce((sum, [, qty, price]) => sum + qty * Math.round(price * 100), 0)
      expect(Math.round(total * 100)).toBe(cents)
    }
  })
})
