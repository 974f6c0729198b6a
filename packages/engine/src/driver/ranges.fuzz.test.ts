import { node, pipeline } from '@millrace/graph/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkProperty } from '../testing/check-property.ts'
import { catalogue, eventRecord, events, history, runtimes, sink, type TestEvent } from '../testing/index.ts'
import { arbitrarySchedule, carryOut } from '../testing/random-schedule.ts'
import { PlanDriver } from './plan-driver.ts'

const OUT_OF_ORDERNESS = 4

/** Events of one partition, in any order within the bound; several may have one time. */
const arrivals: fc.Arbitrary<readonly TestEvent[]> = fc
  .array(fc.record({ step: fc.nat(5), back: fc.nat(OUT_OF_ORDERNESS), key: fc.constantFrom('a', 'b') }), {
    maxLength: 40,
  })
  .map((steps) => {
    let most = -20
    return steps.map(({ step, back, key }, value) => {
      most += step
      return { at: most - back, key, value }
    })
  })

/** By going through all that came before. */
function expected(all: readonly TestEvent[], size: number): string[] {
  return all.map(({ at, key, value }, i) => {
    const known = all
      .slice(0, i + 1)
      .filter((other) => other.key === key && other.at <= at && other.at > at - size)
    return `${value} ${known.length}`
  })
}

describe('a node that reads its rows by range', () => {
  it('finds the rows that are there, over commits, crashes, and rows that are fetched as needed', () =>
    checkProperty(
      fc.asyncProperty(
        arrivals,
        fc.integer({ min: 1, max: 12 }),
        arbitrarySchedule,
        fc.boolean(),
        async (all, size, schedule, lazy) => {
          const graph = pipeline(
            [
              node('source', events, { ...events.defaults, outOfOrderness: OUT_OF_ORDERNESS }),
              node('history', history, { size }),
              node('out', sink),
            ],
            ['source → history', 'history → out'],
          )
          const driver = new PlanDriver({ graph, catalogue, runtimes, lazy })
          driver.feed(
            'source',
            0,
            all.map((one, offset) => eventRecord(one, offset)),
          )
          await carryOut(driver, schedule)
          await driver.settle(3)
          const rows = driver.results.messages.map(
            ({ message }) => JSON.parse(message.value ?? '') as TestEvent,
          )
          expect(rows.map(({ value, n }) => `${value} ${n}`)).toEqual(expected(all, size))
          await driver.finish()
          expect(driver.task({ stageId: 's1', task: 0 }).stateRows).toBe(0)
        },
      ),
      250,
    ))
})
