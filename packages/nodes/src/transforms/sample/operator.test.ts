import { createHash } from 'node:crypto'
import type { OperatorContext, Output, StreamRecord } from '@millrace/engine'
import { partitionOfKey } from '@millrace/engine'
import { describe, expect, it } from 'vitest'
import { stream } from '../../config/definitions.test-helper.ts'
import type { SampleConfig } from './definition.ts'
import { sampleRuntime } from './operator.ts'

const COUNT = 40_000
const input = stream({ user: 'string', v: 'int64' })

/** True for each record that a sample takes. */
function taken(
  change: Partial<SampleConfig>,
  records: readonly StreamRecord[],
  nodeId = 'node',
): readonly boolean[] {
  const config: SampleConfig = { by: 'events', percent: 10, key: ['user'], seed: 0, ...change }
  const operator = sampleRuntime.create(config, { nodeId, inputs: [input] } as unknown as OperatorContext)
  return records.map((record) => {
    let isTaken = false
    const out = { emit: () => (isTaken = true), drop() {} } as unknown as Output
    operator.process(record, 0, out)
    return isTaken
  })
}

/** Events of four partitions, of users with names that look like no other. */
const records = Array.from({ length: COUNT }, (_, i): StreamRecord => {
  const origin = { topic: 'orders', partition: i % 4, offset: Math.floor(i / 4) }
  const user = createHash('md5').update(String(i)).digest('hex')
  return { row: [user, i], time: i, sourceTime: i, origin }
})

function share(flags: readonly boolean[]): number {
  return flags.filter(Boolean).length / flags.length
}

/** Five standard deviations of the share of so many. */
function tolerance(percent: number, count: number): number {
  return 5 * Math.sqrt(((percent / 100) * (1 - percent / 100)) / count)
}

function expectShare(flags: readonly boolean[], percent: number): void {
  expect(Math.abs(share(flags) - percent / 100)).toBeLessThan(tolerance(percent, flags.length))
}

describe.each(['events', 'keys'] as const)('a sample by %s', (by) => {
  it.each([0.5, 10, 50, 99])('takes %s percent, of every partition and every stretch', (percent) => {
    const flags = taken({ by, percent }, records)
    expectShare(flags, percent)
    for (let partition = 0; partition < 4; partition++)
      expectShare(
        flags.filter((_, i) => i % 4 === partition),
        percent,
      )
    for (let from = 0; from < COUNT; from += COUNT / 8)
      expectShare(flags.slice(from, from + COUNT / 8), percent)
  })

  it('takes the same each time, and others with another seed', () => {
    const first = taken({ by }, records)
    expect(taken({ by }, records)).toEqual(first)
    const other = taken({ by, seed: 1 }, records)
    expectShare(
      first.map((flag, i) => flag && other[i] === true),
      1,
    )
  })

  it('takes a smaller share out of a larger one', () => {
    const large = taken({ by, percent: 20 }, records)
    expect(taken({ by, percent: 10 }, records).every((flag, i) => !flag || large[i])).toBe(true)
  })

  it('takes all of a hundred percent', () => {
    expect(share(taken({ by, percent: 100 }, records))).toBe(1)
  })
})

describe('a sample', () => {
  it('by events takes its share of what another one has taken', () => {
    const first = taken({}, records, 'one')
    const second = taken({}, records, 'two')
    expectShare(
      second.filter((_, i) => first[i]),
      10,
    )
  })

  it('by keys takes the same keys in another node, whatever else the events say', () => {
    const others = records.map((record) => ({
      ...record,
      row: [record.row[0] ?? null, 7],
      origin: null,
      time: 1,
    }))
    expect(taken({ by: 'keys' }, others, 'other')).toEqual(taken({ by: 'keys' }, records))
  })

  it('by keys takes its share of the keys of each partition', () => {
    const flags = taken({ by: 'keys' }, records)
    const partitionOf = (i: number) => partitionOfKey(Buffer.from(String(records[i]?.row[0])), 4)
    for (let partition = 0; partition < 4; partition++)
      expectShare(
        flags.filter((_, i) => partitionOf(i) === partition),
        10,
      )
  })

  it('by events takes what was made of several by its time and values', () => {
    const made = records.map((record) => ({ ...record, origin: null }))
    expectShare(taken({}, made), 10)
    expect(taken({}, made)).toEqual(taken({}, structuredClone(made)))
    const sameTime = made.map((record) => ({ ...record, time: 1 }))
    expectShare(taken({}, sameTime), 10)
    expect(taken({}, sameTime)).not.toEqual(taken({}, made))
  })

  it('by events takes all that comes from one place, or nothing', () => {
    const elements = records.slice(0, 100).flatMap((record) => [record, { ...record, row: ['x', 1] }])
    const flags = taken({ percent: 50 }, elements)
    expect(flags.every((flag, i) => i % 2 === 0 || flag === flags[i - 1])).toBe(true)
  })
})
