import { describe, expect, it } from 'vitest'
import { faultsArguments } from './faults-arguments.ts'

describe('the arguments of npm run faults', () => {
  it.each([
    [['demo-kill', '-t', 'FLUSHALL'], { vitest: ['demo-kill', '-t', 'FLUSHALL'], env: {} }],
    [['--seed', '7'], { vitest: ['storm.faults'], env: { MILLRACE_STORM_SEED: '7' } }],
    [
      ['fleet/membership', '--seed', '7'],
      { vitest: ['fleet/membership'], env: { MILLRACE_STORM_SEED: '7' } },
    ],
    [
      ['--seed', '7', '--events', '60000', '--kills', '5', '--bail=1'],
      {
        vitest: ['storm.faults', '--bail=1'],
        env: { MILLRACE_STORM_SEED: '7', MILLRACE_STORM_EVENTS: '60000', MILLRACE_STORM_KILLS: '5' },
      },
    ],
    [
      ['--long'],
      { vitest: ['storm.faults'], env: { MILLRACE_STORM_EVENTS: '10000000', MILLRACE_STORM_KILLS: '200' } },
    ],
    [
      ['--kills', '3', '--long'],
      { vitest: ['storm.faults'], env: { MILLRACE_STORM_EVENTS: '10000000', MILLRACE_STORM_KILLS: '3' } },
    ],
  ])('%j', (args, expected) => {
    expect(faultsArguments(args)).toEqual(expected)
  })

  it.each([[['--seed']], [['--events', 'many']], [['--kills', '-1']]])('%j lacks a number', (args) => {
    expect(() => faultsArguments(args)).toThrow(/needs a whole number/)
  })
})
